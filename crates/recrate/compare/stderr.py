"""What was written to stderr stands apart from results: warnings, progress, log lines."""

import re

from recrate.compare.outcome import SAME, Outcome, Terms, different, equivalent, skipped
from recrate.compare.text import compare_text

_WARNING = re.compile(
    r"\w*Warning\b|^\s*warn(?:ings?)?[.(:]|\bWARN(?:ING)?\b|deprecat|^\s*\^+\s*$|^\s{2,}\S"
    r"|^Warning message"
    r"|^\s*$|\[notice\]|%\||it/s|s/it\]|^Loading required package|^Attaching package|masked from"
    r"|registered S3|── |✔|✖|^I[0-9]{4} |^[0-9-]{10} [0-9:.]{8,}: [IWE] |^(?:W|I|E)[0-9]{4} |\r",
    re.IGNORECASE,
)

_FAILURE = re.compile(
    r"^(?:FAILED \((?:failures|errors)=.{0,80}|Traceback \(most recent call last\):"
    r"|(?:ERROR|FAIL): test\w{0,200}.{0,200}|={3,} .{0,60}\d+ failed.{0,80})",
    re.MULTILINE,
)
"""What test runners and uncaught errors write: there stderr does tell of a result."""


def compare_stderr(recorded: str, rerun: str, terms: Terms, wanted: str) -> Outcome:
    """Compare two stderr streams; an empty `rerun` is one that wrote nothing.

    Same after the rules, or nothing but warnings and progress on both sides: equivalent. Tests
    that failed and tracebacks that only the rerun tells of: different. Otherwise skipped, because
    stderr is no result, with what differs in the reason.
    """
    if recorded == rerun:
        return SAME
    if wanted == "skip":
        return skipped("stderr is not compared under this policy")
    outcome = compare_text(recorded, rerun, terms)
    if outcome.holds:
        return outcome
    if _only_warnings(recorded) and _only_warnings(rerun):
        return equivalent("only warnings and progress differ, which are no results")
    failure = _FAILURE.search(rerun)
    if failure and not _FAILURE.search(recorded):
        return different(f"the rerun's stderr tells of a failure: “{failure[0]}”")
    return skipped(f"stderr is no result; {outcome.reason}")


def _only_warnings(text: str) -> bool:
    """Say whether every paragraph of `text` belongs to a warning or a progress bar."""
    lines = text.split("\n")
    return all(_WARNING.search(line[:2000]) for line in lines if line.strip())
