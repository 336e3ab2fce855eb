"""What the runner `container` asks, what its command lines and its image are made of; as text."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from recrate.flow.tasks import TaskOrder
from recrate.model.campaign import CampaignOptions, TaskLimits
from recrate.model.errors import BadInput, OutsideFailed
from recrate.model.runner import Attempt
from recrate.outside.grants import usual_memory_bytes
from recrate.runners.runner import Depot
from recrate_binder.container import runner_apptainer
from recrate_binder.container.engine import Engine
from recrate_binder.container.runner import ContainerRunner
from recrate_binder.container.runner_boxes import (
    WORKER_BYTES,
    Terms,
    box_of,
    memory_of,
    minor_of,
    write_terms,
)
from recrate_binder.container.runner_image import ImageOrder, Wares
from recrate_binder.container.runner_options import Answers
from recrate_binder.container.runner_places import OnApptainer
from recrate_binder.container.runner_walls import Box, command_of, seen, user_of

WARES = Wares(line="recrate==1", wheel=None, state="1", pins=("numpy==2.0",))


@pytest.fixture
def box(tmp_path: Path) -> Box:
    comma = tmp_path / "a, b"
    comma.mkdir()
    return Box(
        name="recrate-c-0-1",
        campaign="c",
        owner="1:2.00",
        image="localhost/i",
        readable=(comma,),
        writable=(tmp_path,),
        memory_bytes=1 << 30,
        processors=2,
        seconds=60.0,
        network=True,
        variables=tmp_path / "variables",
        inner=("/p", "-m", "recrate.worker", "/f"),
        hostname="node-container",
    )


def test_podman_gets_every_limit_and_nothing_secret(box: Box, engine: Engine) -> None:
    told = command_of(box, engine)
    line = " ".join(told)
    for part in (
        "--read-only", "--cap-drop all", "--security-opt no-new-privileges", "--memory 1073741824",
        "--memory-swap 1073741824", "--cpus 2", "--pids-limit 8192", "--uidmap 0:0:65536",
        "--label recrate.campaign=c", "--label recrate.owner=1:2.00", "--rm", "--pull never",
    ):  # fmt: skip
        assert part in line, part
    assert "--privileged" not in line
    assert "seccomp=" not in line, "the engine's own filter stays"
    assert "unmask" not in line, "what engines cover in /proc stays covered"
    assert "--network" not in told
    assert told[-4:] == ["/p", "-m", "recrate.worker", "/f"]
    assert told[-5] == "180", "its keeper ends it, when nobody else does"
    assert "none" in command_of(replace(box, network=False), engine)
    assert f'type=bind,"source={box.readable[0]}"' in line, "a comma in a name is no next word"


def test_without_root_podman_needs_no_map_and_docker_runs_the_worker_as_the_person(
    box: Box, engine: Engine
) -> None:
    rootless = replace(engine, rootless=True)
    assert "--uidmap" not in command_of(box, rootless)
    assert user_of(rootless) == (0, 0)
    docker = replace(engine, name="docker", program="docker")
    assert user_of(docker) == (os.getuid(), os.getgid())
    told = command_of(replace(box, user=(1000, 1001), gpus="all"), docker)
    assert told[-7:-4] == ["1000", "1001", "180"]
    assert told[told.index("--gpus") + 1] == "all"
    assert "nvidia.com/gpu=1" in command_of(replace(box, gpus="1"), engine)


def test_a_folder_behind_a_link_is_seen_under_both_names(tmp_path: Path) -> None:
    """An environment names its real place, an order the one that it was given."""
    real = tmp_path / "real"
    real.mkdir()
    link = tmp_path / "link"
    link.symlink_to(real)
    assert seen((link,)) == ((real, link), (real, real))
    assert seen((real,)) == ((real, real),)


def test_apptainer_is_told_the_same_in_its_own_words(box: Box, tmp_path: Path) -> None:
    """Text alone: apptainer is not on the machines where this is tested."""
    told = runner_apptainer.command_of(
        replace(box, network=False, gpus="all"), "apptainer", tmp_path
    )
    line = " ".join(told)
    for part in (
        "exec --containall --no-home", "--memory 1073741824", "--cpus 2", "--pids-limit 8192",
        "--net --network none", "--nv", f"--workdir {tmp_path}", "--pwd /",
    ):  # fmt: skip
        assert part in line, part
    assert f'type=bind,"source={box.readable[0]}","destination={box.readable[0]}",ro' in line
    assert f"type=bind,source={tmp_path},destination={tmp_path},rw" in line
    assert told[-5:] == ["180", "/p", "-m", "recrate.worker", "/f"]


def test_apptainer_wants_an_image_that_is_there(tmp_path: Path) -> None:
    program = tmp_path / "apptainer"
    program.write_text("#!/bin/sh\necho apptainer version 1.3\n")
    program.chmod(0o755)
    assert runner_apptainer.find_apptainer({"PATH": str(tmp_path)}) == str(program)
    place = OnApptainer(program=str(program), given="", scratch=tmp_path / "scratch")
    with pytest.raises(BadInput, match="an image that is named"):
        place.have_image("3.11")
    with pytest.raises(OutsideFailed, match="no such image"):
        replace(place, given=str(tmp_path / "no.sif")).have_image("3.11")
    (tmp_path / "3.9.sif").touch()
    named = replace(place, given=str(tmp_path / "{python}.sif"))
    assert named.have_image("3.9") == str(tmp_path / "3.9.sif")


def test_an_image_is_named_by_all_that_it_is_made_of() -> None:
    order = ImageOrder(
        base="python:{python}-slim", minor="3.11", wares=WARES, bundle=None, pull="missing"
    )
    others = (
        replace(order, minor="3.12"),
        replace(order, base="debian:{python}"),
        replace(order, wares=replace(WARES, state="2")),
        replace(order, wares=replace(WARES, pins=("numpy==2.1",))),
        replace(order, wares=replace(WARES, line="recrate==2")),
    )
    assert replace(order, pull="always").name == order.name
    assert len({order.name, *(one.name for one in others)}) == 6


def test_an_old_lock_gets_its_own_python_and_recrate_a_newer_one() -> None:
    order = ImageOrder(
        base="python:{python}-slim", minor="3.8", wares=WARES, bundle=None, pull="missing"
    )
    text = order.dockerfile
    assert text.startswith("FROM python:3.12-slim AS lab\n")
    assert "FROM python:3.8-slim\n" in text
    assert "COPY --from=lab /opt/recrate /opt/recrate" in text
    assert "FROM python:3.8-slim" not in replace(order, base="mine:1").dockerfile
    assert replace(order, minor="3.13").dockerfile.count("FROM ") == 1


def test_a_container_has_room_beside_the_kernel_whose_memory_the_worker_watches(
    tmp_path: Path,
) -> None:
    attempt = Attempt(id="a", folder=str(tmp_path), memory_bytes=1 << 30)
    order = TaskOrder(
        task=0, attempt=0, crate="c", destination="d", options=CampaignOptions(),
        limits=TaskLimits(memory_bytes=1 << 30),
    )  # fmt: skip
    assert memory_of(attempt, None) == 1 << 30
    assert memory_of(attempt, order) == (1 << 30) + WORKER_BYTES
    assert memory_of(replace(attempt, memory_bytes=4 << 30), order) == 4 << 30
    assert memory_of(replace(attempt, memory_bytes=None), None) > usual_memory_bytes()


def test_a_worker_is_told_proxies_and_indexes_and_no_token(tmp_path: Path) -> None:
    terms = Terms(
        campaign="c", owner="1:2", cache=tmp_path / "cache", kept=tmp_path / "kept", python="/p",
        network=True,
    )  # fmt: skip
    outer = {
        "HTTPS_PROXY": "http://proxy:1", "RECRATE_TOKEN_ZENODO": "t", "SSH_AUTH_SOCK": "/s",
        "UV_INDEX_URL": "http://mirror/\nEVIL=1", "no_proxy": "localhost",
    }  # fmt: skip
    write_terms(terms, outer)
    told = dict(line.split("=", 1) for line in terms.variables.read_text().splitlines())
    assert told == {
        "HTTPS_PROXY": "http://proxy:1",
        "no_proxy": "localhost",
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "JUPYTER_CONFIG_DIR": str(terms.configuration),
    }
    assert terms.variables.stat().st_mode & 0o777 == 0o600


def test_an_attempt_without_an_order_still_gets_a_container_that_says_so(tmp_path: Path) -> None:
    terms = Terms(
        campaign="c", owner="1:2", cache=tmp_path / "cache", kept=tmp_path / "kept", python="/p",
        network=False,
    )  # fmt: skip
    attempt = Attempt(id="a", folder=str(tmp_path / "a"))
    made = box_of(attempt, None, terms, "i")
    assert made.writable == (tmp_path / "a", tmp_path / "cache")
    assert made.inner == ("/p", "-m", "recrate.worker", str(tmp_path / "a"))
    assert minor_of(None).startswith("3.")


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"engine": "lxc"}, "engine: 'lxc'"),
        ({"pull": "sometimes"}, "pull: 'sometimes'"),
        ({"network": "maybe"}, "network: 'maybe'"),
        ({"workers": "0"}, "workers: '0'"),
        ({"workers": "many"}, "workers: 'many'"),
        ({"mounts": "data"}, "mounts: data"),
        ({"mounts": "/"}, "mounts: /"),
        ({"mounts": "/no/such/folder"}, "mounts: /no/such"),
        ({"partition": "short"}, "no option 'partition'"),
        ({"ca": "/no/such/file"}, "no such bundle"),
    ],
)
def test_answers_that_make_no_sense_are_bad_input(
    answers: dict[str, str], said: str, tmp_path: Path
) -> None:
    depot = Depot(cache=tmp_path, data=tmp_path, agent="t", python="python")
    with pytest.raises(BadInput, match=said):
        ContainerRunner(answers, depot)


def test_every_option_has_words_in_both_languages_and_its_default_makes_sense() -> None:
    options = ContainerRunner.about.options
    assert all(one.label_en and one.label_ja for one in options)
    assert {one.name for one in options} == set(Answers.__dataclass_fields__) - {"bundle"} | {"ca"}
    Answers.read({one.name: one.default for one in options}, {})
