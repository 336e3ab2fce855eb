"""The generated `binder/postBuild`, run as repo2docker runs it."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from doubles.serving import served
from recrate.crate.binder_data import post_build
from recrate.crate.plan import make_plan
from recrate.model.study import AccessRight, DataReference

DATA = b"height,time\n1.5,0\n" * 1000


async def _service(scope, _receive, send):
    path = scope["path"]
    status = {"/gone.csv": 404, "/down.csv": 503}.get(path, 200)
    body = DATA if status == 200 else b"no"
    if path == "/grown.csv":
        body += b"more"
    length = str(len(body) + (10 if path == "/cut.csv" else 0)).encode()
    headers = [(b"content-type", b"text/csv"), (b"content-length", length)]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(_service) as port:
        yield f"http://127.0.0.1:{port}"


def reference(path: str, url: str, **more) -> DataReference:
    return DataReference(
        path=path, url=url, sha256=hashlib.sha256(DATA).hexdigest(), size_bytes=len(DATA), **more
    )


def run(folder: Path, *references: DataReference) -> tuple[int, str]:
    """Run the script in a study's folder, without waiting between tries."""
    text = post_build(references).replace("2 ** attempt", "0.01")
    script = folder / "postBuild"
    script.write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], cwd=folder, capture_output=True, timeout=60, check=False
    )
    return done.returncode, done.stdout.decode("utf-8") + done.stderr.decode("utf-8")


def test_the_data_lie_where_the_notebooks_read_them_verified(tmp_path, address):
    name = "data/潮 \"位\"'''.csv"
    code, told = run(tmp_path, reference(name, f"{address}/tides.csv"))
    assert code == 0, told
    assert (tmp_path / name).read_bytes() == DATA


@pytest.mark.parametrize("path", ["/gone.csv", "/grown.csv"])
def test_what_is_gone_or_changed_is_left_out_told_and_the_rest_is_built(tmp_path, address, path):
    good = reference("good.csv", f"{address}/tides.csv")
    code, told = run(tmp_path, reference("bad.csv", address + path), good)
    assert code == 0
    assert "bad.csv: left out" in told
    assert [one.name for one in tmp_path.glob("*.csv*")] == ["good.csv"]


@pytest.mark.parametrize("path", ["/down.csv", "/cut.csv"])
def test_what_cannot_be_reached_now_ends_the_build_and_leaves_no_half_file(tmp_path, address, path):
    code, told = run(tmp_path, reference("bad.csv", address + path))
    assert code == 1, told
    assert not list(tmp_path.glob("bad.csv*"))


def test_a_wrong_checksum_is_never_put_in_place(tmp_path, address):
    other = DataReference(path="in.csv", url=f"{address}/x.csv", sha256="0" * 64, size_bytes=99999)
    code, told = run(tmp_path, other)
    assert code == 0
    assert "another SHA-256" in told
    assert not (tmp_path / "in.csv").exists()


@pytest.mark.parametrize("path", ["/etc/recrate-x", "../x.csv", "a/../../x.csv"])
def test_no_reference_is_written_outside_the_study(tmp_path, address, path):
    study = tmp_path / "study"
    study.mkdir()
    code, told = run(study, reference(path, f"{address}/tides.csv"))
    assert code == 1
    assert "leads out of the study" in told
    assert not list(tmp_path.rglob("*.csv"))


def test_what_is_not_published_is_told_with_its_conditions(tmp_path):
    code, told = run(
        tmp_path,
        reference("in.csv", "", access=AccessRight.SHARED, conditions="ask the harbour office"),
    )
    assert code == 0
    assert "in.csv: is not published: ask the harbour office" in told


def test_the_script_is_packed_where_there_are_references_and_only_there(study):
    assert "binder/postBuild" not in dict(study.plan().generated)
    described = replace(study.description, references=(reference("data/in.csv", "https://x.org/"),))
    plan = make_plan(study.inventory(), described, study.lock, created="2024-01-02", agent="r 1")
    assert b"https://x.org/" in dict(plan.generated)["binder/postBuild"]
