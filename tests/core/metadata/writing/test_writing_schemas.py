"""Every record, also one made of rubbish, is written as its schema wants it."""

import json
from dataclasses import fields, replace
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
import yaml
from datacite import schema45
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from recrate.metadata.writing.datacite import attributes
from recrate.metadata.writing.formats import FORMATS, write
from recrate.model.common import CommonMetadata, DataItem, DataManager
from recrate.model.record import Contributor, Record, RecordFile, RecordLink
from recrate.model.study import (
    Access,
    Description,
    Funding,
    Organisation,
    Person,
    Translation,
)

XML = ("jpcoar", "jpcoar-2.1", "datacite-xml", "datacite-4.5")
JSON = ("datacite-json", "inveniordm", "codemeta", "schema-org", "signposting")
NASTY = (
    "\x00\x0b", "\ud800", "]]>", "<!--", "</script>", "&amp;", "\ufffe", "\u202e", "%", "[", "://",
    "https://[::1", "http://a b/ü?q#f#g", "https://doi.org/10.5072/<a>", "10.5072/x", "{}\\", "'",
    "2026-02-30", "2026-11", "٢٠٢٦", "A, B and C", "山田", "@", "- a: b", "#", "\r\nER  - ",
    "https://orcid.org/0000-0002-1825-0097", "https://ror.org/04ksd4g47", "CC-BY-4.0 OR MIT",
    "free", "CCBY", "JST", "189", "open access", "embargoed access", "12345678",
)  # fmt: skip
WORDS = st.one_of(st.sampled_from(NASTY), st.text(max_size=12))
TEXT = st.one_of(WORDS, st.lists(WORDS, max_size=3).map("".join))


def anything(kind: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for a field's type."""
    if kind is str:
        return TEXT
    if kind is int:
        return st.integers(0, 10**15)
    if get_origin(kind) is UnionType:
        return st.one_of(*(anything(one) for one in get_args(kind)))
    if kind is type(None):
        return st.none()
    if get_origin(kind) is tuple:
        return st.lists(anything(get_args(kind)[0]), max_size=2).map(tuple)
    if isinstance(kind, type) and kind in MADE:
        return MADE[kind]
    return st.sampled_from(list(kind))


def made(kind: Any, **given_fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    known = {
        one.name: given_fields[one.name] if one.name in given_fields else anything(hints[one.name])
        for one in fields(kind)
        if one.name not in {"sources", "findings", "references", "restricted", "related",
                            "creators" if kind is DataItem else "", "additional"}
    }  # fmt: skip
    return st.builds(kind, **known)


MADE: dict[Any, st.SearchStrategy[Any]] = {}
for each in (Organisation, Person, Translation, Funding, Access, DataManager, DataItem,
             CommonMetadata, RecordLink, Contributor, RecordFile, Description):  # fmt: skip
    MADE[each] = made(each)
IDENTITIES = st.just("ab" * 32)
RECORDS = made(Record, identity=IDENTITIES)
SEARCH = settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize("form", XML)
@pytest.mark.parametrize("which", ["plain", "full", "verdict"])
def test_a_record_is_valid_against_the_official_schema(form, which, schemas, request):
    content = write(request.getfixturevalue(which), form)
    schemas[form].assertValid(etree.fromstring(content))


@pytest.mark.parametrize("which", ["plain", "full", "verdict"])
def test_a_record_is_valid_datacite_4_5_json(which, request):
    said = attributes(request.getfixturevalue(which), "4.5")
    schema45.validator.validate(said)


@SEARCH
@given(record=RECORDS)
def test_any_record_makes_valid_xml(record, schemas):
    for form in XML:
        schemas[form].assertValid(etree.fromstring(write(record, form)))


@SEARCH
@given(record=RECORDS)
def test_any_record_makes_valid_datacite_4_5_json(record):
    schema45.validator.validate(attributes(record, "4.5"))


@SEARCH
@given(record=RECORDS)
def test_any_record_makes_documents_that_can_be_read(record):
    for form in FORMATS:
        content = write(record, form).decode()
        if form in JSON:
            json.loads(content)
    assert yaml.safe_load(write(record, "cff"))["cff-version"] == "1.2.0"


def test_a_text_without_end_is_cut(plain, schemas):
    long = Description(title="t" * 10**6, description="d " * 10**7, keywords=("k" * 10**6,))
    record = Record(
        description=long,
        kind=plain.kind,
        identity=plain.identity,
        issued=plain.issued,
        agent=plain.agent,
    )
    for form in FORMATS:
        assert len(write(record, form)) < 1_000_000
    for form in XML:
        schemas[form].assertValid(etree.fromstring(write(record, form)))


@pytest.mark.parametrize(
    "number", ["%", "[1]", "1:2", "#1#2", "データ 7", "a\\b", "?", "%zz", "^|"]
)
def test_any_data_number_fits_into_jpcoar(number, full, schemas):
    item = replace(full.description.common.items[0], number=number)
    told = replace(full.description.common, items=(item,))
    record = replace(full, description=replace(full.description, common=told))
    for form in ("jpcoar", "jpcoar-2.1"):
        schemas[form].assertValid(etree.fromstring(write(record, form)))


def test_words_of_4_7_are_not_in_4_5(verdict):
    assert b'relationTypeInformation="re-execution"' in write(verdict, "datacite-xml")
    earlier = write(verdict, "datacite-4.5")
    assert b"relationTypeInformation" not in earlier
    assert b'relationType="Reviews"' in earlier
    assert b"kernel-4.5/metadata.xsd" in earlier
