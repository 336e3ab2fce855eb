"""Whatever a stranger's metadata hold, there is a record of it, and every form is written."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recrate.metadata.record import is_run, record_of_crate, record_of_run
from recrate.metadata.writing.formats import FORMATS, write
from recrate.model.crate import Crate, CrateFile

IDS = ("./", "ro-crate-metadata.json", "#verdict", "#verdict-value", "#a", "a.ipynb",
       "https://orcid.org/0000-0002-1825-0097", "https://doi.org/10.5072/x", "#CAO-DMP", "#dmp:1",
       "https://ror.org/04ksd4g47", "#description-ja", "#verification")  # fmt: skip
NAMES = ("name", "description", "author", "license", "keywords", "datePublished", "identifier",
         "about", "citation", "isBasedOn", "subjectOf", "funding", "funder", "affiliation", "url",
         "accessRights", "accessContact", "programmingLanguage", "agent", "value", "propertyID",
         "inLanguage", "usageInfo", "localPath", "sha256", "contentSize", "contentUrl", "hasPart",
         "dmpDataNumber", "additionalProperty", "version", "available")  # fmt: skip
WORDS = st.sampled_from(("", "en", "2026-01-01", "MIT", "recrate-verdict", "identical", "\x00",
                         "3 of 4 outputs compared", "e-Rad_Researcher", "1" * 64,
                         *IDS))  # fmt: skip
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS, st.text(max_size=5))
LINKS = st.sampled_from(IDS).map(lambda one: {"@id": one})
VALUES = st.recursive(
    st.one_of(LEAVES, LINKS, LINKS.map(lambda one: [one])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(("@id", "@type", "@value", *NAMES)), inner, max_size=3),
    ),
    max_leaves=5,
)
TYPES = st.one_of(
    st.sampled_from(("File", "Dataset", "Person", "AssessAction", "PropertyValue")), VALUES
)
ENTITIES = st.builds(
    lambda identifier, kind, properties: {**properties, "@id": identifier, "@type": kind},
    st.one_of(st.sampled_from(IDS), VALUES),
    TYPES,
    st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6),
)
DESCRIPTOR = {"@id": "ro-crate-metadata.json", "about": {"@id": "./"}}


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(graph=st.lists(ENTITIES, max_size=8))
def test_any_metadata_make_a_record_that_every_form_can_tell(graph):
    crate = Crate(
        location="stranger.zip",
        identity="ab" * 32,
        name="Stranger",
        files=(CrateFile(path="a.ipynb", sha256="0" * 64, size_bytes=1, media_type="x/y"),),
        notebooks=("a.ipynb",),
        references=(),
        lock=None,
        metadata={"@graph": [DESCRIPTOR, *graph]},
    )
    is_run(crate.metadata)
    said = {"today": "2026-11-22", "agent": "recrate 0.1.0"}
    for record in (record_of_crate(crate, **said), record_of_run(crate, replayed=crate, **said)):
        assert record.identity == crate.identity
        for form in FORMATS:
            assert write(record, form)
