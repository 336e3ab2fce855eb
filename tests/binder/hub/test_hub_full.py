"""The disk of the service fills up: each launch says so, nothing is lost, and space heals it."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hubs import Hub, opened_hub

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(480)]

_FILLER = "filler"


@pytest.fixture(scope="module")
def tight(web, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub whose shared folder is a disk of its own."""
    if os.getuid():
        pytest.skip("only root can mount a small disk")
    folder = tmp_path_factory.mktemp("tight")
    shared = folder / "shared"
    shared.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400m", "tight", shared], check=True)
    settings = {**web.settings, "Relaunch": {"verdicts_online": False}}
    try:
        with opened_hub(folder, settings) as hub:
            yield hub
    finally:
        subprocess.run(["umount", "-l", shared], check=True)


def _fill(shared: Path, left: int) -> None:
    """Leave `left` bytes free; 0: not one."""
    with (shared / _FILLER).open("ab") as filler:
        kept = os.statvfs(shared)
        more = kept.f_bavail * kept.f_frsize - left
        while more > 0:
            more -= filler.write(b"\0" * min(more, 1 << 20))


def _failed(hub: Hub, person, launch) -> dict[str, object]:
    failed = person.until(launch, "failed", seconds=120)
    assert failed["problem"]["code"] == "disk-full", failed["problem"]
    assert str(hub.shared) not in failed["problem"]["detail"]
    assert hub.service_answers()
    work = hub.shared / "service" / "work"
    hub.until(lambda: not list(work.glob("*")), 60, "folders of works")
    return failed


@pytest.mark.parametrize(
    ("stage", "left", "requirements"),
    [
        ("fetch", 64 << 10, "six==1.16.0\n"),
        ("environment", 1 << 20, "six==1.16.0\ntoolz==0.11.2\n"),
    ],
    ids=["fetch", "environment"],
)
def test_a_disk_that_is_full_is_named_and_after_it_was_cleared_the_launch_is_ready(
    tight: Hub, web, small_study, stage, left, requirements
):
    crate = small_study(stage, requirements).crate.read_bytes()
    doi = web.publish(crate)
    person = tight.person(f"hanako-{stage}")
    try:
        _fill(tight.shared, left)
        failed = _failed(tight, person, person.launch(doi))
        assert [one["name"] for one in failed["stages"] if one["status"] == "failed"] == [stage]
    finally:
        (tight.shared / _FILLER).unlink()
    launch = person.ready(person.launch(doi), 200)
    assert person.opened(launch).status()["kernels"] == 0
    person.stop(launch)


def test_a_service_that_cannot_write_a_line_says_so_and_goes_on_when_it_can(tight: Hub, web, small):
    doi = web.publish(small.crate.read_bytes())
    person = tight.person("taro")
    try:
        with (tight.shared / _FILLER).open("wb", buffering=0) as filler:
            try:
                while filler.write(b"\0" * 4096):
                    pass
            except OSError:
                pass
        answer = person.ask("POST", "launches", {"where": doi})
        assert answer.status_code == 507, answer.text
        assert answer.json()["code"] == "disk-full"
        assert tight.service_answers()
    finally:
        (tight.shared / _FILLER).unlink()
    launch = person.ready(person.launch(doi), 200)
    person.stop(launch)
