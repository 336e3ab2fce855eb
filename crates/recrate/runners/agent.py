"""The far side of the `ssh` runner: `python -m recrate.runners.agent VERB SPOOL [CAMPAIGN]`.

One line of JSON comes in on stdin, for `put` and `probe` with bytes behind it; out go a marker and
lines of JSON, for `get` with bytes between them. Nothing is kept in memory from one verb to the
next, so a verb whose answer was lost on the way is simply said again. Only `keeper` stays.
"""

import json
import os
import select
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from recrate import __version__
from recrate.model.errors import BadInput, Busy, RecrateError
from recrate.model.wire import from_json, from_plain, to_plain
from recrate.outside.disk import BLOCK_BYTES, disk_errors, remove_tree
from recrate.runners.agent_keeper import RunnerOf, ensure_keeper, keep, keeper_lives
from recrate.runners.agent_packing import pack_attempt
from recrate.runners.agent_sites import runner_named
from recrate.runners.agent_spool import (
    READY,
    Campaign,
    Folder,
    Submission,
    Wanted,
    checked_id,
    forgotten,
    spool_at,
)
from recrate.runners.agent_store import Store, blocks_of
from recrate.runners.agent_words import LINE_BYTES, MARKER, PROTOCOL, told_error

_STORE_BYTES = 20 * 1024**3
_CLOSE_SECONDS = 40.0
_LOOK_SECONDS = 0.2
_BEAT_SECONDS = 5.0
_OTHERS = "is recrate of one version on both sides?"


@dataclass(kw_only=True)
class Answering:
    """One verb being answered: what was asked, and the two ends of the connection."""

    spool: Path
    asked: Mapping[str, Any]
    stream: BinaryIO
    out: BinaryIO
    runner_of: RunnerOf
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def say(self, **told: Any) -> None:
        """Send one line."""
        with self._one_at_a_time:
            self.out.write(json.dumps(told).encode() + b"\n")
            self.out.flush()

    def text(self, name: str) -> str:
        """Return a text of the question; raises BadInput where it is none."""
        found = self.asked.get(name)
        if not isinstance(found, str):
            raise BadInput(f"{name}: a text is missing", hint=_OTHERS)
        return found

    def texts(self, name: str) -> list[str]:
        """Return a list of texts of the question."""
        found = self.asked.get(name)
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise BadInput(f"{name}: a list of texts is missing", hint=_OTHERS)
        return found

    def number(self, name: str) -> int:
        """Return a whole number of the question, not below 0."""
        found = self.asked.get(name)
        if not isinstance(found, int) or isinstance(found, bool) or found < 0:
            raise BadInput(f"{name}: a number is missing", hint=_OTHERS)
        return found

    @property
    def store(self) -> Store:
        """The contents that lie here."""
        limit = self.number("store_bytes") if "store_bytes" in self.asked else _STORE_BYTES
        return Store(folder=self.spool / "contents", limit_bytes=limit)

    @property
    def campaign(self) -> Campaign:
        """The campaign that is meant; that somebody asked for it is noted."""
        found = Campaign(self.spool, self.text("campaign"))
        found.wanted()
        found.touch()
        return found


def _hello(one: Answering) -> None:
    one.say(
        protocol=PROTOCOL,
        version=__version__,
        python=sys.version.split()[0],
        system=sys.platform,
        free_bytes=shutil.disk_usage(one.spool).free,
    )


def _has(one: Answering) -> None:
    one.say(missing=one.store.missing(one.texts("hashes")))


def _put(one: Answering) -> None:
    one.store.take(one.text("hash"), one.number("size"), one.stream)


def _probe(one: Answering) -> None:
    """Take bytes, write them where contents go, and forget them: is there room, and how fast."""
    with disk_errors(one.spool), tempfile.TemporaryFile(dir=one.spool) as kept:
        for block in blocks_of(one.stream, one.number("size")):
            kept.write(block)
        kept.flush()
        os.fsync(kept.fileno())


