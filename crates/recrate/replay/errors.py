"""An error as a kernel tells of it → the error that an observation holds."""

import re

from recrate.model.observation import RunError

TRACE_CHARACTERS = 8000
_MESSAGE_CHARACTERS = 4000
_LONE = re.compile("[\ud800-\udfff]")
_ANSI = re.compile(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|\].*?(\x07|\x1b\\)|[@-_])")


def error_of(name: str, message: str, cell: int | None, trace: str) -> RunError:
    """Return an error in `cell` of the recorded notebook, in plain text of bounded length."""
    # Cut first: on a hostile text of many megabytes the pattern would take for ever.
    plain = _ANSI.sub("", trace[-4 * TRACE_CHARACTERS :])[-TRACE_CHARACTERS:]
    return RunError(
        name=clean(name),
        message=clean(message)[:_MESSAGE_CHARACTERS],
        cell=cell,
        traceback=clean(plain),
    )


def clean(text: str) -> str:
    """Return `text` as UTF-8 can hold it: lone surrogates become U+FFFD."""
    return _LONE.sub("\ufffd", text)
