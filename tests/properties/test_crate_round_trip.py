"""Whatever a study holds, what is read from its crate is what was written."""

import json
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recrate.crate.check import check_crate
from recrate.crate.plan import make_plan
from recrate.crate.read import read_crate
from recrate.crate.unpack import unpack
from recrate.crate.write import write_crate
from recrate.model.errors import RecrateError
from recrate.model.study import CodeUse, Description, FoundNotebook, Inventory, StudyFile
from recrate.outside.archive import colliding
from recrate.outside.disk import media_type_of

MISLEADING = "/\\\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters=MISLEADING)
NAME = st.text(LETTERS, min_size=1, max_size=40).filter(lambda name: name not in {".", ".."})
TREE = st.dictionaries(
    st.lists(NAME, min_size=1, max_size=3).map("/".join), st.binary(max_size=200), max_size=8
)
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


def usable(tree):
    paths = set(tree)
    nested = any(path.startswith(f"{other}/") for path in paths for other in paths)
    return not nested and not colliding(list(paths))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(tree=TREE.filter(usable), title=TEXT, description=TEXT, zipped=st.booleans())
def test_read_after_write_is_identity(tree, title, description, zipped):
    contents = {f"d/{path}": content for path, content in tree.items()}
    contents["n.ipynb"] = b"{}"
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "study"
        for path, content in contents.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)
        inventory = Inventory(
            name="study",
            files=tuple(
                StudyFile(path=path, size_bytes=len(content), media_type=media_type_of(path))
                for path, content in contents.items()
            ),
            notebooks=(
                FoundNotebook(
                    path="n.ipynb", format="4.5", language="python", kernel="python3",
                    language_version=None, cells=1, code_cells=1, outputs=0, last_run=None,
                    uses=CodeUse(),
                ),
            ),
        )  # fmt: skip
        said = Description(title=title, description=description)
        plan = make_plan(inventory, said, None, created="2024-01-01", agent="recrate 0")
        destination = Path(name) / ("x.zip" if zipped else "x")
        written = write_crate(plan, root, destination)
        read = read_crate(destination)
        assert (read.identity, read.files, read.notebooks) == (
            written.identity,
            written.files,
            written.notebooks,
        )
        assert read.metadata == written.metadata
        unpack(read, Path(name) / "out")
        for path, content in contents.items():
            assert (Path(name) / "out" / path).read_bytes() == content


@settings(max_examples=300, deadline=None)
@given(content=st.binary(max_size=400), head=st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06"]))
def test_arbitrary_bytes_are_refused_in_our_words(content, head):
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "x.zip"
        path.write_bytes(head + content + b"PK\x05\x06" + content[:18].ljust(18, b"\0"))
        try:
            read_crate(path)
        except RecrateError:
            return
        raise AssertionError("arbitrary bytes are no crate")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(["./", "File", "Dataset", "n.ipynb", "ro-crate-metadata.json", "http://["]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["@id", "@type", "about", "@graph", "sha256", "contentSize", "localPath",
                         "position", "name", "encodingFormat", "license", "value"]),
        inner, max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(more=st.lists(JSON, max_size=4), root=JSON)
def test_arbitrary_metadata_are_read_or_refused_in_our_words(more, root):
    about = {"@id": "ro-crate-metadata.json", "about": {"@id": "./"}}
    first = {"@id": "./", "@type": "Dataset", "name": root, "license": root, "identifier": root}
    with tempfile.TemporaryDirectory() as name:
        document = {"@context": root, "@graph": [about, first, *more]}
        (Path(name) / "ro-crate-metadata.json").write_text(json.dumps(document))
        (Path(name) / "n.ipynb").write_text("{}")
        try:
            check_crate(Path(name), profile=False)
            assert read_crate(Path(name)).notebooks
        except RecrateError:
            pass
