"""The door: every form that a record can be written in, by its name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from recrate.metadata.writing import (
    bibtex,
    cff,
    citation_text,
    codemeta,
    common_csv,
    datacite,
    datacite_xml,
    grdm_answers,
    inveniordm,
    jpcoar,
    ris,
    schema_org,
    signposting,
)
from recrate.metadata.writing.fitting import fit
from recrate.metadata.writing.text import address
from recrate.model.crate import METADATA_NAME
from recrate.model.errors import BadInput
from recrate.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A form. `profile`: what Signposting says of a document in it, None where nothing is fixed.

    file_name: under which it is put beside a landing page
    describes: a landing page has it beside it and points to it; one version of each standard does
    """

    name: str
    media_type: str
    file_name: str
    write: Callable[[Record], bytes]
    title_en: str
    title_ja: str
    profile: str | None = None
    describes: bool = True


def write(record: Record, name: str) -> bytes:
    """Return the record in the form of that name.

    No writer is handed a text that no document may hold, or one without end. Raises BadInput for a
    name that is not known, or where the form wants what the record lacks.
    """
    return form_named(name).write(fit(record))


def form_named(name: str) -> Format:
    """Return the form of that name; raises BadInput with the list where there is none."""
    form = FORMATS.get(name)
    if form is None:
        known = ", ".join(FORMATS)
        raise BadInput(f"no form of metadata is called `{name[:80]}`", hint=f"one of: {known}")
    return form


def describing(record: Record) -> tuple[signposting.Describing, ...]:
    """Return the documents beside a landing page that is a folder: the crate's, and each form."""
    base = address(record.url)
    if base is None or not base.endswith("/"):
        return ()
    crate = signposting.Describing(
        url=base + METADATA_NAME,
        media_type="application/ld+json",
        profile=signposting.CRATE_PROFILE,
    )
    forms = (
        signposting.Describing(
            url=base + form.file_name, media_type=form.media_type, profile=form.profile
        )
        for form in FORMATS.values()
        if form.describes
    )
    return (crate, *forms)


def _write_signposting(record: Record) -> bytes:
    return signposting.to_bytes(signposting.linkset(record, describing=describing(record)))


_ALL = (
    Format(
        name="jpcoar",
        media_type="application/xml",
        file_name="jpcoar.xml",
        write=jpcoar.write_2_0,
        title_en="JPCOAR Schema 2.0 (JAIRO Cloud)",
        title_ja="JPCOARスキーマ 2.0（JAIRO Cloud）",
        profile=jpcoar.NAMESPACE.format("2.0"),
    ),
    Format(
        name="jpcoar-2.1",
        media_type="application/xml",
        file_name="jpcoar-2.1.xml",
        write=jpcoar.write_2_1,
        title_en="JPCOAR Schema 2.1",
        title_ja="JPCOARスキーマ 2.1",
        profile=jpcoar.NAMESPACE.format("2.1"),
        describes=False,
    ),
    Format(
        name="datacite-xml",
        media_type="application/vnd.datacite.datacite+xml",
        file_name="datacite.xml",
        write=datacite_xml.write_4_7,
        title_en="DataCite 4.7, XML",
        title_ja="DataCite 4.7（XML）",
        profile=datacite.SCHEMA,
    ),
    Format(
        name="datacite-4.5",
        media_type="application/vnd.datacite.datacite+xml",
        file_name="datacite-4.5.xml",
        write=datacite_xml.write_4_5,
        title_en="DataCite 4.5, XML",
        title_ja="DataCite 4.5（XML）",
        profile=datacite.SCHEMA,
        describes=False,
    ),
    Format(
        name="datacite-json",
        media_type="application/vnd.datacite.datacite+json",
        file_name="datacite.json",
        write=datacite.write_json,
        title_en="DataCite, JSON of its API",
        title_ja="DataCite（APIのJSON）",
        profile=datacite.SCHEMA,
        describes=False,
    ),
    Format(
        name="inveniordm",
        media_type="application/json",
        file_name="inveniordm.json",
        write=inveniordm.write,
        title_en="InvenioRDM and Zenodo, JSON of the API",
        title_ja="InvenioRDM・Zenodo（APIのJSON）",
        describes=False,
    ),
    Format(
        name="grdm",
        media_type="application/json",
        file_name="grdm-answers.json",
        write=grdm_answers.write_answers,
        title_en="GakuNin RDM, answers of its form for publicly funded data",
        title_ja="GakuNin RDM（公的資金による研究データの登録項目）",
        describes=False,
    ),
    Format(
        name="common-csv",
        media_type="text/csv",
        file_name="common-metadata.csv",
        write=common_csv.write_csv,
        title_en="Common metadata for publicly funded data, CSV",
        title_ja="公的資金による研究データのメタデータ共通項目（CSV）",
        describes=False,
    ),
    Format(
        name="cff",
        media_type="application/yaml",
        file_name="CITATION.cff",
        write=cff.write,
        title_en="CITATION.cff 1.2.0",
        title_ja="CITATION.cff 1.2.0",
        profile="https://citation-file-format.github.io/1.2.0/schema.json",
    ),
    Format(
        name="codemeta",
        media_type="application/ld+json",
        file_name="codemeta.json",
        write=codemeta.write,
        title_en="CodeMeta 3",
        title_ja="CodeMeta 3",
        profile=codemeta.CONTEXT,
    ),
    Format(
        name="bibtex",
        media_type="application/x-bibtex",
        file_name="citation.bib",
        write=bibtex.write,
        title_en="BibTeX",
        title_ja="BibTeX",
    ),
    Format(
        name="ris",
        media_type="application/x-research-info-systems",
        file_name="citation.ris",
        write=ris.write,
        title_en="RIS (EndNote, Zotero, Mendeley)",
        title_ja="RIS（EndNote・Zotero・Mendeley）",
    ),
    Format(
        name="citation-text",
        media_type="text/plain",
        file_name="citation.txt",
        write=citation_text.write_english,
        title_en="Citation in words, after APA",
        title_ja="引用文（英語、APA風）",
        describes=False,
    ),
    Format(
        name="citation-text-ja",
        media_type="text/plain",
        file_name="citation.ja.txt",
        write=citation_text.write_japanese,
        title_en="Citation in words, in Japanese",
        title_ja="引用文（日本語）",
        describes=False,
    ),
    Format(
        name="schema-org",
        media_type="application/ld+json",
        file_name="schema-org.jsonld",
        write=schema_org.write,
        title_en="schema.org, JSON-LD for a landing page",
        title_ja="schema.org（公開ページのJSON-LD）",
        profile="https://schema.org/",
    ),
    Format(
        name="signposting",
        media_type="application/linkset+json",
        file_name="linkset.json",
        write=_write_signposting,
        title_en="Signposting link set (RFC 9264)",
        title_ja="Signpostingのリンク集（RFC 9264）",
        describes=False,
    ),
)
FORMATS: Mapping[str, Format] = {form.name: form for form in _ALL}
"""Every form, in the order in which people are shown them."""
