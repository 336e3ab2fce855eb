"""What the form shows is what the study says, in both directions."""

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from core.metadata.common_examples import WHOLE, commons
from recrate.model.common import CommonMetadata, DataItem
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
from recrate_server.contract import contract
from recrate_server.descriptions import description_document, description_of

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=8)
MAYBE = st.none() | WORDS
ORGANISATIONS = st.builds(Organisation, name=WORDS, identifier=MAYBE, alternate_name=MAYBE)
PEOPLE = st.builds(
    Person,
    name=WORDS,
    given_name=MAYBE,
    family_name=MAYBE,
    identifier=MAYBE,
    email=MAYBE,
    affiliation=st.none() | ORGANISATIONS,
    alternate_name=MAYBE,
    erad_number=MAYBE,
)
RESTRICTED = st.builds(
    RestrictedFile,
    path=WORDS,
    access=st.sampled_from([AccessRight.SHARED, AccessRight.CLOSED]),
    conditions=MAYBE,
    landing_page=MAYBE,
    contact=MAYBE,
)


@st.composite
def descriptions(draw: st.DrawFn) -> Description:
    language = draw(st.none() | st.sampled_from(Language))
    others = [one for one in Language if one is not language]
    said = {one: draw(st.tuples(WORDS, st.just("") | WORDS)) for one in others}
    kept = [one for one in others if draw(st.booleans())]
    return Description(
        title="*" + draw(WORDS),  # no translation has the same words: it would be the main one
        description=draw(WORDS),
        language=language,
        translations=tuple(
            Translation(language=one, title=said[one][0], description=said[one][1]) for one in kept
        ),
        creators=tuple(draw(st.lists(PEOPLE, max_size=2))),
        licence=draw(MAYBE),
        keywords=tuple(draw(st.lists(WORDS, max_size=3))),
        published=draw(MAYBE),
        version=draw(MAYBE),
        related=tuple(
            draw(
                st.lists(
                    st.builds(Related, url=WORDS, relation=st.sampled_from(Relation), title=MAYBE),
                    max_size=2,
                )
            )
        ),
        funding=tuple(
            draw(
                st.lists(
                    st.builds(
                        Funding,
                        funder=st.none() | ORGANISATIONS,
                        award_number=MAYBE,
                        award_title=MAYBE,
                    ),
                    max_size=2,
                )
            )
        ),
        access=draw(
            st.none()
            | st.builds(
                Access,
                right=st.sampled_from(AccessRight),
                available=MAYBE,
                conditions=MAYBE,
                contact=MAYBE,
            )
        ),
        restricted=tuple(draw(st.lists(RESTRICTED, max_size=2))),
    )


@given(said=descriptions())
def test_a_description_survives_the_way_to_the_form_and_back(said: Description):
    document = description_document(said)
    found = list(contract().complaints(contract().schema("Description"), document))
    assert not found
    assert description_of(document) == said


@given(common=st.none() | st.just(WHOLE) | commons)
def test_the_common_items_survive_the_way_to_the_form_and_back(common: CommonMetadata | None):
    said = Description(title="t", description="d", language=Language.ENGLISH, common=common)
    document = description_document(said)
    assert not list(contract().complaints(contract().schema("Description"), document))
    assert description_of(document) == said


def test_of_common_items_that_are_left_out_nothing_is_said():
    said = description_of({"title": "t", "description": "d", "common": {"items": [{}]}})
    assert said.common == CommonMetadata(items=(DataItem(),))
    assert description_of({"title": "t", "description": "d"}).common is None


def test_the_language_that_is_named_decides_which_title_is_the_main_one():
    said = description_of(
        {
            "title": "old",
            "title_ja": "潮位",
            "title_en": "Tides",
            "description": "",
            "language": "ja",
        }
    )
    assert (said.title, said.language) == ("潮位", Language.JAPANESE)
    assert said.translations == (Translation(language=Language.ENGLISH, title="Tides"),)


def test_a_title_that_stands_in_one_language_says_which_it_is():
    said = description_of({"title": "Tides", "title_en": "Tides", "description": "d"})
    assert said.language is Language.ENGLISH
    assert said.translations == ()


def test_the_contract_itself_is_a_schema():
    for name, schema in contract().document["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema), name
