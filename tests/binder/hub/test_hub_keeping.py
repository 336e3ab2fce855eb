"""What is kept and what is remembered, without a hub."""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from traitlets.config import Config

from recrate.configuration import settings_from
from recrate.flow.launching import verdicts_folder
from recrate.model.errors import BadInput, NotFound
from recrate_binder.hub.__main__ import kept_secret
from recrate_binder.hub.configuring import SCOPES, configure
from recrate_binder.hub.hubapi import HubBusy
from recrate_binder.hub.keeping import holdings, surplus, take_away
from recrate_binder.hub.limits import refuse_beyond
from recrate_binder.hub.model import Launch, Problem
from recrate_binder.hub.problems import Limited
from recrate_binder.hub.settings import read_config, settings_of
from recrate_binder.hub.shared import prepared_path
from recrate_binder.hub.singleuser import hub_sessions, take_away_old
from recrate_binder.hub.store import Store


def shared_with(folder: Path, *names: str, size: int = 1000) -> tuple[Path, dict[str, float]]:
    """Make a shared folder of crates and environments; each was used later than the last."""
    uses = {}
    for number, name in enumerate(names):
        key = f"{number:032x}"
        crate = folder / "cache" / "crates" / "files" / "ab" / name / "study.crate.zip"
        home = folder / "cache" / "environments" / f"of-{name}"
        for place in (crate, home / "venv" / "python"):
            place.parent.mkdir(parents=True)
            place.write_bytes(b"x" * size)
        note = {
            "location": crate.relative_to(folder).as_posix(),
            "environments": {"python": {"folder": str(home / "venv")}},
        }
        prepared_path(folder, key).parent.mkdir(exist_ok=True)
        prepared_path(folder, key).write_text(json.dumps(note))
        uses[key] = float(number)
    return folder, uses


def test_what_was_not_used_for_longest_goes_first_and_what_is_held_never(tmp_path):
    shared, uses = shared_with(tmp_path, "first", "second", "third")
    kept = holdings(shared, uses)
    assert sum(one.size_bytes for one in kept) == 6000
    going = surplus(kept, held={f"{0:032x}"}, quota_bytes=4000)
    assert {one.path.name for one in going} == {"second", "of-second"}
    take_away(shared, going)
    assert not prepared_path(shared, f"{1:032x}").exists()
    left = holdings(shared, uses)
    assert {one.path.name for one in left} == {"first", "of-first", "third", "of-third"}


def test_with_everything_held_nothing_goes(tmp_path):
    shared, uses = shared_with(tmp_path, "first", "second")
    assert surplus(holdings(shared, uses), held=set(uses), quota_bytes=0) == ()


def test_an_environment_that_two_crates_share_stays_while_one_is_held(tmp_path):
    shared, uses = shared_with(tmp_path, "first", "second")
    note = json.loads(prepared_path(shared, f"{1:032x}").read_text())
    note["environments"]["python"]["folder"] = str(shared / "cache/environments/of-first/venv")
    prepared_path(shared, f"{1:032x}").write_text(json.dumps(note))
    going = surplus(holdings(shared, uses), held={f"{1:032x}"}, quota_bytes=0)
    assert {one.path.name for one in going} == {"first", "of-second"}


@pytest.mark.parametrize("key", ["../../etc/passwd", "", "A" * 32, "0" * 31, "0" * 32 + "\n"])
def test_what_is_no_key_names_no_file(tmp_path, key):
    with pytest.raises(BadInput):
        prepared_path(tmp_path, key)


def make_launch(number: int, **given) -> Launch:
    return Launch(
        id=f"{number:032x}", user=given.pop("user", "hanako"), where="10.5072/x", key="x",
        server=f"relaunch-{number}", created=float(number), updated=float(number), **given,
    )  # fmt: skip


def test_a_launch_is_read_back_as_it_was_also_by_another_service(tmp_path):
    store = Store(tmp_path / "launches.sqlite")
    problem = Problem(title="t", detail="説明", hint="h", code="refused")
    launches = [make_launch(1, status="ready"), make_launch(2, problem=problem, status="failed")]
    for one in launches:
        store.put(one)
    store.close()
    again = Store(tmp_path / "launches.sqlite")
    assert again.of_user("hanako") == (launches[1], launches[0])
    assert again.held() == (launches[0],)
    assert again.of_user("taro") == ()
    with pytest.raises(NotFound):
        again.read("0" * 32)
    again.forget_before(10.0)
    assert again.of_user("hanako") == (launches[0],), "what holds something is never forgotten"
    again.close()


def test_the_expected_time_is_the_median_of_crates_of_like_size(tmp_path):
    store = Store(tmp_path / "launches.sqlite")
    assert store.expected_seconds("fetch", 1000) is None
    for moment, (size, seconds) in enumerate([(1000, 1.0), (1500, 3.0), (900, 2.0)] * 2):
        store.note_time("fetch", size, seconds, moment)
    for moment in range(9):
        store.note_time("fetch", 10**9, 500.0, moment)
    assert store.expected_seconds("fetch", 1000) == 2.0
    assert store.expected_seconds("fetch", 10**9) == 500.0
    assert store.expected_seconds("start", 1000) is None
    store.close()


