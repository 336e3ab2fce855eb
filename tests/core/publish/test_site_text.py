"""What strangers write, made fit for a line, an address and the name of a folder."""

import re

from hypothesis import given
from hypothesis import strategies as st

from recrate.publish.site_text import line, plain, slug_of, web_address


@given(st.text(max_size=300))
def test_an_address_is_a_web_address_without_signs_of_any_configuration(text: str) -> None:
    for told in (text, f"https://example.org/{text}"):
        address = web_address(told)
        if address is not None:
            assert re.fullmatch(r"https?://[A-Za-z0-9/:?#\[\]@!&()*+,;=~%._-]*", address)


@given(st.text(max_size=300))
def test_a_line_has_no_end_and_a_slug_is_a_plain_folder(text: str) -> None:
    assert "\n" not in line(text)
    assert plain(plain(text)) == plain(text)
    assert re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?", slug_of(text))
