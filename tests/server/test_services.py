"""What lives as long as the server: its configuration, its memory, who is who, who listens."""

import asyncio
import io
import json
import logging
from datetime import datetime
from pathlib import Path

import pytest
from jupyter_events import EventLogger
from jupyter_server.auth.identity import IdentityProvider, PasswordIdentityProvider, User
from traitlets.config import Config, LazyConfigValue

from recrate.model.errors import BadInput, NotFound
from recrate.model.fix import Applied, Earlier, FixKind
from recrate.model.study import Description, Person
from recrate_server.jobs.orders import ScanOrder
from recrate_server.jobs.settings import DeskSettings
from recrate_server.licences import find_licences
from recrate_server.office import SCHEMA_ID, Office
from recrate_server.remembering import UNDOS_KEPT, Memory, Undo
from recrate_server.services import core_settings, merged_configuration, person_of, signature_of


@pytest.fixture
def jupyters_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    return tmp_path


def test_the_servers_configuration_wins_over_recrates_file(jupyters_folder: Path):
    (jupyters_folder / "recrate_config.py").write_text(
        "c.Replay.cell_timeout = 5\nc.Replay.output = 77\nc.Other.thing = 1\n"
    )
    hosts = LazyConfigValue()
    hosts.append("data.example")
    server = Config({"Replay": {"cell_timeout": 9.0}, "ServerApp": {"port": 1}})
    server.Web.private_hosts = hosts
    plain = merged_configuration(server)
    assert plain == {
        "Replay": {"cell_timeout": 9.0, "output": 77},
        "Web": {"private_hosts": ["data.example"]},
    }
    assert json.loads(json.dumps(plain)) == plain
    settings = core_settings(plain, unsandboxed=False)
    assert settings.replay.cell_timeout_seconds == 9.0
    assert settings.web.private_hosts == ("data.example",)


def test_a_value_that_does_not_fit_is_told(jupyters_folder: Path):
    with pytest.raises(BadInput, match="cell_timeout"):
        merged_configuration(Config({"Replay": {"cell_timeout": "soon"}}))


def undo_of(text: str) -> Undo:
    earlier = Earlier(path="a.py", before="b", after="c", base64=text)
    return Undo(
        study="s",
        applied=Applied(kind=FixKind.MOVE_SECRET_OUT, changed=("a.py",), undo=(earlier,)),
    )


def test_a_fix_is_remembered_for_its_owner_alone_until_it_is_taken_back(tmp_path: Path):
    memory = Memory(folder=tmp_path)
    name = memory.keep_undo(undo_of("c2VjcmV0"))
    assert memory.read_undo(name) == undo_of("c2VjcmV0")
    assert (tmp_path / "undo").stat().st_mode & 0o077 == 0
    memory.forget_undo(name)
    with pytest.raises(NotFound):
        memory.read_undo(name)


def test_the_oldest_fixes_are_forgotten(tmp_path: Path):
    memory = Memory(folder=tmp_path)
    for _ in range(UNDOS_KEPT + 3):
        memory.keep_undo(undo_of(""))
    assert len(list((tmp_path / "undo").iterdir())) == UNDOS_KEPT


def test_a_persons_last_study_is_theirs(tmp_path: Path):
    memory = Memory(folder=tmp_path)
    said = Description(title="t", description="d", creators=(Person(name="山田 花子"),))
    memory.keep_description("../hanako", said)
    assert memory.last_description("../hanako") == said
    assert memory.last_description("taro") is None
    next((tmp_path / "people").iterdir()).write_text('{"of": "another version"}')
    assert memory.last_description("../hanako") is None


class Hub(IdentityProvider):
    """Knows names."""

    def get_user(self, handler: object) -> User:
        return User(username="hanako", name="Hanako")


@pytest.mark.parametrize("kind", [IdentityProvider, PasswordIdentityProvider])
def test_names_that_jupyter_makes_up_are_one_person(kind: type[IdentityProvider]):
    first, second = User(username="3f2a"), User(username="91bc")
    provider = kind(token="t")
    assert person_of(first, provider) == person_of(second, provider) != "3f2a"
    assert signature_of(first, provider) is None


def test_a_hub_that_knows_names_is_believed():
    assert person_of(User(username="hanako"), Hub()) == "hanako"
    assert signature_of(User(username="hanako", display_name="花子"), Hub()) == "花子"


def test_licences_are_found_by_id_and_by_name():
    found = find_licences("creative attribution", 100)
    assert found[0].id == "CC-BY-4.0"
    assert found[0].recommended
    assert find_licences("gpl-3.0-or", 3)[0].id == "GPL-3.0-or-later"
    assert not find_licences("no such licence", 10)
    everything = [one.id for one in find_licences("", 100_000)]
    assert len(everything) == len(set(everything)) > 400
    assert "GPL-3.0" not in everything


def test_each_change_of_a_job_is_an_event_without_names_of_files(tmp_path: Path):
    said = io.StringIO()
    events = EventLogger(handlers=[logging.StreamHandler(said)])
    moments: list[datetime] = []

    async def work() -> None:
        office = Office(
            DeskSettings(folder=tmp_path / "data"),
            events=events,
            busy=moments.append,
            log=logging.getLogger("test"),
        )
        await office.begin()
        desk = await office.desk()
        job = await desk.accept(
            ScanOrder(path="secret-study"), user="hanako", title="secret-study", source=tmp_path
        )
        await desk.cancel(job.id)
        await office.close()

    asyncio.run(work())
    told = [json.loads(line) for line in said.getvalue().splitlines()]
    assert {one["__schema__"] for one in told} == {SCHEMA_ID}
    assert told[0]["status"] == "queued"
    assert told[-1]["status"] in {"cancelled", "done"}
    assert {one["user"] for one in told} == {"hanako"}
    assert "secret-study" not in said.getvalue()
    assert moments
