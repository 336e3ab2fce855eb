"""What is wrong with a description is said at its field."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from recrate.metadata.checking import check_description
from recrate.metadata.dates import is_date
from recrate.model.common_terms import COMMON_TERMS
from recrate.model.finding import Severity
from recrate.model.study import (
    Access,
    AccessRight,
    Description,
    Funding,
    Language,
    Organisation,
    Person,
    Related,
    RestrictedFile,
    Translation,
)
from recrate.model.terms import COAR, TERMS

ORCID = "https://orcid.org/0000-0002-1825-0097"


def told(**fields):
    said = Description(**{"title": "t", "description": "d", **fields})
    return {(one.field, one.code) for one in check_description(said)}


def test_a_description_in_order_has_no_complaint():
    said = Description(
        title="t",
        description="d",
        creators=(
            Person(
                name="A",
                identifier="0000-0002-1825-0097",
                email="a@lab.org",
                erad_number="12345678",
                affiliation=Organisation(name="NII", identifier="https://ror.org/04ksd4g47"),
            ),
        ),
        licence="MIT OR Apache-2.0",
        published="2024-05",
        related=(Related(url="10.1234/x"),),
        funding=(
            Funding(
                funder=Organisation(
                    name="JSPS", identifier="https://doi.org/10.13039/501100001691"
                ),
                award_number="JP20H00001",
            ),
        ),
        access=Access(right=AccessRight.EMBARGOED, available="2027-04-01"),
    )
    assert check_description(said) == ()


def test_an_empty_description_is_told_what_others_will_miss():
    found = check_description(Description(title=" ", description=""))
    assert [(one.field, one.severity) for one in found] == [
        ("title", Severity.WARNING),
        ("description", Severity.WARNING),
        ("creators", Severity.WARNING),
        ("licence", Severity.WARNING),
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"creators": (Person(name=""),)}, ("creators.0.name", "no-name")),
        ({"creators": (Person(name="A"), Person(name="B", identifier=ORCID[:-1] + "8"))},
         ("creators.1.identifier", "invalid-orcid")),
        ({"creators": (Person(name="A", identifier=ORCID), Person(name="B", identifier=ORCID))},
         ("creators.1.identifier", "duplicate")),
        ({"creators": (Person(name="A", email="a@b"),)}, ("creators.0.email", "invalid-mail")),
        ({"creators": (Person(name="A", erad_number="1234567８"),)},
         ("creators.0.erad_number", "invalid-erad")),
        ({"creators": (Person(name="A", affiliation=Organisation(
            name="N", identifier="https://ror.org/04ksd4g48")),)},
         ("creators.0.affiliation.identifier", "invalid-ror")),
        ({"creators": (Person(name="A", affiliation=Organisation(name="")),)},
         ("creators.0.affiliation.name", "no-name")),
        ({"licence": "MIT or so"}, ("licence", "invalid-licence")),
        ({"published": "2024-02-30"}, ("published", "invalid-date")),
        ({"language": Language.JAPANESE,
          "translations": (Translation(language=Language.JAPANESE),)},
         ("translations.0.language", "same-language")),
        ({"related": (Related(url="10.1/x"),)}, ("related.0.url", "invalid-related")),
        ({"related": (Related(url="https://me:pw@e.org/"),)},
         ("related.0.url", "invalid-related")),
        ({"related": (Related(url="10.1234/x"), Related(url="https://doi.org/10.1234/x"))},
         ("related.1.url", "duplicate")),
        ({"funding": (Funding(award_number="1"),)}, ("funding.0.funder.name", "no-funder")),
        ({"funding": (Funding(funder=Organisation(name="F", identifier="10.5281/1")),)},
         ("funding.0.funder.identifier", "invalid-funder")),
        ({"funding": (Funding(award_number="JP 20-H00001"),)},
         ("funding.0.award_number", "invalid-award")),
        ({"access": Access(right=AccessRight.EMBARGOED)},
         ("access.available", "no-embargo-date")),
        ({"access": Access(right=AccessRight.OPEN, available="2027-4-1")},
         ("access.available", "invalid-date")),
        ({"access": Access(right=AccessRight.SHARED)}, ("access.conditions", "no-conditions")),
        ({"access": Access(right=AccessRight.SHARED)}, ("access.contact", "no-contact")),
        ({"restricted": (RestrictedFile(path="../x"),)},
         ("restricted.0.path", "restricted-path")),
        ({"restricted": (RestrictedFile(path="a.ipynb"),)},
         ("restricted.0.path", "restricted-notebook")),
        ({"restricted": (RestrictedFile(path="x", access=AccessRight.OPEN),)},
         ("restricted.0.access", "invalid-access")),
        ({"restricted": (RestrictedFile(path="x", landing_page="ftp://x"),)},
         ("restricted.0.landing_page", "invalid-address")),
        ({"restricted": (RestrictedFile(path="x"), RestrictedFile(path="./x/"))},
         ("restricted.1.path", "duplicate")),
    ],
)  # fmt: skip
def test_each_mistake_is_said_at_its_field(fields, expected):
    assert expected in told(**fields)


def test_a_restricted_file_that_is_not_there_is_an_error(tmp_path):
    said = Description(title="t", description="d", restricted=(RestrictedFile(path="data/x"),))
    missing = ("restricted.0.path", "restricted-missing")
    found = {(one.field, one.code) for one in check_description(said, root=tmp_path)}
    assert missing in found
    (tmp_path / "data" / "x").mkdir(parents=True)
    found = {(one.field, one.code) for one in check_description(said, root=tmp_path)}
    assert missing not in found


def test_dates_are_those_of_the_calendar():
    assert is_date("2024-02-29")
    assert not is_date("2023-02-29")
    assert not is_date("2024-02")
    assert is_date("2024-02", whole=False)
    assert not is_date("２０２４-01-01")
    assert not is_date("2024-01-01T00:00")


def test_every_code_of_the_description_stands_in_the_documents():
    folder = Path(__file__).parents[3]
    page = (folder / "docs" / "findings.md").read_text(encoding="utf-8")
    rooms = sorted((folder / "crates" / "recrate" / "metadata").glob("*.py"))
    found = {
        code
        for file in rooms
        if file.name != "checking.py"
        for code in re.findall(
            r"(?:Severity\.\w+,\s+|_tell\(\s*)\"([a-z]+(?:-[a-z]+)+)\"", file.read_text("utf-8")
        )
    }
    assert {"invalid-orcid", "restricted-missing", "restricted-copy"} <= found
    assert [code for code in sorted(found) if f"| `{code}` |" not in page] == []


def test_every_term_that_is_written_stands_in_the_documents():
    page = (Path(__file__).parents[3] / "docs" / "metadata.md").read_text(encoding="utf-8")
    for name, address in {**TERMS, **COMMON_TERMS}.items():
        assert f"| `{name}` | `{address}` |" in page
    for right, (address, name) in COAR.items():
        assert re.search(rf"\| `{right}` \| .* \| {name}, `{address.rpartition('/')[2]}` \|", page)
    for field in fields(Description):
        if field.name not in {"references", "sources", "findings"}:
            assert f"`{field.name}" in page, field.name
