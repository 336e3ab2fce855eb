"""Licences as people write them, and by their text."""

import pytest

from recrate.metadata.licence import recognise, spdx
from recrate.metadata.people import orcid_url, ror_url

BSD = (
    "Redistribution and use in source and binary forms, with or without modification, are "
    "permitted provided that the following conditions are met: this list of conditions"
)


@pytest.mark.parametrize(
    ("written", "expression"),
    [
        ("MIT", "MIT"),
        ("mit license", "MIT"),
        ("CC-BY-4.0", "CC-BY-4.0"),
        ("cc-by-4.0", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by-sa/4.0/", "CC-BY-SA-4.0"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://spdx.org/licenses/Apache-2.0", "Apache-2.0"),
        ("https://spdx.org/licenses/BSD-3-Clause.html", "BSD-3-Clause"),
        ("https://opensource.org/licenses/MIT", "MIT"),
        ("GPL-3.0", "GPL-3.0-only"),
        ("GPL-3.0+", "GPL-3.0-or-later"),
        ("GPL-2.0-or-later", "GPL-2.0-or-later"),
        ("MIT OR Apache-2.0", "MIT OR Apache-2.0"),
        ("BSD", None),
        ("free", None),
        ("", None),
        ("(" * 150, None),
        ("MIT AND", None),
        ("x" * 10_000, None),
    ],
)
def test_names_and_addresses_become_spdx_or_nothing(written, expression):
    assert spdx(written) == expression


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        (BSD, "BSD-2-Clause"),
        (BSD + " neither the name… may be used to endorse or promote products", "BSD-3-Clause"),
        ("Apache License\n   Version 2.0, January 2004", "Apache-2.0"),
        ("GNU GENERAL PUBLIC LICENSE\n  Version 3, 29 June 2007", "GPL-3.0-only"),
        (
            "either version 3 of the License, or (at your option) any later version of the GNU "
            "General Public License as published by the Free Software Foundation; either version 3",
            "GPL-3.0-or-later",
        ),
        ("GNU LESSER GENERAL PUBLIC LICENSE Version 3", "LGPL-3.0-only"),
        ("Mozilla Public License Version 2.0", "MPL-2.0"),
        ("CC0 1.0 Universal", "CC0-1.0"),
        ("Creative Commons Attribution 4.0 International Public License", "CC-BY-4.0"),
        ("Attribution-ShareAlike 4.0 International", "CC-BY-SA-4.0"),
        ("Attribution-NonCommercial 4.0 International", "CC-BY-NC-4.0"),
        (
            "This is free and unencumbered software released into the public domain.",
            "Unlicense",
        ),
        ("SPDX-License-Identifier: ISC", "ISC"),
        ("I wrote this.", None),
        ("", None),
    ],
)
def test_texts_are_recognised(text, expression):
    assert recognise(text) == expression


def test_identifiers_of_people_and_places_have_their_check_digits():
    assert orcid_url("0000-0002-1825-0097") == "https://orcid.org/0000-0002-1825-0097"
    assert orcid_url("http://orcid.org/0000-0002-1694-233x") == (
        "https://orcid.org/0000-0002-1694-233X"
    )
    assert orcid_url("0000-0002-1825-0096") is None
    assert orcid_url("someone") is None
    assert ror_url("02mhbdp94") == "https://ror.org/02mhbdp94"
    assert ror_url("https://ror.org/02mhbdp95") is None
    assert ror_url("https://example.org/") is None
