"""What is said before anything is built, and how an engine and its base image are found."""

import os
import re
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from containers import Podman
from launching import Launchable
from recrate.crate.read import read_crate
from recrate.launch.target import Cargo, Workshop
from recrate.model.errors import BadInput, OutsideFailed
from recrate.model.launch import LaunchOrder
from recrate_binder.container import checks
from recrate_binder.container.bases import bundle_of, make_trusting, trusting
from recrate_binder.container.builds import BuildOrder
from recrate_binder.container.engine import Engine, find_engine
from recrate_binder.container.kept import owner_lives, owner_now
from recrate_binder.container.reasons import reason_in
from recrate_binder.container.running import RunOrder, command_of
from recrate_binder.container.target import Container


@pytest.fixture
def cargo(tides: Launchable) -> Cargo:
    return Cargo(crate=read_crate(tides.crate), path=tides.crate, address=None, doi=None)


def _codes(found: tuple[object, ...]) -> list[str]:
    return [one.code for one in found]  # type: ignore[attr-defined]


def test_nothing_is_said_of_a_crate_that_can_be_launched(cargo: Cargo, workshop: Workshop) -> None:
    assert Container({}, workshop).check(cargo, LaunchOrder()) == ()


def test_without_an_engine_the_packages_to_install_are_named(
    cargo: Cargo, workshop: Workshop, tmp_path: Path
) -> None:
    bare = replace(workshop, variables={"PATH": str(tmp_path)})
    (found,) = Container({}, bare).check(cargo, LaunchOrder())
    assert found.code == "no-container-engine"
    assert "apt install podman" in found.hint


def test_an_engine_that_does_not_answer_is_said_so(
    cargo: Cargo, workshop: Workshop, tmp_path: Path
) -> None:
    docker = tmp_path / "docker"
    docker.write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2\nexit 1\n")
    docker.chmod(0o755)
    asked = replace(workshop, variables={"PATH": f"{tmp_path}:/bin:/usr/bin"})
    (found,) = Container({"engine": "docker"}, asked).check(cargo, LaunchOrder())
    assert "Cannot connect to the Docker daemon" in found.message
    assert "start its daemon" in found.hint
    with pytest.raises(OutsideFailed, match="does not answer"):
        find_engine("docker", asked.variables)


def test_an_engine_that_nobody_knows_is_bad_input() -> None:
    with pytest.raises(BadInput, match="no container engine 'lxc'"):
        find_engine("lxc", os.environ)


def test_crates_that_no_image_can_be_made_of_are_refused(cargo: Cargo, workshop: Workshop) -> None:
    lock = cargo.crate.lock
    assert lock is not None
    target = Container({}, workshop)
    for changed, code in (
        (None, "no-lock-for-image"),
        (replace(lock, language="julia"), "language-not-in-image"),
    ):
        other = replace(cargo, crate=replace(cargo.crate, lock=changed))
        assert code in _codes(target.check(other, LaunchOrder()))


def test_limits_that_cannot_work_are_said_before(cargo: Cargo, workshop: Workshop) -> None:
    target = Container({}, workshop)
    assert _codes(target.check(cargo, LaunchOrder(memory_bytes=1 << 20))) == ["too-little-memory"]
    more = psutil.virtual_memory().total * 2
    assert _codes(target.check(cargo, LaunchOrder(memory_bytes=more))) == [
        "more-memory-than-there-is"
    ]


def _checked(cargo: Cargo, order: LaunchOrder, engine: Engine) -> list[str]:
    build = BuildOrder(
        crate=cargo.path, identity="0" * 64, base="none", recipe=(), folder=cargo.path.parent
    )
    return _codes(checks.check(cargo, order, engine=lambda: engine, build=lambda: build))


def test_an_engine_elsewhere_is_reached_with_the_network_only(cargo: Cargo, engine: Engine) -> None:
    apart = replace(engine, apart=True, store=None)
    assert _checked(cargo, LaunchOrder(), apart) == ["engine-in-a-virtual-machine"]
    assert _checked(cargo, LaunchOrder(network=True), apart) == []


