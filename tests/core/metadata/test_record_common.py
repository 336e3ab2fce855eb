"""The common metadata items of a study in its record."""

from recrate.metadata.record import Stated, record_of_study
from recrate.model.common import CommonMetadata, DataCreator, DataItem, DataManager
from recrate.model.study import Access, AccessRight, Description, Person

HANAKO = Person(name="Hanako Yamada", erad_number="12345678")


def record_with(*items: DataItem, **changes):
    description = Description(
        title="Peas",
        description="",
        creators=(HANAKO,),
        common=CommonMetadata(items=items),
        **changes,
    )
    return record_of_study(
        description,
        stated=Stated(today="2026-11-22", agent="recrate 0.1.0"),
        identity="0" * 64,
        files=(),
        notebooks=(),
        languages=(),
    )


def roles(record) -> dict[str, str]:
    return {one.role: (one.person or one.organisation).name for one in record.contributors}


def test_a_manager_who_is_a_person_and_the_office_to_ask_are_two_contributors():
    manager = DataManager(
        kind="individual",
        number="87654321",
        name_en="Ichiro Suzuki",
        name_ja="鈴木 一郎",
        organisation_ja="管理室",
        address_ja="東京都",
        telephone="03",
    )
    record = record_with(DataItem(manager=manager))
    assert roles(record) == {
        "DataManager": "Ichiro Suzuki",
        "ContactPerson": "管理室 東京都 TEL: 03",
    }
    person = record.contributors[0].person
    assert (person.alternate_name, person.erad_number) == ("鈴木 一郎", "87654321")


def test_an_office_that_manages_has_no_number_of_a_person():
    manager = DataManager(kind="organization", organisation_en="Data Office", email="a@example.jp")
    record = record_with(DataItem(manager=manager))
    assert roles(record) == {
        "DataManager": "Data Office",
        "ContactPerson": "Data Office E-Mail: a@example.jp",
    }
    assert record.contributors[0].person is None


def test_an_institution_is_told_once_for_all_its_data_sets_and_publishes():
    ror = "https://ror.org/04ksd4g47"
    item = DataItem(hosting_en="National Laboratory", hosting_ja="国立研究所", hosting_ror=ror)
    record = record_with(item, item)
    (hosting,) = record.contributors
    assert hosting.role == "HostingInstitution"
    assert hosting.organisation.identifier == ror
    assert hosting.organisation.alternate_name == "国立研究所"
    assert record.publisher == "National Laboratory"


def test_an_identifier_that_is_none_does_not_travel():
    item = DataItem(hosting_ja="国立研究所", hosting_ror="https://ror.org/000000000")
    (hosting,) = record_with(item).contributors
    assert hosting.organisation.identifier is None


def test_who_made_a_data_set_is_told_unless_among_the_authors():
    makers = (
        DataCreator(number="12345678", name_en="H. Yamada"),
        DataCreator(name_en="Hanako Yamada"),
        DataCreator(name_ja="佐藤 次郎", affiliation_ja="例示大学"),
        DataCreator(),
    )
    record = record_with(DataItem(creators=makers))
    assert roles(record) == {"DataCollector": "佐藤 次郎"}


def test_a_paper_named_by_its_doi_alone_is_an_address_in_the_record():
    record = record_with(DataItem(publication_link="10.5072/paper", dataset_link="not one"))
    assert [(one.relation.value, one.target) for one in record.links] == [
        ("IsSupplementTo", "https://doi.org/10.5072/paper")
    ]


def test_a_manager_who_can_be_asked_comes_before_the_contact_of_the_study():
    access = Access(right=AccessRight.SHARED, contact="study@example.jp")
    manager = DataManager(kind="organization", organisation_en="Office", email="a@example.jp")
    told = roles(record_with(DataItem(manager=manager), access=access))
    assert told["ContactPerson"] == "Office E-Mail: a@example.jp"
    assert roles(record_with(access=access))["ContactPerson"] == "study@example.jp"
