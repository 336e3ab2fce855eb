"""The SPDX licences to choose from: those that suit a study first."""

import functools
from dataclasses import dataclass
from typing import Any

from license_expression import get_license_index

RECOMMENDED = {
    "CC-BY-4.0": "Creative Commons Attribution 4.0 International",
    "CC0-1.0": "Creative Commons Zero 1.0 Universal",
    "MIT": "MIT License",
    "BSD-3-Clause": 'BSD 3-Clause "New" or "Revised" License',
    "Apache-2.0": "Apache License 2.0",
    "GPL-3.0-or-later": "GNU General Public License 3.0 or later",
    "CC-BY-SA-4.0": "Creative Commons Attribution Share Alike 4.0 International",
    "CC-BY-NC-4.0": "Creative Commons Attribution Non Commercial 4.0 International",
}
"""Open licences for text, data and code, most usual first; the names are those of the SPDX list."""

_NAMES = {
    "0BSD": "BSD Zero Clause License",
    "AGPL-3.0-only": "GNU Affero General Public License 3.0 only",
    "AGPL-3.0-or-later": "GNU Affero General Public License 3.0 or later",
    "Artistic-2.0": "Artistic License 2.0",
    "BSD-2-Clause": 'BSD 2-Clause "Simplified" License',
    "BSL-1.0": "Boost Software License 1.0",
    "CC-BY-NC-SA-4.0": "Creative Commons Attribution Non Commercial Share Alike 4.0 International",
    "CC-BY-ND-4.0": "Creative Commons Attribution No Derivatives 4.0 International",
    "CECILL-2.1": "CeCILL Free Software License Agreement 2.1",
    "EPL-2.0": "Eclipse Public License 2.0",
    "EUPL-1.2": "European Union Public License 1.2",
    "GPL-2.0-only": "GNU General Public License 2.0 only",
    "GPL-2.0-or-later": "GNU General Public License 2.0 or later",
    "GPL-3.0-only": "GNU General Public License 3.0 only",
    "ISC": "ISC License",
    "LGPL-2.1-only": "GNU Lesser General Public License 2.1 only",
    "LGPL-2.1-or-later": "GNU Lesser General Public License 2.1 or later",
    "LGPL-3.0-only": "GNU Lesser General Public License 3.0 only",
    "LGPL-3.0-or-later": "GNU Lesser General Public License 3.0 or later",
    "MPL-2.0": "Mozilla Public License 2.0",
    "ODC-By-1.0": "Open Data Commons Attribution License 1.0",
    "ODbL-1.0": "Open Data Commons Open Database License 1.0",
    "PDDL-1.0": "Open Data Commons Public Domain Dedication and License 1.0",
    "Unlicense": "The Unlicense",
    "Zlib": "zlib License",
}
"""The index holds identifiers only; of what is not here, the identifier is the name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A licence: its SPDX identifier, its name in English, and where its text can be read."""

    id: str
    name: str
    recommended: bool
    url: str


def find_licences(query: str, limit: int) -> list[Licence]:
    """Return at most `limit` licences that hold every word of `query`, recommended ones first."""
    words = query.casefold().split()
    found = []
    for licence in _all():
        text = f"{licence.id} {licence.name}".casefold()
        if all(word in text for word in words):
            found.append(licence)
            if len(found) == limit:
                break
    return found


@functools.cache
def _all() -> tuple[Licence, ...]:
    """Return the SPDX list without deprecated licences and exceptions, best known first."""
    index: list[dict[str, Any]] = get_license_index()
    known = {
        one["spdx_license_key"]
        for one in index
        if (one.get("spdx_license_key") or "LicenseRef-").startswith("LicenseRef-") is False
        and not one["is_deprecated"]
        and not one["is_exception"]
    }
    order = [*RECOMMENDED, *sorted(_NAMES), *sorted(known, key=str.casefold)]
    return tuple(_licence(name) for name in dict.fromkeys(order) if name in known)


def _licence(identifier: str) -> Licence:
    return Licence(
        id=identifier,
        name=RECOMMENDED.get(identifier) or _NAMES.get(identifier) or identifier,
        recommended=identifier in RECOMMENDED,
        url=f"https://spdx.org/licenses/{identifier}.html",
    )