def _check(one: Answering) -> None:
    """Send what the site's runner finds, one by one, and a beat while it looks."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(_BEAT_SECONDS):
            one.say(beat=True)

    threading.Thread(target=beat, daemon=True).start()
    try:
        for finding in one.runner_of(one.text("site")).check():
            one.say(finding=to_plain(finding))
    finally:
        over.set()


def _open(one: Answering) -> None:
    """Begin a campaign; what is left of one of the same id goes first."""
    campaign = Campaign(one.spool, one.text("campaign"))
    wanted = Wanted(id=campaign.place.name, site=one.text("site"), workers=one.number("workers"))
    one.runner_of(wanted.site)
    for name in forgotten(one.spool):
        if not keeper_lives(Campaign(one.spool, name)):
            Campaign(one.spool, name).remove()
    if campaign.place.exists():
        _end(one, campaign)
    campaign.begin(wanted)
    campaign.touch()


def _submit(one: Answering) -> None:
    """Take an attempt; answers with the contents it lacks, and takes it only without any."""
    what = from_plain(one.asked.get("attempt"), Submission)
    campaign, store = one.campaign, one.store
    folder = campaign.folder(what.id)
    missing = [] if folder.is_taken() else store.missing([each.sha256 for each in what.contents])
    if not missing:
        folder.take(what, store)
        ensure_keeper(campaign)
    one.say(missing=missing)


def _poll(one: Answering) -> None:
    """Say what ended and was not fetched yet, and whose environment is there; waits for news.

    What the other side has fetched, `done`, goes first.
    """
    campaign = one.campaign
    _forget(campaign, one.texts("done"), keep=one.asked.get("keep") is True)
    ensure_keeper(campaign)
    known = set(one.texts("ready"))
    until = time.monotonic() + min(60, one.number("wait"))
    while True:
        ended = [how for each in campaign.folders() if (how := each.ended()) is not None]
        failed = campaign.noted("failed.json")
        ready = [each.id for each in campaign.folders() if (each.attempt / READY).exists()]
        if (
            ended
            or failed
            or set(ready) - known
            or time.monotonic() > until
            or _hung_up(one.stream)
        ):
            break
        time.sleep(_LOOK_SECONDS)
    told = [to_plain(how) for how in ended]
    one.say(ended=told, ready=ready, pool=campaign.noted("keeper.json"), failed=failed)


def _forget(campaign: Campaign, attempts: list[str], *, keep: bool) -> None:
    """Take away attempts whose results arrived, or only put them aside."""
    for folder in (campaign.folder(name) for name in attempts):
        if folder.ended() is not None:
            folder.put_aside()
            if not keep:
                remove_tree(folder.place)


def _hung_up(stream: BinaryIO) -> bool:
    """Say whether the other side is gone: it sends nothing more, so readable means ended."""
    return bool(select.select([stream], [], [], 0)[0])


def _get(one: Answering) -> None:
    """Send what an attempt left, from some byte on."""
    folder = _existing(one.campaign, one.text("attempt"))
    if folder.ended() is None:
        raise Busy("the attempt still runs", hint="ask again when it has ended")
    packed = pack_attempt(folder)
    begin = one.number("offset") if one.number("offset") <= packed.size_bytes else 0
    one.say(size=packed.size_bytes, sha256=packed.sha256, offset=begin, left_out=packed.left_out)
    with packed.path.open("rb") as stream:
        stream.seek(begin)
        while block := stream.read(BLOCK_BYTES):
            one.out.write(block)
    one.out.flush()


def _cancel(one: Answering) -> None:
    campaign = one.campaign
    for name in one.texts("attempts"):
        folder = campaign.folder(name)
        if folder.is_taken():
            folder.mark("cancel")
    ensure_keeper(campaign)


def _leave(one: Answering) -> None:
    """End all that runs; what lies there stays."""
    campaign = one.campaign
    for folder in campaign.folders():
        folder.mark("cancel")
    ensure_keeper(campaign)


def _close(one: Answering) -> None:
    campaign = Campaign(one.spool, one.text("campaign"))
    if campaign.place.exists():
        _end(one, campaign)


def _end(one: Answering, campaign: Campaign) -> None:
    """Have a campaign's keeper take it all away, and wait until it has."""
    if not (campaign.place / "campaign.json").exists():
        campaign.remove()
        return
    campaign.close()
    until, beat = time.monotonic() + _CLOSE_SECONDS, 0.0
    ensure_keeper(campaign)
    while campaign.place.exists() and time.monotonic() < until:
        if time.monotonic() - beat > _BEAT_SECONDS:
            beat = time.monotonic()
            one.say(beat=True)
        if campaign.noted("failed.json") is not None and not keeper_lives(campaign):
            campaign.remove()
        time.sleep(_LOOK_SECONDS)
    if campaign.place.exists():
        raise Busy(
            "the campaign that ran there before is still being ended",
            where=str(campaign.place),
            hint=f"try again in a minute; {campaign.log} there says what it does",
        )


def _existing(campaign: Campaign, name: str) -> Folder:
    folder = campaign.folder(name)
    if not folder.is_taken():
        raise BadInput(
            f"no attempt {name} here",
            where=str(campaign.place),
            hint="somebody took it away there; a new campaign sends its crates again",
        )
    return folder


VERBS: Mapping[str, Callable[[Answering], None]] = {
    "hello": _hello,
    "has": _has,
    "put": _put,
    "probe": _probe,
    "check": _check,
    "open": _open,
    "submit": _submit,
    "poll": _poll,
    "get": _get,
    "cancel": _cancel,
    "leave": _leave,
    "close": _close,
}


def answer(verb: str, spool: str, stream: BinaryIO, out: BinaryIO, runner_of: RunnerOf) -> int:
    """Answer one verb: what is asked on `stream`, what is said on `out`; returns an exit code."""
    out.write(f"{MARKER}\n".encode())
    try:
        if verb not in VERBS:
            raise BadInput(
                f"no verb {verb[:40]!r}", hint="is recrate of one version on both sides?"
            )
        line = stream.readline(LINE_BYTES)
        asked = from_json(line, dict[str, Any])
        one = Answering(
            spool=spool_at(spool), asked=asked, stream=stream, out=out, runner_of=runner_of
        )
        with disk_errors(one.spool):
            VERBS[verb](one)
        last: dict[str, Any] = {"end": True}
        code = 0
    except RecrateError as error:
        last, code = {"error": told_error(error)}, error.exit_code
    out.write(json.dumps(last).encode() + b"\n")
    out.flush()
    return code


def main(arguments: list[str], runner_of: RunnerOf = runner_named) -> int:
    """Do what the command line names: a verb, or be the keeper of a campaign."""
    if len(arguments) == 3 and arguments[0] == "keeper":
        return keep(Campaign(spool_at(arguments[1]), checked_id(arguments[2])), runner_of)
    if len(arguments) != 2:
        sys.stderr.write("python -m recrate.runners.agent VERB SPOOL\n")
        return 2
    os.umask(0o077)
    # Whatever prints while a verb is answered prints to stderr: stdout carries the answer alone.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    stream = os.fdopen(os.dup(0), "rb", buffering=0)
    try:
        return answer(arguments[0], arguments[1], stream, out, runner_of)
    except BrokenPipeError:  # the other side hung up; what was done is in files
        os._exit(1)  # without a last try to send what nobody reads


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
