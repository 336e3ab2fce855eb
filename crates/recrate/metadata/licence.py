"""Licences: recognised by their text or name, checked against the SPDX list."""

import functools
import re
from typing import Any

_URLS = (
    (r"creativecommons\.org/licenses/(by(?:-nc)?(?:-sa|-nd)?)/([\d.]+)", "CC-{0}-{1}"),
    (r"creativecommons\.org/publicdomain/zero/([\d.]+)", "CC0-{0}"),
    (r"spdx\.org/licenses/([\w.+-]+?)(?:\.html|\.json)?/?$", "{0}"),
    (r"opensource\.org/licenses?/(?:licenses/)?([\w.+-]+?)(?:\.php|\.html)?/?$", "{0}"),
    (r"apache\.org/licenses/LICENSE-2\.0", "Apache-2.0"),
    (r"gnu\.org/licenses/gpl-3\.0", "GPL-3.0-only"),
    (r"gnu\.org/licenses/(?:old-licenses/)?gpl-2\.0", "GPL-2.0-only"),
    (r"mozilla\.org/(?:en-US/)?MPL/2\.0", "MPL-2.0"),
)
_NAMES = {
    "mit license": "MIT", "the mit license": "MIT", "expat": "MIT", "mit licence": "MIT",
    "bsd 3-clause": "BSD-3-Clause",
    "new bsd": "BSD-3-Clause", "bsd-3": "BSD-3-Clause", "3-clause bsd": "BSD-3-Clause",
    "bsd-2": "BSD-2-Clause", "simplified bsd": "BSD-2-Clause", "bsd 2-clause": "BSD-2-Clause",
    "apache 2.0": "Apache-2.0", "apache license 2.0": "Apache-2.0", "apache2": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "gplv3": "GPL-3.0-only", "gpl-3": "GPL-3.0-only", "gpl 3": "GPL-3.0-only",
    "gplv2": "GPL-2.0-only", "gpl-2": "GPL-2.0-only", "gplv3+": "GPL-3.0-or-later",
    "lgplv3": "LGPL-3.0-only", "mpl 2.0": "MPL-2.0", "cc0": "CC0-1.0", "cc-zero": "CC0-1.0",
    "cc by 4.0": "CC-BY-4.0", "cc-by": "CC-BY-4.0", "cc-by-4": "CC-BY-4.0",
    "cc by-sa 4.0": "CC-BY-SA-4.0", "cc-by-sa": "CC-BY-SA-4.0", "the unlicense": "Unlicense",
    "isc license": "ISC", "cc by-nc 4.0": "CC-BY-NC-4.0", "cc-by-nc": "CC-BY-NC-4.0",
}  # fmt: skip

_TEXTS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("CC-BY-NC-SA-4.0", ("attribution-noncommercial-sharealike 4.0 international",), ()),
    ("CC-BY-NC-ND-4.0", ("attribution-noncommercial-noderivatives 4.0 international",), ()),
    ("CC-BY-NC-4.0", ("attribution-noncommercial 4.0 international",), ()),
    ("CC-BY-ND-4.0", ("attribution-noderivatives 4.0 international",), ()),
    ("CC-BY-SA-4.0", ("attribution-sharealike 4.0 international",), ()),
    ("CC-BY-4.0", ("attribution 4.0 international",), ()),
    ("CC0-1.0", ("cc0 1.0 universal",), ()),
    ("CC0-1.0", ("creative commons", "cc0", "waive"), ()),
    ("Apache-2.0", ("apache license", "version 2.0"), ()),
    ("MPL-2.0", ("mozilla public license", "2.0"), ()),
    ("AGPL-3.0", ("gnu affero general public license", "version 3"), ()),
    ("LGPL-3.0", ("gnu lesser general public license", "version 3"), ()),
    ("LGPL-2.1", ("gnu lesser general public license", "version 2.1"), ()),
    ("GPL-3.0", ("gnu general public license", "version 3"), ()),
    ("GPL-2.0", ("gnu general public license", "version 2"), ()),
    ("Unlicense", ("this is free and unencumbered software released into the public domain",), ()),
    ("EUPL-1.2", ("european union public licence", "1.2"), ()),
    ("BSL-1.0", ("boost software license", "version 1.0"), ()),
    (
        "BSD-3-Clause",
        ("redistribution and use in source and binary forms", "endorse or promote"),
        ("acknowledg",),
    ),
    (
        "BSD-2-Clause",
        ("redistribution and use in source and binary forms", "this list of conditions"),
        ("endorse", "acknowledg"),
    ),
    (
        "MIT",
        ("permission is hereby granted, free of charge", "the above copyright notice"),
        ("advertising",),
    ),
    ("ISC", ("permission to use, copy, modify, and", "with or without fee is hereby granted"), ()),
)  # fmt: skip
"""(licence, what its text must hold, what it must not); the first that fits counts."""


