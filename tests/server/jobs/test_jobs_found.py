"""A check by running finds what nothing declares, and the crate that is packed has it locked."""

from making import notebook_of, stream
from recrate.crate.read import read_crate
from recrate_server.jobs.model import Status
from recrate_server.jobs.orders import PackOrder, VerifyOrder
from server.jobs.desks import done, opened

HIDDEN = "table = __import__('etalubat'[::-1])\nprint(table.tabulate([[1, 2]]))"


async def test_what_a_check_by_running_found_is_in_the_lock_of_the_crate(settings, tmp_path):
    study = tmp_path / "study"
    study.mkdir()
    outputs = {0: [stream("-  -\n1  2\n-  -\n")]}
    (study / "a.ipynb").write_text(notebook_of(HIDDEN, outputs=outputs), "utf-8")
    (study / "requirements.txt").write_text("six==1.16.0\n", "utf-8")
    date = "2024-06-01"
    async with opened(settings) as desk:
        order = VerifyOrder(path="study", as_of=date)
        run = await done(
            desk, await desk.accept(order, user="me", title="x", source=study), seconds=300
        )
        assert run.status is Status.DONE, run.error
        result = await desk.result(run.id)
        assert result["verdict"] == "identical"
        assert "found-by-running" in {one["code"] for one in result["packing"]}
        crate = tmp_path / "study.crate.zip"
        pack = PackOrder(
            path="study", destination="study.crate.zip", verified_by=run.id, as_of=date
        )
        packed = await done(
            desk, await desk.accept(pack, user="me", title="x", source=study, destination=crate)
        )
        found = await desk.result(packed.id)
        assert found["verified"] == "identical"
    lock = read_crate(crate).lock
    assert lock is not None
    assert "tabulate" in {one.name for one in lock.packages}
