"""Trying the far side: what is wrong in words, and when nothing is, how far away it is."""

import random
import time
from collections.abc import Iterator, Mapping
from typing import Any

from recrate import __version__
from recrate.model.errors import BadInput, DiskFull, RecrateError, Refused
from recrate.model.finding import Finding, Severity
from recrate.model.wire import from_plain
from recrate.outside.disk import scratch_folder
from recrate.runners.agent_words import PROTOCOL, plain_text
from recrate.runners.ssh_link import Link
from recrate.runners.ssh_talk import Question
from recrate.runners.ssh_words import LinkFailed, nonsense

_PROBE_BYTES = 4 * 1024**2
_CHECK_SILENCE_SECONDS = 60.0
_LITTLE_BYTES = 2 * 1024**3


def hello(link: Link) -> Mapping[str, Any]:
    """Return what the far side says of itself.

    Raises LinkFailed where it is not reached, or speaks another version of this language.
    """
    said = link.ask(Question(verb="hello", asked={}))
    told: Mapping[str, Any] = said[0] if said else {}
    if told.get("protocol") != PROTOCOL:
        raise LinkFailed(
            "ssh-another-recrate",
            f"recrate {plain_text(told.get('version'), 40)} there speaks another language",
            where=link.where,
            hint=f"install {__version__}, the version of here, there",
            lasting=True,
        )
    return told


def check_far_side(link: Link, site: str) -> Iterator[Finding]:
    """Yield what is wrong on the way there and with the site there; at the end what works."""
    try:
        began = time.monotonic()
        hello(link)  # the first one logs in
        logged_in = time.monotonic() - began
        began = time.monotonic()
        told = hello(link)
        seconds = time.monotonic() - began
        yield from _of_version(told, link.where)
        yield from _of_room(told, link.where)
        per_second = _probe(link)
        wrong = False
        for finding in _of_site(link, site):
            wrong = wrong or finding.severity is Severity.ERROR
            yield finding
    except RecrateError as error:
        yield _finding(Severity.ERROR, _code_of(error), link.where, error.message, error.hint)
        return
    if not wrong:
        text = (
            f"site {site} there answers: {logged_in:.1f} s to log in, {seconds * 1000:.0f} ms "
            f"for a question, {per_second / 1e6:.1f} MB/s to its disk"
        )
        yield _finding(Severity.NOTE, "runner-works", link.where, text)


def _probe(link: Link) -> float:
    """Return how many bytes a second come to the far side's disk; raises DiskFull without room."""
    with scratch_folder() as scratch:
        sent = scratch / "probe"
        sent.write_bytes(_noise(_PROBE_BYTES))
        began = time.monotonic()
        asked = {"size": _PROBE_BYTES}
        link.ask(Question(verb="probe", asked=asked, send=sent, send_bytes=_PROBE_BYTES))
        return _PROBE_BYTES / max(1e-6, time.monotonic() - began)


def _noise(count: int) -> bytes:
    """Return bytes that no compression of ssh's shortens, the same ones each time."""
    return random.Random(0).randbytes(count)  # noqa: S311 - not for a secret


def _of_site(link: Link, site: str) -> Iterator[Finding]:
    question = Question(verb="check", asked={"site": site}, silence_seconds=_CHECK_SILENCE_SECONDS)
    for told in link.ask(question):
        try:
            found = from_plain(told.get("finding"), Finding)
        except BadInput as error:
            raise nonsense(link.where, "a finding that is none") from error
        yield _finding(
            found.severity,
            plain_text(found.code, 80),
            f"{link.where}, {plain_text(found.where, 200)}",
            plain_text(found.message),
            plain_text(found.hint),
        )


def _of_version(told: Mapping[str, Any], where: str) -> Iterator[Finding]:
    there = plain_text(told.get("version"), 40)
    if there != __version__:
        yield _finding(
            Severity.WARNING,
            "ssh-another-recrate",
            where,
            f"recrate there is {there}, here it is {__version__}: verdicts may differ",
            "install the same version on both sides",
        )


def _of_room(told: Mapping[str, Any], where: str) -> Iterator[Finding]:
    free = told.get("free_bytes")
    if isinstance(free, int) and free < _LITTLE_BYTES:
        yield _finding(
            Severity.WARNING,
            "ssh-little-room",
            where,
            f"only {free / 1e9:.1f} GB are free where the far side keeps crates and results",
            "free some space there, or name another `folder` for this site",
        )


def _code_of(error: RecrateError) -> str:
    if isinstance(error, LinkFailed):
        return error.code
    kinds = ((DiskFull, "ssh-disk-full"), (BadInput, "ssh-no-site"), (Refused, "ssh-refused"))
    return next((code for kind, code in kinds if isinstance(error, kind)), "ssh-far-side")


def _finding(severity: Severity, code: str, where: str, message: str, hint: str = "") -> Finding:
    return Finding(severity=severity, code=code, where=where, message=message, hint=hint)
