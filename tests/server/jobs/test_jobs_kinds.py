"""What each kind of job gives, from the order to the result, by real workers."""

import json
import zipfile

import pytest

from recrate.model.errors import BadInput, Conflict, NotFound
from recrate.model.fix import Fix
from recrate.model.wire import from_plain
from recrate_server.contract import contract
from recrate_server.jobs.model import Status, document
from recrate_server.jobs.orders import (
    CheckOrder,
    JudgeOrder,
    PackOrder,
    ReplayOrder,
    ScanOrder,
    VerifyOrder,
)
from server.jobs.desks import done, opened


def assert_contract(name: str, value: object) -> None:
    complaints = list(contract().complaints(contract().schema(name), value))
    assert not complaints, complaints[:3]


async def test_a_scan_tells_what_is_in_the_study(settings, study):
    async with opened(settings) as desk:
        order = ScanOrder(path="study", kernel="python3")
        job = await done(desk, await desk.accept(order, user="me", title="study", source=study))
        assert job.status is Status.DONE, job.error
        result = await desk.result(job.id)
        assert [one["path"] for one in result["notebooks"]] == ["first.ipynb", "second.ipynb"]
        assert result["files"]["count"] == 2
        assert job.summary.warnings == sum(
            one["severity"] == "warning" for one in result["findings"]
        )
        assert result["kernel"]["name"] == "python3"
        licence = next(one for one in result["findings"] if one["code"] == "no-licence")
        assert [fix["kind"] for fix in licence["fixes"]] == ["choose-licence"]
        assert from_plain(licence["fixes"][0], Fix).choices
        assert_contract("ScanResult", result)
        assert_contract("Job", document(job))
        for event in (await desk.events(job.id))[1]:
            assert_contract("Event", document(event))


async def test_a_study_is_packed_and_nothing_else_is_left_beside_it(settings, study, tmp_path):
    crate = tmp_path / "out" / "study.crate.zip"
    crate.parent.mkdir()
    order = PackOrder(path="study", destination="out/study.crate.zip", locked=False)
    async with opened(settings) as desk:
        job = await done(
            desk,
            await desk.accept(order, user="me", title="study", source=study, destination=crate),
        )
        assert job.status is Status.DONE, job.error
        result = await desk.result(job.id)
        assert_contract("PackResult", result)
        assert result["crate"] == "out/study.crate.zip"
        assert result["size_bytes"] == crate.stat().st_size
        assert result["verified"] is None
        assert [path.name for path in crate.parent.iterdir()] == ["study.crate.zip"]
        assert "first.ipynb" in zipfile.ZipFile(crate).namelist()
        check = CheckOrder(path="out/study.crate.zip")
        checked = await done(desk, await desk.accept(check, user="me", title="x", source=crate))
        found = await desk.result(checked.id)
        assert found["valid"] is True, found
        assert_contract("CheckResult", found)


async def test_a_run_is_judged_again_and_its_summary_follows(settings, study):
    async with opened(settings) as desk:
        changes = []
        desk.on_change(lambda job: changes.append((job.kind.value, job.status.value)))
        order = VerifyOrder(path="study", environment="current")
        run = await done(desk, await desk.accept(order, user="me", title="x", source=study))
        assert run.status is Status.DONE, run.error
        assert run.summary.verdict == "different"
        assert_contract("ReplayResult", await desk.result(run.id))
        judge = JudgeOrder(
            path="study",
            run=run.id,
            notebook="second.ipynb",
            cell=0,
            output=0,
            waiver="accept",
            reason="translated",
            person="Hanako",
        )
        judged = await done(desk, await desk.accept(judge, user="me", title="x"))
        assert judged.status is Status.DONE, judged.error
        assert judged.parent == run.id
        assert_contract("JudgeResult", await desk.result(judged.id))
        again = await desk.read(run.id)
        assert again.summary.verdict == "identical"
        assert again.summary.coverage.waived == 1
        assert again.ended == run.ended
        result = await desk.result(run.id)
        assert result["verdict"] == "identical"
        assert_contract("ReplayResult", result)
        assert changes[-1] == ("verify", "done")
        # The crate that is packed from the same study may tell of it.
        crate = study.parent / "study.crate.zip"
        pack = PackOrder(path="study", destination="study.crate.zip", verified_by=run.id)
        packed = await done(
            desk,
            await desk.accept(pack, user="me", title="x", source=study, destination=crate),
        )
        found = await desk.result(packed.id)
        assert found["identity"] == again.summary.identity
        assert found["verified"] == "identical"
        assert found["changes"] is None
        (study / "new.txt").write_text("another study now")
        packed = await done(
            desk,
            await desk.accept(pack, user="me", title="x", source=study, destination=crate),
        )
        found = await desk.result(packed.id)
        assert found["verified"] is None
        assert found["changes"]["added"] == ["new.txt"]
        assert_contract("PackResult", found)


async def test_a_crate_that_cannot_be_read_is_a_problem_that_says_so(settings, tmp_path):
    broken = tmp_path / "broken.crate.zip"
    broken.write_bytes(b"PK\x05\x06 this is no crate")
    async with opened(settings) as desk:
        order = ReplayOrder(path="crates/broken.crate.zip")
        job = await done(desk, await desk.accept(order, user="me", title="x", source=broken))
        assert job.status is Status.FAILED
        assert job.resumable
        assert job.error.reason in {"bad-crate", "bad-input", "refused"}
        told = json.dumps(document(job))
        assert str(tmp_path) not in told
        assert "crates/broken.crate.zip" in job.error.where
        assert_contract("Job", document(job))
        with pytest.raises(Conflict):
            await desk.result(job.id)


async def test_a_worker_that_cannot_even_begin_is_a_fault_of_ours(settings, study):
    async with opened(settings, workers={"Scan": {"file_size_limit": "many"}}) as desk:
        order = ScanOrder(path="study")
        job = await done(desk, await desk.accept(order, user="me", title="x", source=study))
        assert job.status is Status.FAILED
        assert job.error.reason == "bad-input"
        assert "file_size_limit" in job.error.message


async def test_only_a_run_that_is_done_can_be_judged(settings, study):
    async with opened(settings) as desk:
        scan = await desk.accept(ScanOrder(path="study"), user="me", title="x", source=study)
        place = {"notebook": "a.ipynb", "cell": 0, "output": 0, "waiver": "accept"}
        nothing = JudgeOrder(path="x", run="0" * 32, reason="so", **place)
        with pytest.raises(NotFound):
            await desk.accept(nothing, user="me", title="x")
        no_run = JudgeOrder(path="x", run=scan.id, reason="so", **place)
        with pytest.raises(BadInput, match="only a replay"):
            await desk.accept(no_run, user="me", title="x")
        await done(desk, scan)


async def test_a_deleted_job_leaves_no_folder_and_keeps_the_crate(settings, study, tmp_path):
    crate = tmp_path / "study.crate.zip"
    order = PackOrder(path="study", destination="study.crate.zip", locked=False)
    async with opened(settings) as desk:
        job = await desk.accept(order, user="me", title="x", source=study, destination=crate)
        with pytest.raises(Conflict):
            await desk.delete(job.id)
        await done(desk, job)
        await desk.delete(job.id)
        with pytest.raises(NotFound):
            await desk.read(job.id)
        assert crate.is_file()
        assert [*desk.folder(job.id).root.parent.iterdir()] == []