def test_the_places_of_all_are_counted_too_and_ended_launches_are_not(tmp_path):
    store = Store(tmp_path / "launches.sqlite")
    config = Config({"Relaunch": {"shared": str(tmp_path), "sessions": 2}})
    settings = settings_of(config)
    held = [make_launch(1, user="a"), make_launch(2, user="b", status="ready")]
    with pytest.raises(Limited, match="all places"):
        refuse_beyond(held, store, settings, "c", 100.0)
    refuse_beyond([held[0], make_launch(3, status="stopped")], store, settings, "c", 100.0)
    store.close()


def test_old_sessions_go_and_one_that_is_served_stays(tmp_path):
    settings = replace(settings_from(Config()), data=tmp_path)
    folder = hub_sessions(tmp_path)
    for name in ("old", "served", "new", "half-made"):
        (folder / name).mkdir(parents=True)
        if name != "half-made":
            (folder / name / "session.json").write_text("{}")
    verdict = verdicts_folder(settings, "old") / "jobs" / "1" / "result" / "verdict.json"
    verdict.parent.mkdir(parents=True)
    verdict.write_text("{}")
    program = (
        "import sys, time; from pathlib import Path\n"
        "from recrate_binder.hub.singleuser import hold\n"
        f"hold(Path({str(folder / 'served')!r}))\n"
        "import os; os.execv(sys.executable, [sys.executable, '-c', "
        "\"print('held', flush=True); import time; time.sleep(60)\"])"
    )
    server = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert server.stdout is not None
    with server.stdout as said:
        assert said.readline() == b"held\n", "it holds on as another program, too"
        long_ago = time.time() - 10_000
        for name in ("old", "served", "half-made"):
            os.utime(folder / name, (long_ago, long_ago))
        assert set(take_away_old(settings, older_than_seconds=5000)) == {"old", "half-made"}
        server.kill()
        server.wait(10)
    assert take_away_old(settings, older_than_seconds=5000) == ("served",)
    assert [one.name for one in folder.iterdir()] == ["new"]
    assert verdict.is_file(), "a verdict outlives its session"


def test_cookies_are_signed_with_the_same_secret_by_the_next_service(tmp_path):
    made = kept_secret(tmp_path / "cookie_secret")
    assert len(made) == 32
    assert (tmp_path / "cookie_secret").stat().st_mode & 0o777 == 0o600
    assert kept_secret(tmp_path / "cookie_secret") == made
    (tmp_path / "cookie_secret").write_bytes(b"cut")
    assert len(kept_secret(tmp_path / "cookie_secret")) == 32


def test_nobody_is_sent_away_for_longer_than_an_hour(tmp_path):
    store = Store(tmp_path / "launches.sqlite")
    settings = settings_of(Config({"Relaunch": {"shared": str(tmp_path), "launches_per_hour": 1}}))
    for ahead, seconds in ((86400.0, 3600.0), (-3000.0, 600.0)):
        store.put(replace(make_launch(1, status="failed"), created=50_000.0 + ahead))
        with pytest.raises(Limited) as limited:
            refuse_beyond([], store, settings, "hanako", 50_000.0)
        assert limited.value.retry_after_seconds == seconds
    store.close()


@pytest.mark.parametrize(
    ("said", "seconds"), [("3", 3.0), ("99999", 60.0), ("", 10.0), ("soon", 10.0), ("0", 1.0)]
)
def test_a_busy_hub_is_asked_again_when_it_says_but_within_a_minute(said, seconds):
    assert HubBusy(said).seconds == seconds


def test_an_operators_file_keeps_what_it_had_and_gives_the_service_little():
    c = Config()
    c.JupyterHub.services = [{"name": "mine"}]
    c.JupyterHub.load_roles = [{"name": "user", "scopes": ["self", "list:users"]}]
    configure(c, shared="/srv/recrate", settings={"Relaunch": {"sessions_per_user": 1}})
    names = [one["name"] for one in c.JupyterHub.services]
    assert names == ["mine", "relaunch", "relaunch-culler"]
    roles = {one["name"]: one["scopes"] for one in c.JupyterHub.load_roles}
    assert roles["user"] == ["self", "list:users", "access:services!service=relaunch"]
    assert roles["relaunch"] == list(SCOPES)
    assert not [one for one in roles["relaunch"] if one.startswith("admin")]
    told = c.JupyterHub.services[1]["environment"]
    settings = settings_of(read_config(Config(), told))
    assert (settings.sessions_per_user, settings.shared) == (1, Path("/srv/recrate"))
    assert settings.rooms.environment.build is False


@pytest.mark.parametrize(
    ("bound", "reached"),
    [
        ("http://127.0.0.1:8001", "http://127.0.0.1:8001"),
        ("http://:8000/base/", "http://127.0.0.1:8000"),
        ("https://hub.example.org", ""),
        (None, ""),
    ],
)
def test_the_service_knows_the_proxy_that_an_operator_named(bound, reached):
    c = Config()
    if bound is not None:
        c.JupyterHub.bind_url = bound
    configure(c, shared="/srv/recrate")
    told = c.JupyterHub.services[0]["environment"]
    assert settings_of(read_config(Config(), told)).proxy_url == reached
