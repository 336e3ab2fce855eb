"""A change of a watched crate's verdict in words: since when, and because of what."""

from collections.abc import Sequence

from recrate.model.disagreement import Explanation
from recrate.report.account import Language
from recrate.report.characters import visible
from recrate.report.disagreement import explanation_sentence, judgement_in
from recrate.report.words_watching import told

_MOST_CAUSES = 3
_MOST_NOTEBOOKS = 5
_LONGEST_NAME = 200


def verdict_in(verdict: str, language: Language) -> str:
    """Return a verdict in words; an empty one means that there was no crate to be read."""
    return judgement_in(verdict, language) if verdict else told("no crate", language)


def change_title(
    name: str,
    *,
    before: str,
    after: str,
    last_seen: str,
    first_seen: str,
    today: bool,
    language: Language,
) -> str:
    """Return on one line what changed, and between which two days.

    today: it is of the environment of today, not of the crate's lock
    """
    same_day = last_seen[:10] == first_seen[:10]
    last, first = (day(one, to_the_minute=same_day) for one in (last_seen, first_seen))
    return told(
        "changed.today" if today else "changed",
        language,
        name=line(name),
        before=verdict_in(before, language),
        after=verdict_in(after, language),
        last=last,
        first=first,
    )


def causes_sentence(causes: Sequence[Explanation], language: Language) -> str:
    """Return what could be why, the likeliest first, or that it is not known."""
    if not causes:
        return told("because.unknown", language)
    sentences = [explanation_sentence(one, language) for one in causes[:_MOST_CAUSES]]
    joined = (" " if language == "en" else "").join(sentences)
    return told("because", language, causes=joined)


def notebooks_sentence(notebooks: Sequence[tuple[str, str, str]], language: Language) -> str:
    """Return which notebooks are judged otherwise, empty for none: (path, before, after)."""
    if not notebooks:
        return ""
    shown = [
        told(
            "notebook",
            language,
            path=line(path),
            before=judgement_in(before, language),
            after=judgement_in(after, language),
        )
        for path, before, after in notebooks[:_MOST_NOTEBOOKS]
    ]
    if len(notebooks) > _MOST_NOTEBOOKS:
        shown.append("…")
    joined = (", " if language == "en" else "、").join(shown)
    return told("notebooks", language, told=joined)


def day(moment: str, *, to_the_minute: bool = False) -> str:
    """Return the day of an ISO time, or that with the minute."""
    return moment[:16].replace("T", " ") if to_the_minute else moment[:10]


def line(text: str) -> str:
    """Return foreign text as one harmless line."""
    flat = visible(" ".join(text[:2_000].split()))
    return flat if len(flat) <= _LONGEST_NAME else flat[: _LONGEST_NAME - 1] + "…"
