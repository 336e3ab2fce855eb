"""DataCite, before anything is sent: what is refused, what is told, and how a DOI looks."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datacite_bench import ATTRIBUTES, Bench
from doubles.datacite import ACCOUNT, PREFIX, datacite
from doubles.serving import Trouble, served
from recrate.model.errors import BadInput
from recrate.model.finding import Severity
from recrate.model.progress import silent
from recrate.model.secret import Secret
from recrate.publish.datacite import DataCite, account_of
from recrate.publish.datacite_metadata import doi_of


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    app = datacite()
    trouble = Trouble(app)
    with served(trouble) as port:
        yield Bench(tmp_path, app, trouble, port)


def test_preflight_has_nothing_to_say_of_a_whole_record(bench: Bench) -> None:
    assert bench.depositor().preflight(bench.parcel()) == ()


def codes(bench: Bench, make: Callable[[], DataCite], **more: Any) -> dict[str, Severity]:
    """Return what preflight says, by code."""
    return {one.code: one.severity for one in make().preflight(bench.parcel(**more))}


@pytest.mark.parametrize("missing", ["creators", "titles", "publicationYear", "types"])
def test_preflight_names_what_datacite_wants(bench: Bench, missing: str) -> None:
    told = {name: value for name, value in ATTRIBUTES.items() if name != missing}
    found = list(bench.depositor().preflight(bench.parcel(attributes=told)))
    assert [(one.code, one.severity) for one in found] == [("datacite-missing", Severity.ERROR)]
    assert (found[0].subject or "").startswith(missing)


def test_preflight_warns_of_a_publisher_that_nobody_named(bench: Bench) -> None:
    found = codes(bench, lambda: bench.depositor(publisher=""))
    assert found == {"datacite-unknown": Severity.WARNING}


def test_preflight_tells_a_wrong_account_from_a_wrong_prefix(bench: Bench) -> None:
    wrong = codes(bench, lambda: bench.depositor(f"{ACCOUNT}:guessed"))
    assert wrong == {"datacite-token": Severity.ERROR}
    assert codes(bench, lambda: bench.depositor(None)) == {"datacite-token": Severity.ERROR}
    other = codes(bench, lambda: bench.depositor(prefix="10.99999"))
    assert other == {"datacite-prefix": Severity.ERROR}


def test_preflight_of_a_silent_service_is_a_note(bench: Bench) -> None:
    bench.trouble.planned += [("GET", "/prefixes", 500, {})] * 10
    assert codes(bench, bench.depositor) == {"datacite-silent": Severity.NOTE}


def test_a_site_without_a_public_address_gets_no_doi(bench: Bench) -> None:
    with pytest.raises(BadInput, match="public address"):
        bench.depositor(url="")


@pytest.mark.parametrize("prefix", ["", "10", "11.12345", "10.12345/abc", "10.1234567"])
def test_what_is_no_prefix_is_refused(bench: Bench, prefix: str) -> None:
    with pytest.raises(BadInput, match="prefix"):
        bench.depositor(prefix=prefix)


@pytest.mark.parametrize("api", ["http://api.example.org/", "ftp://x/", "api.datacite.org"])
def test_a_password_goes_over_https_only(bench: Bench, api: str) -> None:
    with pytest.raises(BadInput, match="API"):
        bench.depositor(api=api)


@pytest.mark.parametrize("token", ["no-colon", ":f00tball", "KYOTO:"])
def test_a_token_of_another_form_is_refused_without_being_told(token: str) -> None:
    with pytest.raises(BadInput) as caught:
        account_of(Secret(token))
    assert token not in f"{caught.value}{caught.value.hint}"


def test_an_empty_document_for_datacite_is_refused(bench: Bench) -> None:
    bare = replace(bench.parcel(), documents={})
    with pytest.raises(BadInput, match="cannot be read"):
        bench.depositor().deposit(bare, bench.journal(), silent)


LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


def fits(doi: str) -> bool:
    """Say whether the check digits are right. Source: ISO 7064, MOD 97-10."""
    signs = doi.partition("/")[2].replace("-", "")
    number = 0
    for sign in signs[:8]:
        number = number * 32 + LETTERS.index(sign)
    return (number * 100 + int(signs[8:])) % 97 == 1


@given(st.text(min_size=1, max_size=40), st.integers(0, 9), st.sampled_from(LETTERS))
def test_a_doi_is_short_and_one_wrong_sign_is_noticed(mark: str, at: int, sign: str) -> None:
    doi = doi_of(PREFIX, mark)
    assert re.fullmatch(r"10\.12345/[0-9a-hj-km-np-tv-z]{4}-[0-9a-hj-km-np-tv-z]{4}-\d\d", doi)
    assert fits(doi)
    place = [9, 10, 11, 12, 14, 15, 16, 17, 19, 20][at]
    meant = sign if place < 18 else str(LETTERS.index(sign) % 10)
    if doi[place] != meant:
        assert not fits(doi[:place] + meant + doi[place + 1 :])
