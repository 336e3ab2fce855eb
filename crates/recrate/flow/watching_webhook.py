"""Tell a webhook of changes: kept until somebody took them, signed, never in a verdict's way."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from recrate.flow.settings import Settings
from recrate.flow.watching_settings import WatchSettings
from recrate.model.errors import BadInput, RecrateError
from recrate.model.secret import Secret
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import disk_errors, write_text
from recrate.outside.exchange import Service

SIGNATURE_HEADER = "X-Recrate-Signature"
TIMESTAMP_HEADER = "X-Recrate-Timestamp"
DELIVERY_HEADER = "X-Recrate-Delivery"
EVENT_HEADER = "X-Recrate-Event"
SECRET_NAME = "watch"  # noqa: S105 - the name under which the keyring has it
_ANSWER_LIMIT_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A change that waits to be told. `body`: the JSON text as it is sent, each time the same."""

    id: str
    event: str
    queued: str
    body: str
    tries: int = 0
    last_error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What came of one message. `state`: `taken`, `waiting`, or `given up` as it is too old."""

    id: str
    state: str
    tries: int
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """The messages that nobody took yet, one file each."""

    root: Path

    def put(self, document: Mapping[str, Any], *, now: str) -> None:
        """Keep the document of an event; the same event twice is one message."""
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        message = Message(id=document["id"], event=document["event"], queued=now, body=body)
        write_text(self._file(message), to_json(message))

    def waiting(self) -> tuple[Message, ...]:
        """Return the messages, the oldest first; a file that cannot be read is left alone."""
        found = []
        for file in sorted(self.root.glob("*.json")) if self.root.is_dir() else ():
            try:
                with disk_errors(file):
                    found.append(from_json(file.read_bytes(), Message, where=str(file)))
            except BadInput:
                continue
        return tuple(sorted(found, key=lambda one: (one.queued, one.id)))

    def keep(self, message: Message) -> None:
        """Write a message again, as it is now."""
        write_text(self._file(message), to_json(message))

    def drop(self, message: Message) -> None:
        """Take a message out."""
        self._file(message).unlink(missing_ok=True)

    def _file(self, message: Message) -> Path:
        return self.root / f"{hashlib.sha256(message.id.encode()).hexdigest()[:32]}.json"


def signature(secret: Secret, timestamp: str, body: bytes) -> str:
    """Return the signature's header: `sha256=` and the HMAC of `TIMESTAMP.BODY` in hex.

    The timestamp is part of it, so that a message that was overheard is of no use later.
    """
    key = secret.reveal().encode()
    return "sha256=" + hmac.new(key, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def deliver(outbox: Outbox, *, watch: WatchSettings, settings: Settings) -> tuple[Delivery, ...]:
    """Tell the webhook what waits, the oldest first, and return what came of it.

    At the first failure the rest waits for the next call: one silence is enough to sit through.
    Raises nothing of the network; OutsideFailed where the disk lets us down.
    """
    done: list[Delivery] = []
    failed = False
    for message in outbox.waiting() if watch.webhook else ():
        now = settings.clock()
        age = (now - datetime.fromisoformat(message.queued)).total_seconds()
        if age > watch.keep_seconds:
            outbox.drop(message)
            done.append(_delivery(message, "given up"))
            continue
        if failed:
            done.append(_delivery(message, "waiting"))
            continue
        complaint = _post(message, str(int(now.timestamp())), watch, settings)
        tried = replace(message, tries=message.tries + 1, last_error=complaint)
        if complaint:
            failed = True
            outbox.keep(tried)
        else:
            outbox.drop(tried)
        done.append(_delivery(tried, "waiting" if complaint else "taken"))
    return tuple(done)


def _delivery(message: Message, state: str) -> Delivery:
    return Delivery(id=message.id, state=state, tries=message.tries, message=message.last_error)


def _post(message: Message, timestamp: str, watch: WatchSettings, settings: Settings) -> str:
    """Send one message; return what went wrong, empty when somebody took it."""
    body = message.body.encode("utf-8", "backslashreplace")
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        EVENT_HEADER: message.event,
        DELIVERY_HEADER: message.id,
        TIMESTAMP_HEADER: timestamp,
    }
    if watch.secret is not None:
        headers[SIGNATURE_HEADER] = signature(watch.secret, timestamp, body)
    web = replace(settings.web, timeout_seconds=watch.timeout_seconds)
    service = Service(base=watch.webhook, web=web, headers=headers, tries=1)
    try:
        answer = service.ask(
            "POST", watch.webhook, body=body, repeat=False, limit_bytes=_ANSWER_LIMIT_BYTES
        )
    except RecrateError as error:
        return error.message[:300]
    except ValueError:
        return "its address is none"
    return "" if 200 <= answer.status < 300 else f"answered with status {answer.status}"