def spdx(written: str) -> str | None:
    """Return a licence as people write it as an SPDX expression, or None when it is none."""
    text = written.strip()
    for pattern, shape in _URLS:
        match = re.search(pattern, text, re.IGNORECASE)
        if match:
            text = shape.format(*(part.upper() for part in match.groups()))
            break
    named = _NAMES.get(text.lower())
    return _checked(named or text)


def recognise(text: str) -> str | None:
    """Return the SPDX identifier of a licence's full text, or None."""
    plain = re.sub(r"[\s*#>_=]+", " ", text[:60_000]).lower()
    plain = plain.replace("“", '"').replace("”", '"')
    head = plain[:4000]
    declared = re.search(r"spdx-license-identifier: ([\w.+-]+)", plain)
    if declared and (known := spdx(declared[1])):
        return known
    for name, wanted, unwanted in _TEXTS:
        within = head if name.startswith(("CC", "GPL", "LGPL", "AGPL", "MPL", "Apache")) else plain
        if all(one in within for one in wanted) and not any(one in plain for one in unwanted):
            return _gnu(name, plain)
    return None


def keys_of(licence: str) -> tuple[str, ...]:
    """Return the SPDX identifiers that an expression names; none where it is no SPDX expression."""
    import license_expression  # noqa: PLC0415 - as below

    try:
        parsed = _licensing().parse(licence, validate=True, strict=True)
    except (license_expression.ExpressionError, ValueError, AttributeError, TypeError,
            RecursionError):  # fmt: skip
        return ()
    return tuple(_licensing().license_keys(parsed)) if parsed is not None else ()


def _gnu(name: str, plain: str) -> str:
    """Add `only` or `or-later`: the text is the same, a notice before it says which."""
    if "GPL" not in name:
        return name
    notice = plain.split("how to apply these terms", maxsplit=1)[0]
    later = "software foundation; either version" in notice and "any later version" in notice
    return f"{name}-{'or-later' if later else 'only'}"


def _checked(text: str) -> str | None:
    import license_expression  # noqa: PLC0415 - its index is read only for studies that name one

    if not text or len(text) > 200:
        return None
    try:
        parsed = _licensing().parse(text, validate=True, strict=True)
    except (license_expression.ExpressionError, license_expression.ExpressionParseError, ValueError,
            AttributeError, TypeError, RecursionError):  # fmt: skip
        return None
    if parsed is None:
        return None
    return _current(str(parsed))


def _current(expression: str) -> str:
    """Return deprecated GNU identifiers in their present form: `GPL-3.0` says `only`."""

    def renewed(match: re.Match[str]) -> str:
        return f"{match[1]}-{'or-later' if match[2] else 'only'}"

    return re.sub(r"\b((?:A|L)?GPL-\d\.\d)(\+)?(?![\w.+-])", renewed, expression)


@functools.cache
def _licensing() -> Any:
    from license_expression import get_spdx_licensing  # noqa: PLC0415

    return get_spdx_licensing()
