"""What a person typed is kept in the study's own file, comes back, and harms nothing there."""

import json
import string
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from recrate.crate.profile import Contexts, check_profile
from recrate.metadata.describe import describe, describe_as_typed
from recrate.metadata.keeping import keep_description
from recrate.metadata.looking import look
from recrate.metadata.own_crate import entities_of
from recrate.metadata.references import refer
from recrate.model.errors import BadInput
from recrate.model.study import (
    Access,
    AccessRight,
    Description,
    Funding,
    Language,
    Organisation,
    Person,
    Related,
    Relation,
    RestrictedFile,
    Translation,
)

OFFICIAL = Path(__file__).resolve().parents[4] / "shared/data/ro-crate"
ORCID = "https://orcid.org/0000-0002-1825-0097"
OTHER_ORCID = "https://orcid.org/0000-0001-5109-3700"
ROR = "https://ror.org/04ksd4g47"

FULL = Description(
    title="Growth of peas",
    description="How peas grow in the shade of a wall, told by twelve notebooks.",
    language=Language.ENGLISH,
    translations=(
        Translation(language=Language.JAPANESE, title="豌豆の成長", description="日陰の豌豆"),
    ),
    creators=(
        Person(
            name="Hanako Yamada",
            alternate_name="山田 花子",
            given_name="Hanako",
            family_name="Yamada",
            identifier=ORCID,
            erad_number="12345678",
            email="hanako@example.ac.jp",
            affiliation=Organisation(
                name="Institute of Peas", alternate_name="豌豆研究所", identifier=ROR
            ),
        ),
        Person(name="Taro, who writes a comma", affiliation=Organisation(name="A farm")),
    ),
    licence="MIT OR Apache-2.0",
    keywords=("peas, green", "shade"),
    published="2024-05-06",
    version="1.2",
    related=(
        Related(
            url="https://doi.org/10.1234/paper", relation=Relation.IS_SUPPLEMENT_TO, title="Peas"
        ),
        Related(url="https://doi.org/10.1234/cited"),
        Related(url="https://doi.org/10.1234/data", relation=Relation.IS_DERIVED_FROM),
    ),
    funding=(
        Funding(
            funder=Organisation(name="JST", identifier="https://ror.org/00097mb19"),
            award_number="JPMJCR1234",
            award_title="Green peas",
        ),
        Funding(
            funder=Organisation(name="A fund", identifier="https://doi.org/10.13039/501100001691")
        ),
    ),
    access=Access(
        right=AccessRight.EMBARGOED,
        available="2027-04-01",
        conditions="After the thesis",
        contact="library@example.ac.jp",
    ),
    restricted=(
        RestrictedFile(
            path="data/patients.csv",
            conditions="For studies with an ethics vote",
            landing_page="https://example.ac.jp/patients",
            contact="Data office",
        ),
        RestrictedFile(path="private", access=AccessRight.CLOSED),
    ),
)


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "study"
    (folder / "data").mkdir(parents=True)
    (folder / "private").mkdir()
    (folder / "data" / "patients.csv").write_text("a,b\n")
    (folder / "private" / "letter.txt").write_text("dear\n")
    return folder


def document(root):
    return json.loads((root / "ro-crate-metadata.json").read_text(encoding="utf-8"))


def fields(description):
    """What keeping promises to give back; references, sources and findings are not written."""
    return replace(description, references=(), sources=None, findings=())


def test_all_that_was_typed_comes_back(root):
    keep_description(root, FULL)
    assert fields(describe(root, look(root))) == FULL


def test_keeping_it_again_changes_no_byte(root):
    target = keep_description(root, FULL)
    once = target.read_bytes()
    keep_description(root, describe_as_typed(root, look(root)))
    assert target.read_bytes() == once
    assert [path.name for path in root.iterdir() if path.name.startswith(".")] == []


def test_the_file_is_what_ro_crate_requires(root):
    if not OFFICIAL.is_dir():
        pytest.skip(f"the official RO-Crate contexts are not at {OFFICIAL}")
    (root / "levels.csv").write_text("1")
    refer(root, "levels.csv", "https://example.org/levels.csv")
    keep_description(root, FULL)
    assert check_profile(document(root), contexts=Contexts(folder=OFFICIAL)) == ()


