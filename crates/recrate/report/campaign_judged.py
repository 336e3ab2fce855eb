"""What changed when a campaign was judged again, for a terminal."""

from collections import Counter
from collections.abc import Sequence

from recrate.model.campaign import CampaignStatus, Judging, TaskRow
from recrate.report.account import Language
from recrate.report.campaign_tables import campaign_text
from recrate.report.characters import visible
from recrate.report.words import word

_LISTED = 20
_LONGEST = 200

Line = tuple[TaskRow, Judging]


def judged_text(
    status: CampaignStatus,
    *,
    judged: int,
    policy: str,
    changed: Sequence[Line],
    unjudged: Sequence[Line],
    language: Language = "en",
) -> str:
    """Return plain text: how the campaign stands, the changes in sum, and the first of them.

    policy: its name, empty where each replay has its own
    """
    lines = [campaign_text(status, language=language)]
    told = {"count": f"{judged:,}", "changed": f"{len(changed):,}"}
    if policy:
        lines.append(word("again.by", language, policy=visible(policy), **told))
    else:
        lines.append(word("again", language, **told))
    sums = Counter((one.before, one.after) for _, one in changed)
    for (before, after), count in sums.most_common():
        pair = {"before": _verdict(before, language), "after": _verdict(after, language)}
        lines.append("  " + word("again.sum", language, count=f"{count:,}", **pair))
    for task, one in changed[:_LISTED]:
        pair = {"before": _verdict(one.before, language), "after": _verdict(one.after, language)}
        lines.append("    " + word("again.task", language, task=_task(task), **pair))
    if unjudged:
        lines.append(word("again.not", language, count=f"{len(unjudged):,}"))
    lines += [f"    {_task(task)}: {_line(one.note)}" for task, one in unjudged[:_LISTED]]
    for count in (len(changed) - _LISTED, len(unjudged) - _LISTED):
        if count > 0:
            lines.append("    " + word("again.more", language, count=f"{count:,}"))
    return "\n".join(lines)


def _verdict(verdict: str, language: Language) -> str:
    return word(f"judgement.{verdict}", language)


def _task(task: TaskRow) -> str:
    return f"{task.number} {_line(task.name or task.entry.title or task.entry.where)}"


def _line(text: str) -> str:
    flat = visible(" ".join(text[:2_000].split()))
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + "…"
