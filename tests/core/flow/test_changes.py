"""Packing again says what changed since the last crate."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from making import notebook_of
from recrate.configuration import read_settings
from recrate.flow.changes import Changes, VersionChange, changes_between, summarise_changes
from recrate.flow.documents import pack_document
from recrate.flow.pack import PackOrder, pack
from recrate.model.crate import Crate, CrateFile, identity_of
from recrate.model.environment import Card, Lock, Package
from recrate.model.finding import Severity
from recrate.model.study import DataReference
from recrate.model.wire import from_json, to_json

SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "pack.json"


def lock_of(python: str, **versions: str) -> Lock:
    return Lock(
        language="python",
        python=python,
        packages=tuple(Package(name=name, version=one) for name, one in versions.items()),
        pylock="",
        requirements="",
        dockerfile="",
        source="declared",
        as_of=None,
        card=Card(system="Linux", release="6", machine="x86_64"),
    )


def crate_of(
    files: dict[str, str], lock: Lock | None = None, root: dict | None = None, *more: dict
) -> Crate:
    """Return a crate of these paths and contents, whose root says `root`."""
    digests = {path: (text * 64)[:64] for path, text in files.items()}
    return Crate(
        location="x.crate.zip",
        identity=identity_of(digests.items()),
        name="x",
        files=tuple(
            CrateFile(path=path, sha256=digest, size_bytes=1, media_type="text/plain")
            for path, digest in digests.items()
        ),
        notebooks=tuple(path for path in files if path.endswith(".ipynb")),
        references=(),
        lock=lock,
        metadata={"@graph": [{"@id": "./", "@type": "Dataset", **(root or {})}, *more]},
    )


def test_files_that_came_went_and_changed_are_told_apart():
    earlier = crate_of({"a.ipynb": "1", "gone.csv": "1", "same.csv": "1"})
    later = crate_of({"a.ipynb": "2", "new.ipynb": "1", "same.csv": "1"})
    changes = changes_between(earlier, later)
    assert changes == Changes(
        same=False,
        added=("new.ipynb",),
        removed=("gone.csv",),
        changed=("a.ipynb",),
        notebooks=("a.ipynb", "new.ipynb"),
    )
    assert from_json(to_json(changes), Changes) == changes


def test_the_environment_is_told_by_versions_not_by_our_own_files():
    earlier = crate_of({"recrate-environment/lock.json": "1"}, lock_of("3.10", numpy="1", old="1"))
    later = crate_of({"recrate-environment/lock.json": "2"}, lock_of("3.11", numpy="2", new="1"))
    changes = changes_between(earlier, later)
    assert changes.changed == ()
    assert changes.environment == ("recrate-environment/lock.json",)
    assert changes.python == VersionChange(name="python", before="3.10", after="3.11")
    assert [(one.name, one.before, one.after) for one in changes.packages] == [
        ("new", None, "1"),
        ("numpy", "1", "2"),
        ("old", "1", None),
    ]


def test_a_lock_that_was_added_names_its_python():
    changes = changes_between(crate_of({}), crate_of({}, lock_of("3.11")))
    assert changes.python == VersionChange(name="python", before=None, after="3.11")


def test_a_new_title_or_a_new_affiliation_is_a_change_of_the_description():
    person = {"@id": "#p", "@type": "Person", "name": "A", "affiliation": {"@id": "#o"}}
    before = crate_of(
        {}, None, {"name": "x", "author": {"@id": "#p"}}, person, {"@id": "#o", "name": "One"}
    )
    after = crate_of(
        {}, None, {"name": "y", "author": {"@id": "#p"}}, person, {"@id": "#o", "name": "Two"}
    )
    changes = changes_between(before, after)
    assert changes.same
    assert changes.description == ("creators", "title")
    assert not changes.nothing


def test_a_reference_to_other_data_is_a_change():
    one = DataReference(path="d.csv", url="https://a.invalid/d", sha256="0" * 64, size_bytes=1)
    before = replace(crate_of({}), references=(one,))
    after = replace(crate_of({}), references=(replace(one, sha256="1" * 64),))
    assert changes_between(before, after).references == ("d.csv",)


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=4) | st.just({"@id": "./"}),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["@id", "@graph", "author", "x"]), inner, max_size=3)
        ),
        max_leaves=12,
    )
)
def test_a_stranger_s_metadata_is_never_too_odd(graph):
    odd = replace(crate_of({"a": "1"}), metadata={"@graph": graph})
    assert changes_between(odd, odd).nothing
    changes_between(odd, crate_of({"a": "1"}))
    ring = replace(odd, metadata={"@graph": [{"@id": "./", "author": {"@id": "./"}, "x": graph}]})
    assert changes_between(ring, ring).nothing


@pytest.fixture
def packed(tmp_path):
    """Pack a study in a folder, again and again."""
    study = tmp_path / "study"
    study.mkdir()
    (study / "a.ipynb").write_text(notebook_of("print(open('d.csv').read())"))
    (study / "d.csv").write_text("1\n")
    settings = read_settings(None)

    def again(**changes):
        order = PackOrder(
            root=study, destination=tmp_path / "x.crate.zip", as_of="2026-01-01", locked=False
        )
        return pack(
            replace(order, **changes),
            options=settings.scan,
            environment=settings.environment,
            agent="recrate 0.1.0",
            today="2026-01-01",
        )

    return study, again


def test_packing_over_a_crate_says_what_changed(packed):
    study, again = packed
    assert again().changes is None
    first = again()
    assert first.changes == Changes(same=True)
    assert summarise_changes(first.changes) == "nothing changed since the last crate"
    (study / "d.csv").write_text("2\n")
    (study / "e.csv").write_text("2\n")
    changes = again().changes
    assert (changes.added, changes.changed, changes.same) == (("e.csv",), ("d.csv",), False)
    assert summarise_changes(changes) == "since the last crate: files: 1 added, 1 changed"


def test_another_crate_can_be_named_to_tell_the_changes_from(packed, tmp_path):
    study, again = packed
    again()
    (study / "d.csv").write_text("2\n")
    elsewhere = tmp_path / "new" / "y.crate.zip"
    assert again(destination=elsewhere).changes is None
    told = again(destination=elsewhere, earlier=tmp_path / "x.crate.zip").changes
    assert told.changed == ("d.csv",)


def test_a_crate_that_cannot_be_read_is_noted_and_written_over(packed, tmp_path):
    _, again = packed
    (tmp_path / "x.crate.zip").write_bytes(b"no crate at all")
    done = again()
    assert done.changes is None
    notes = [one for one in done.findings if one.code == "earlier-crate-unreadable"]
    assert [(one.severity, one.path) for one in notes] == [(Severity.NOTE, "x.crate.zip")]
    assert again().changes == Changes(same=True)


def test_the_document_of_a_packing_keeps_to_its_schema(packed):
    _, again = packed
    schema = json.loads(SCHEMA.read_text())
    for _ in range(2):
        document = json.loads(json.dumps(pack_document(again())))
        jsonschema.validate(document, schema)
    assert document["changes"]["same"] is True
