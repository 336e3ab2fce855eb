"""The common metadata items for publicly funded research data: what Japan's funders ask for.

Source: https://www8.cao.go.jp/cstp/metadatainstructions.pdf; the names of the items and of their
answers are those of GakuNin RDM's form 公的資金による研究データのメタデータ登録.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DataManager:
    """Item 16, 17: who manages the data, and how to reach them.

    kind:   `individual` or `organization`
    number: of an individual in e-Rad, eight digits
    Contact is an e-mail address, or an organisation with address and telephone number.
    """

    kind: str = "individual"
    number: str = ""
    name_ja: str = ""
    name_en: str = ""
    organisation_ja: str = ""
    organisation_en: str = ""
    address_ja: str = ""
    address_en: str = ""
    telephone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataCreator:
    """Item 14: who made one data set. `number`: of a researcher in e-Rad, eight digits."""

    number: str = ""
    name_ja: str = ""
    name_en: str = ""
    affiliation_ja: str = ""
    affiliation_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """追加の助成情報: who else paid; each as the item of the same name of the study."""

    funder: str = ""
    funding_stream: str = ""
    programme_ja: str = ""
    programme_en: str = ""
    award_number: str = ""
    project_ja: str = ""
    project_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataItem:
    """Items 4 to 17 of one data set of the study, numbered as in the data management plan.

    number:       データ No.
    field:        `project`, or a code of research fields
    data_type:    a value of item 9, such as `simulation data`
    size:         概略データ量, `1-10GB`
    policy:       `free` or `consideration`
    licence:      a value of item 11, such as `CCBY`
    access:       `open access`, `restricted access`, `metadata only access`, `embargoed access`
    available:    ISO date, for an embargo
    file_type:    ファイル種別, `dataset` or `manuscript`; empty is a data set
    creators:     who made it, where that is not who made the study
    metadata_access: `open access`, `restricted access`, `closed access`
    files:        paths of the study's files that are this data set; none means all
    """

    number: str = ""
    title_ja: str = ""
    title_en: str = ""
    issued: str = ""
    description_ja: str = ""
    description_en: str = ""
    field: str = "project"
    data_type: str = ""
    size: str = ""
    policy: str = ""
    licence: str = ""
    citation_ja: str = ""
    citation_en: str = ""
    access: str = ""
    available: str = ""
    repository_ja: str = ""
    repository_en: str = ""
    repository_link: str = ""
    publication_link: str = ""
    dataset_link: str = ""
    hosting_ja: str = ""
    hosting_en: str = ""
    hosting_ror: str = ""
    manager: DataManager = DataManager()
    remarks_ja: str = ""
    remarks_en: str = ""
    file_type: str = ""
    creators: tuple[DataCreator, ...] = ()
    metadata_access: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonMetadata:
    """The items of one study; everything may be empty while it is being filled in.

    funder:             code of item 1 (`JST`, `JSPS`, …), or free text
    funding_stream:     体系的番号におけるプログラム情報コード, up to five letters and digits
    award_number:       体系的番号, the Japan Grant Number
    field:              code of research fields, such as `189`
    additional:         who else paid
    """

    funder: str = ""
    funding_stream: str = ""
    programme_ja: str = ""
    programme_en: str = ""
    award_number: str = ""
    project_ja: str = ""
    project_en: str = ""
    field: str = ""
    items: tuple[DataItem, ...] = (DataItem(),)
    additional: tuple[Award, ...] = ()
