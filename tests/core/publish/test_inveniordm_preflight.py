"""What InvenioRDM would refuse, told before a byte is sent."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from doubles.inveniordm_parcels import FILES, METADATA, WEB, deposit, depositor, parcel, service
from doubles.inveniordm_store import READING_TOKEN, Store
from doubles.serving import Trouble, served
from recrate.model.deposit import Place
from recrate.model.finding import Finding, Severity
from recrate.publish.depositor import Surroundings
from recrate.publish.inveniordm import InvenioRDM
from recrate.publish.inveniordm_check import check_size
from recrate.publish.journal import Journal


@pytest.fixture
def running() -> Iterator[tuple[Store, int]]:
    """A double and its port."""
    store, app = service()
    with served(app) as port:
        yield store, port


def codes(found: tuple[Finding, ...]) -> list[tuple[Severity, str]]:
    """Return what was found, in short."""
    assert all(one.hint for one in found)
    return [(one.severity, one.code) for one in found]


def test_a_good_deposit_has_no_findings_and_makes_nothing(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    store, port = running
    assert depositor(port).preflight(parcel(tmp_path)) == ()
    assert not store.drafts
    assert {method for method, _, _ in store.seen} == {"GET"}


@pytest.mark.parametrize(
    ("changed", "subject"),
    [
        ({"title": "ab"}, "a title of three characters or more"),
        ({"resource_type": None}, "the type of the resource"),
        ({"publication_date": ""}, "the publication date"),
        ({"creators": []}, "a creator"),
        (
            {"creators": [{"person_or_org": {"type": "personal", "name": "山田 花子"}}]},
            "the family name of creator 1",
        ),
        (
            {"creators": [{"person_or_org": {"type": "organizational"}}]},
            "the name of creator 1",
        ),
    ],
)
def test_each_field_that_publishing_needs_is_named_and_is_really_needed(
    running: tuple[Store, int], tmp_path: Path, changed: dict[str, Any], subject: str
) -> None:
    store, port = running
    of = parcel(tmp_path, metadata={**METADATA, **changed})
    (found,) = depositor(port).preflight(of)
    assert (found.code, found.severity, found.subject) == (
        "inveniordm-field", Severity.ERROR, subject,
    )  # fmt: skip
    with pytest.raises(Exception, match="metadata"):
        deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert not store.records


def test_no_licence_is_a_warning_and_an_unknown_one_an_error(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    _, port = running
    bare = parcel(tmp_path, metadata={**METADATA, "rights": []})
    assert codes(depositor(port).preflight(bare)) == [(Severity.WARNING, "inveniordm-no-licence")]
    odd = parcel(tmp_path, metadata={**METADATA, "rights": [{"id": "odd-1.0"}]})
    assert codes(depositor(port).preflight(odd)) == [(Severity.ERROR, "inveniordm-licence")]


def test_access_that_loses_something_is_told(running: tuple[Store, int], tmp_path: Path) -> None:
    _, port = running
    cases: list[tuple[dict[str, Any], list[tuple[Severity, str]]]] = [
        (
            {"record": "public", "files": "restricted"},
            [(Severity.NOTE, "inveniordm-files-restricted")],
        ),
        (
            {"record": "restricted", "files": "restricted"},
            [(Severity.WARNING, "inveniordm-no-doi")],
        ),
        (_embargo("2026-11-21"), [(Severity.ERROR, "inveniordm-embargo")]),
        (_embargo("soon"), [(Severity.ERROR, "inveniordm-embargo")]),
        (_embargo("2026-11-22"), []),
    ]
    for access, wanted in cases:
        assert codes(depositor(port).preflight(parcel(tmp_path, access=access))) == wanted


def _embargo(until: str) -> dict[str, Any]:
    return {
        "record": "public", "files": "restricted",
        "embargo": {"active": True, "until": until, "reason": "a paper comes first"},
    }  # fmt: skip


def test_a_token_that_does_not_do_is_told(running: tuple[Store, int], tmp_path: Path) -> None:
    _, port = running
    found = depositor(port, token="n0nsense").preflight(parcel(tmp_path))
    assert codes(found) == [(Severity.ERROR, "inveniordm-token")]
    assert "deposit:write" in found[0].hint
    assert codes(depositor(port, token=READING_TOKEN).preflight(parcel(tmp_path))) == []


def test_a_community_and_an_earlier_version_that_are_not_there_are_told(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    _, port = running
    lost = parcel(tmp_path, answers={"community": "nobody"})
    assert codes(depositor(port).preflight(lost)) == [(Severity.ERROR, "inveniordm-community")]
    late = parcel(tmp_path, new_version_of="10.5072/none")
    assert codes(depositor(port).preflight(late)) == [(Severity.ERROR, "inveniordm-record")]


def test_a_repository_that_is_silent_or_busy_is_a_note(tmp_path: Path) -> None:
    assert codes(depositor(1).preflight(parcel(tmp_path))) == [(Severity.NOTE, "inveniordm-silent")]
    _, app = service()
    for status in (429, 503):
        planned = ("GET", "/user/records", status, {"Retry-After": "900"})
        trouble = Trouble(app, [planned] * 4)
        with served(trouble) as port:
            found = depositor(port).preflight(parcel(tmp_path))
        assert codes(found) == [(Severity.NOTE, "inveniordm-silent")]


def test_zenodos_limits_are_kept(tmp_path: Path) -> None:
    around = Surroundings(web=WEB, secret=None, today="2026-11-21", agent="recrate")
    place = Place(name="zenodo", kind="inveniordm", answers={"url": "https://zenodo.org/"})
    limits = InvenioRDM(place, around).about.capabilities
    large = replace(parcel(tmp_path), size_bytes=50 * 10**9 + 1)
    assert [one.code for one in check_size(large, "zip", limits)] == ["inveniordm-size"]
    many = parcel(tmp_path, files={**FILES, **{f"data/{n}.csv": b"1" for n in range(97)}})
    assert [one.code for one in check_size(many, "files", limits)] == ["inveniordm-many-files"]
    assert list(check_size(many, "zip", limits)) == []