def test_another_kind_of_machine_and_a_full_disk_are_refused(
    cargo: Cargo, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _checked(cargo, LaunchOrder(), replace(engine, machine="s390x")) == [
        "machine-not-supported"
    ]
    monkeypatch.setattr(checks, "NEEDED_BYTES", 1 << 60)
    assert _checked(cargo, LaunchOrder(), engine) == ["no-space-for-image"]


def test_a_bundle_of_authorities_is_taken_from_the_answer_then_from_the_environment(
    tmp_path: Path,
) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text("-----BEGIN CERTIFICATE-----\n")
    told = {"SSL_CERT_FILE": str(bundle)}
    assert bundle_of("", told) == bundle
    assert bundle_of("no", told) is None
    assert bundle_of("", {}) is None
    assert bundle_of("", {"SSL_CERT_FILE": str(tmp_path / "gone")}) is None
    with pytest.raises(BadInput, match="no such bundle"):
        bundle_of(str(tmp_path / "gone"), {})
    (tmp_path / "empty").write_text("nothing")
    with pytest.raises(BadInput, match="holds no certificate"):
        bundle_of(str(tmp_path / "empty"), {})


def test_a_base_that_trusts_a_bundle_holds_it_and_is_made_once(
    engine: Engine, podman: Podman, python_base: str, tmp_path: Path
) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text("-----BEGIN CERTIFICATE-----\nof ours\n")
    name = trusting(python_base, bundle)
    make_trusting(python_base, bundle, engine)
    made = podman("image", "inspect", "--format", "{{.Id}}", name).stdout
    make_trusting(python_base, bundle, engine)
    assert podman("image", "inspect", "--format", "{{.Id}}", name).stdout == made
    read = "import os; print(open(os.environ['PIP_CERT']).read())"
    assert "of ours" in podman("run", "--rm", name, "python3", "-c", read).stdout
    podman("image", "rm", name)
    with pytest.raises(OutsideFailed, match="the base image cannot be had"):
        make_trusting("localhost/there-is-none:1", bundle, engine)


def test_the_same_content_has_the_same_image_and_any_other_another(tmp_path: Path) -> None:
    order = BuildOrder(
        crate=tmp_path, identity="a" * 64, base="b", recipe=("recrate 1",), folder=tmp_path
    )
    others = (
        replace(order, identity="c" * 64),
        replace(order, base="d"),
        replace(order, recipe=("recrate 2",)),
    )
    assert replace(order, crate=tmp_path / "elsewhere").image == order.image
    assert len({order.image, *(one.image for one in others)}) == 4


@pytest.mark.filterwarnings("ignore:pythonjsonlogger:DeprecationWarning")  # repo2docker's own
def test_every_stage_of_a_marked_dockerfile_bears_the_label() -> None:
    from recrate_binder.container.repo2docker_engine import marked_text  # noqa: PLC0415

    text = "ARG A=b\nFROM ${A} AS one\nRUN x\nfrom one as two\nCOPY --from=one /a /a\n"
    marked = marked_text(text)
    assert re.findall(r"(?m)^(?:FROM|from).*\n(.*)", marked) == ["LABEL org.recrate.layer=1"] * 2
    assert marked.replace("LABEL org.recrate.layer=1\n", "") == text


def test_no_command_line_holds_the_token_or_the_words_of_a_stranger(
    order: RunOrder, engine: Engine
) -> None:
    told = command_of(order, engine, order.folder / "variables")
    assert not [part for part in told if order.variables["JUPYTER_TOKEN"] in part]
    assert told[told.index("--network") :][:2] == ["--network", "none"]


def test_an_owner_is_known_by_its_start_too() -> None:
    now = owner_now()
    assert owner_lives(now)
    assert not owner_lives(f"{os.getpid()}:1.00")
    assert not owner_lives("999999999:1.00")
    assert not owner_lives("")


def test_the_reason_of_a_failed_build_is_the_sentence_of_the_build_pack(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("recrate: a crate\nSTEP\nrecrate: x is not on the index\nhint: look\nTrace\n")
    assert reason_in(log, 1).message == "x is not on the index"
    assert reason_in(log, 1).hint == "look"
    assert reason_in(log, -9).message == "it was killed"
    log.write_text("writing blob: No space left on device\nrecrate: the build failed\n")
    assert reason_in(log, 1).message == "the disk is full"
    log.write_text("\x1b[31mred\x1b[0m\n")
    assert reason_in(log, 1).message == "red"
    assert reason_in(tmp_path / "none", 1).message == "it said nothing"
