"""What ssh's complaints mean, in words that say what to do."""

import re
from dataclasses import dataclass

from recrate.model.errors import OutsideFailed
from recrate.runners.agent_words import plain_text

SSH_FAILED = 255
"""Exit code of ssh itself; any other is of the program on the far side (ssh(1))."""


class LinkFailed(OutsideFailed):
    """The far side was not reached, or what answers is not ours.

    code:    kebab-case, as of a finding
    lasting: trying again later changes nothing
    """

    def __init__(
        self, code: str, message: str, *, where: str, hint: str = "", lasting: bool = False
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.code = code
        self.lasting = lasting


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meaning:
    code: str
    message: str
    hint: str
    lasting: bool = False


_OF_SSH: tuple[tuple[str, _Meaning], ...] = (
    (
        r"REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed",
        _Meaning(
            code="ssh-host-key-changed",
            message="the host shows another key than the one that is known: nothing was sent",
            hint="ask its operators whether the key was changed; only then `ssh-keygen -R HOST`",
            lasting=True,
        ),
    ),
    (
        r"No .*host key is known|Host key verification failed",
        _Meaning(
            code="ssh-host-key-unknown",
            message="the host's key is not known",
            hint="log in once by hand with `ssh HOST` and compare the fingerprint with the one "
            "that its operators publish",
            lasting=True,
        ),
    ),
    (
        r"Could not resolve hostname|Name or service not known",
        _Meaning(
            code="ssh-host-unknown",
            message="no host of that name is known",
            hint="`host` is a name of ~/.ssh/config or of the network; does `ssh HOST` work here?",
        ),
    ),
    (
        r"Permission denied|Too many authentication failures|no mutual signature",
        _Meaning(
            code="ssh-permission-denied",
            message="the host does not let us in",
            hint="load your key into ssh-agent, or, where a second factor is asked for, keep a "
            "connection open: ControlMaster and ControlPersist in ~/.ssh/config, then `ssh HOST`",
        ),
    ),
    (
        r"timed out|Timeout, server .* not responding",
        _Meaning(
            code="ssh-timeout",
            message="the host does not answer",
            hint="is a VPN or a ProxyJump needed from here? `ssh -v HOST` shows how far it comes",
        ),
    ),
    (
        r"Connection refused|No route to host|Network is unreachable",
        _Meaning(
            code="ssh-unreachable",
            message="the host cannot be reached",
            hint="is it up, is its port right, and does `ssh HOST` work here?",
        ),
    ),
    (
        r"Can't open user config file|Bad (configuration option|owner or permissions)",
        _Meaning(
            code="ssh-configuration",
            message="ssh does not accept its configuration",
            hint="`ssh -G HOST` shows which line of ~/.ssh/config it stumbles over",
            lasting=True,
        ),
    ),
)

_OF_FAR_SIDE: tuple[tuple[str, _Meaning], ...] = (
    (
        r"No module named '?recrate(['\s)]|$)",
        _Meaning(
            code="ssh-no-recrate",
            message="the Python there has no recrate",
            hint="install it there, the version of here, and name that environment's `python`",
        ),
    ),
    (
        r"No module named",
        _Meaning(
            code="ssh-another-recrate",
            message="the recrate there is of another version, or lacks packages",
            hint="install the version of here there: `pip install --upgrade recrate`",
        ),
    ),
    (
        r"Unknown option: -P",
        _Meaning(
            code="ssh-no-python",
            message="the Python there is older than 3.11",
            hint="name in `python` the path of the interpreter there that has recrate",
        ),
    ),
    (
        r"not found|No such file|Permission denied|cannot execute",
        _Meaning(
            code="ssh-no-python",
            message="the far side has no such Python",
            hint="name in `python` the path of the interpreter there that has recrate",
        ),
    ),
    (
        r"No space left|Disk quota exceeded",
        _Meaning(
            code="ssh-disk-full",
            message="no room is left there",
            hint="free some space there, or name another `folder`",
        ),
    ),
)


def failure_of(code: int | None, said: str, where: str) -> LinkFailed:
    """Return what a call of ssh that brought no answer came to.

    code: of ssh, None for one that was ended because nothing moved; said: its stderr
    """
    table = _OF_SSH if code in {SSH_FAILED, None} else _OF_FAR_SIDE
    tail = plain_text(said[-2000:], 300)
    for pattern, meaning in table:
        if re.search(pattern, said, re.IGNORECASE | re.MULTILINE):
            return LinkFailed(
                meaning.code,
                f"{meaning.message} ({tail})",
                where=where,
                hint=meaning.hint,
                lasting=meaning.lasting,
            )
    if code is None:
        return LinkFailed("ssh-timeout", "nothing came for too long", where=where, hint=tail)
    if code in {SSH_FAILED, 0} or code < 0:
        return LinkFailed("ssh-cut", f"the connection was cut ({tail})", where=where)
    return LinkFailed(
        "ssh-far-side",
        f"the program there ended with code {code} ({tail})",
        where=where,
        hint="does `PYTHON -m recrate.runners.agent hello ~/spool` work there by hand?",
    )


def nonsense(where: str, what: str) -> LinkFailed:
    """Return the error for an answer that is none of ours."""
    return LinkFailed(
        "ssh-nonsense",
        f"what the far side answers makes no sense: {what}",
        where=where,
        hint="is `python` there an interpreter with recrate of this version?",
        lasting=True,
    )