words = some.text(
    some.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1
).map(lambda text: " ".join(text.split())).filter(bool)  # fmt: skip
perhaps = some.none() | words
slugs = some.text(string.ascii_letters + string.digits, min_size=1, max_size=6)
links = slugs.map(lambda slug: f"https://example.org/{slug}")
RORS = (None, ROR, "https://ror.org/01g5y5k24", "https://ror.org/057zh3y96")
organisations = some.builds(
    Organisation, name=words, identifier=some.sampled_from(RORS), alternate_name=perhaps
)
creators = some.lists(
    some.builds(
        Person,
        name=words,
        given_name=perhaps,
        family_name=perhaps,
        identifier=some.sampled_from((None, ORCID, OTHER_ORCID)),
        email=some.sampled_from((None, "a@lab.org")),
        affiliation=some.none() | organisations,
        alternate_name=perhaps,
        erad_number=some.sampled_from((None, "12345678")),
    ),
    max_size=3,
    unique=True,
).map(tuple)
related = some.lists(
    some.builds(Related, url=links, relation=some.sampled_from(Relation), title=perhaps),
    max_size=4,
    unique_by=lambda one: one.url,
).map(lambda found: tuple(sorted(found, key=lambda one: one.relation is Relation.IS_DERIVED_FROM)))
grants = some.lists(
    some.builds(Funding, funder=organisations, award_number=perhaps, award_title=perhaps).filter(
        lambda one: not one.award_title or one.award_title != one.award_number
    ),
    max_size=3,
    unique=True,
).map(tuple)
restricted = some.lists(
    some.builds(
        RestrictedFile,
        path=words.filter(lambda text: not set(text) & set("/\\") and text not in {".", ".."}),
        access=some.sampled_from((AccessRight.SHARED, AccessRight.CLOSED)),
        conditions=perhaps,
        landing_page=some.none() | links,
        contact=perhaps,
    ),
    max_size=3,
    unique_by=lambda one: one.path,
).map(tuple)
descriptions = some.builds(
    Description,
    title=words,
    description=words,
    creators=creators,
    licence=some.sampled_from((None, "MIT", "CC-BY-4.0", "GPL-3.0-only WITH GCC-exception-3.1",
                               "(MIT OR Apache-2.0) AND CC0-1.0")),
    keywords=some.lists(words, max_size=3, unique=True).map(tuple),
    published=some.sampled_from((None, "2024", "2024-05", "2024-05-06")),
    version=perhaps,
    related=related,
    funding=grants,
    language=some.none() | some.sampled_from(Language),
    translations=some.lists(
        some.builds(Translation, language=some.sampled_from(Language), title=words,
                    description=words),
        max_size=2,
        unique_by=lambda one: one.language,
    ).map(tuple),
    access=some.none()
    | some.builds(
        Access,
        right=some.sampled_from(AccessRight),
        available=some.sampled_from((None, "2027-04-01")),
        conditions=perhaps,
        contact=perhaps,
    ),
    restricted=restricted,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=descriptions, second=descriptions)
def test_whatever_is_kept_comes_back_also_over_something_else(first, second):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for said in (first, second):
            target = keep_description(root, said)
            assert fields(describe_as_typed(root, look(root))) == said
            once = target.read_bytes()
            keep_description(root, said)
            assert target.read_bytes() == once


def test_who_left_takes_their_entities_along(root):
    keep_description(root, FULL)
    keep_description(root, Description(title="Alone", description="d"))
    assert set(entities_of(document(root))) == {"ro-crate-metadata.json", "./"}
    assert document(root)["@graph"][1]["hasPart"] == []


def test_data_references_survive(root):
    given = refer(root, "data/patients.csv", "https://example.org/p.csv")
    keep_description(root, FULL)
    told = describe(root, look(root))
    mine = next(one for one in told.references if one.path == given.path)
    assert (mine.url, mine.sha256, mine.access) == (given.url, given.sha256, AccessRight.SHARED)
    keep_description(root, replace(FULL, restricted=()))
    assert describe(root, look(root)).references == (given,)


@pytest.mark.parametrize("content", ["{", "[]", '{"@graph": 3}', '{"@graph": []}', "", "\x00"])
def test_a_file_that_is_none_is_refused_with_a_hint_and_left_as_it_is(root, content):
    target = root / "ro-crate-metadata.json"
    target.write_text(content)
    with pytest.raises(BadInput) as caught:
        keep_description(root, FULL)
    assert caught.value.hint
    assert target.read_text() == content


def test_a_link_is_not_written_through(root, tmp_path):
    elsewhere = tmp_path / "elsewhere.json"
    elsewhere.write_text("{}")
    (root / "ro-crate-metadata.json").symlink_to(elsewhere)
    with pytest.raises(BadInput, match="link"):
        keep_description(root, FULL)
    assert elsewhere.read_text() == "{}"


def test_what_is_wrong_is_kept_as_it_was_typed(root):
    typed = Description(
        title="t",
        description="d",
        creators=(
            Person(name="A", identifier="0000-0002-1825-0098"),
            Person(name="", email="half@typed"),
        ),
        licence="Mine-1",
        related=(Related(url="10.1234/bare"), Related(url="javascript:alert(1)")),
        funding=(Funding(funder=Organisation(name="F", identifier="nonsense")),),
        access=Access(right=AccessRight.EMBARGOED, available="soon"),
    )
    keep_description(root, typed)
    assert fields(describe_as_typed(root, look(root))) == typed
    told = describe(root, look(root))
    assert [one.identifier for one in told.creators] == [None]
    assert told.related == (Related(url="https://doi.org/10.1234/bare"),)
    assert told.funding[0].funder == Organisation(name="F")
    assert told.licence is None
    assert {"invalid-orcid", "invalid-licence", "invalid-related", "invalid-funder"} <= {
        one.code for one in told.findings
    }


def test_a_field_that_was_cleared_is_not_filled_again_by_another_file(root):
    (root / "CITATION.cff").write_text("title: T\nkeywords: [a]\nauthors: [{name: B}]\n")
    told = describe_as_typed(root, look(root))
    keep_description(root, replace(told, keywords=()), emptied=("keywords",))
    again = describe_as_typed(root, look(root))
    assert again.keywords == ()
    assert [one.name for one in again.creators] == ["B"]


def test_text_that_is_no_unicode_does_not_spoil_the_file(root):
    keep_description(root, Description(title="a\ud800b", description="d"))
    assert describe_as_typed(root, look(root)).title == "a?b"
