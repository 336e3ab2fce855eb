"""The package that is really sent to WEKO, read by rules written anew from nii.md 3.3 to 3.5.

Nothing of the double's parser is used here: two readings of the same rules have to agree.
"""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from conftest import OFFICIAL, CommandLine
from doubles.serving import served
from doubles.weko import weko
from doubles.weko_store import INDEX, MAPPING_FILE, OWNER_TOKEN
from foreign_crates import crate_called
from making import notebook_of
from recrate.crate.profile import Contexts, check_profile

NAMES = ("code/deep/路径.ipynb", "水位 観測%20.csv", "100%.txt", "a b/c d.txt", "あ" * 27 + ".txt")
DESCRIPTOR = "ro-crate-metadata.json"
ODD = {
    "identifier": ["10.5281/zenodo.1", {"@id": "#pid"}],
    "isPartOf": {"@id": "./"},
    "uri": "https://example.org/",
    "url": "https://example.org/crate",
}


class Post:
    """Stands before WEKO and keeps the POST of a package: its headers and its bytes."""

    def __init__(self, app: Any) -> None:
        self.app, self.body = app, b""
        self.headers: dict[str, str] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        self.headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.body = b""

        async def listen() -> Any:
            message = await receive()
            self.body += message.get("body", b"")
            return message

        await self.app(scope, listen, send)


@pytest.mark.parametrize("way", ["whole", "exploded"])
def test_the_package_that_is_sent_obeys_every_rule_of_a_second_reader(
    recrate: CommandLine, tmp_path: Path, way: str
):
    crate = crate_called("琵琶湖の水位 <b>&", tmp_path / "湖.crate.zip", **ODD)
    with zipfile.ZipFile(crate, "a") as archive:
        for name in NAMES:
            archive.writestr(name, notebook_of("print(1)") if name.endswith("ipynb") else name)
    post = Post(weko())
    with served(post) as port:
        place = {
            "kind": "weko",
            "url": f"http://127.0.0.1:{port}/",
            "index": INDEX,
            "publish": "public",
            "way": way,
        }
        configuration = tmp_path / "recrate_config.py"
        configuration.write_text(
            recrate.configuration.read_text()
            + f"c.Publish.places = { ({'kyoto': place})!r}\n"
            + f"c.Publish.ledger = {str(tmp_path / 'deposits')!r}\n"
            + "c.Web.private_hosts = ['127.0.0.1']\n"
        )
        words = ["publish", crate, "--to", "kyoto", "--config", configuration, "--json"]
        answer = recrate(*words, variables={"RECRATE_TOKEN_KYOTO": OWNER_TOKEN})
    assert answer.code == 0, answer.error
    package = sent(post)
    document = json.loads(package["data/ro-crate-metadata.json"])
    judge_document(document, package, whole=way == "whole")
    assert check_profile(document, contexts=Contexts(folder=OFFICIAL)) == ()


def sent(post: Post) -> dict[str, bytes]:
    """Return the files of the package; the request and the bag obey 3.3 and 3.4."""
    assert post.headers["packaging"] == "http://purl.org/net/sword/3.0/package/SimpleZip"
    kind = post.headers["content-type"]
    assert kind.startswith("multipart/form-data")
    form = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + post.body)
    (part,) = form.get_payload()
    assert part.get_param("name", header="content-disposition") == "file"
    assert f"filename={part.get_filename()}" in post.headers["content-disposition"]
    content = part.get_payload(decode=True)
    assert post.headers["digest"] == f"SHA-256={hashlib.sha256(content).hexdigest()}"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        package = {name: archive.read(name) for name in archive.namelist()}
    for manifest, payload in (("manifest-sha256.txt", True), ("tagmanifest-sha256.txt", False)):
        lines = package[manifest].decode().splitlines()
        told = {line.split(maxsplit=1)[1]: line.split()[0] for line in lines}
        told = {re.sub("%25", "%", name): digest for name, digest in told.items()}
        there = {name for name in package if name.startswith("data/") == payload}
        assert told.keys() == there - {"tagmanifest-sha256.txt"}
        for name, digest in told.items():
            assert hashlib.sha256(package[name]).hexdigest() == digest, name
    assert package["bagit.txt"].startswith(b"BagIt-Version: 0.97")
    assert "metadata/sword.json" not in package
    return package


def judge_document(document: dict[str, Any], package: dict[str, bytes], *, whole: bool) -> None:
    """Hold the deposit's JSON-LD to 3.5."""
    assert "https://w3id.org/ro/crate/1.1/context" in document["@context"]
    entities = {one["@id"]: one for one in document["@graph"]}
    assert len(entities) == len(document["@graph"])
    root = entities[entities["ro-crate-metadata.json"]["about"]["@id"]]
    assert {"identifier", "uri"}.isdisjoint(root), "WEKO would take them for its own record"
    assert root["wk:index"] == [INDEX]
    assert root["wk:publishStatus"] == "public"
    assert bool(root["wk:saveAsIs"]) == whole
    assert "wk:grant" not in root
    parts = [one["@id"] for one in root["hasPart"]]
    assert not [one for one in parts if urlsplit(one).scheme and urlsplit(one).netloc]
    assert sorted(f"data/{one}" for one in parts) == sorted(
        name for name in package if name.startswith("data/") and name != "data/" + DESCRIPTOR
    )
    for path in parts:
        file = entities[path]
        assert file["@type"] == "File"
        if "/" not in path and quote(path, safe="") == path:
            assert file["name"] == path
        assert len(quote(path, safe="")) <= 255
        assert file["dcterms:accessRights"] in {"open_access", "open_date", "open_login", "open_no"}
    leaves = dict(leaves_of(root, entities, ("./",)))
    taken = set(json.loads(MAPPING_FILE.read_text()).values())
    read = {re.sub(r"\[\d+\]", "", path): value for path, value in leaves.items()}
    assert read["dc:title.value"] == "琵琶湖の水位 <b>&"
    assert {"dc:title.value", "dc:type.value"} <= taken & read.keys()


def leaves_of(
    value: Any, entities: dict[str, Any], above: tuple[str, ...], path: str = ""
) -> Iterator[tuple[str, Any]]:
    """Yield what WEKO reads: references inlined, which must never lead back."""
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from leaves_of(one, entities, above, f"{path}[{number}]")
    elif not isinstance(value, dict):
        yield path, value
    elif set(value) == {"@id"} and value["@id"] in entities:
        assert value["@id"] not in above, f"{path} leads back to {value['@id']}"
        inner = entities[value["@id"]]
        yield from leaves_of(inner, entities, (*above, value["@id"]), path)
    else:
        for key, one in value.items():
            if key != "@type":
                yield from leaves_of(one, entities, above, f"{path}.{key}".lstrip("."))
