"""The published files that a notebook wrote again, as the page and the terminal tell of them."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from recrate.model.verdict import FileCounts, FileVerdict, OutputJudgement
from recrate.report.account import Language
from recrate.report.allowance import Allowance
from recrate.report.characters import escaped
from recrate.report.say import in_both
from recrate.report.words import word

MOST_SHOWN = 500
"""Files of one notebook in its table; those that differ come first."""
_LOUD_FIRST = ("different", "unstable", "skipped", "equivalent", "identical")


@dataclass(frozen=True, slots=True)
class FileShown:
    """One file: its path, verdict and reason, and where two pictures differ (`data:` URL)."""

    path: str
    verdict: str
    reason: str
    rules: tuple[str, ...]
    picture: str


def show_files(
    notebook: str,
    files: Iterable[FileVerdict],
    pictures: Mapping[tuple[str, str], bytes],
    allowance: Allowance,
) -> tuple[FileShown, ...]:
    """Return a notebook's files, those that differ first.

    pictures: difference pictures as PNG, by (path of the notebook, path of the file)
    """
    shown = []
    for file in sorted(files, key=lambda one: _LOUD_FIRST.index(_known(one))):
        drawn = pictures.get((notebook, file.path))
        url = ""
        if drawn and allowance.admits_picture(len(drawn), loud=True):
            url = f"data:image/png;base64,{base64.b64encode(drawn).decode('ascii')}"
        shown.append(FileShown(file.path, file.verdict.value, file.reason, file.rules, url))
    return tuple(shown)


def _known(file: FileVerdict) -> str:
    return file.verdict.value if file.verdict.value in _LOUD_FIRST else "different"


def files_in(counts: FileCounts, language: Language) -> str:
    """Tell the counts: `3 published files written again: 2 identical, 1 different.`; else empty."""
    if not counts.files:
        return ""
    comma = ", " if language == "en" else "、"
    parts = comma.join(
        word(
            "part",
            language,
            count=f"{getattr(counts, kind.value):,}",
            verdict=word(f"output.{kind.value}", language),
        )
        for kind in OutputJudgement
        if getattr(counts, kind.value, 0)
    )
    key = "files.sentence.one" if counts.files == 1 else "files.sentence"
    return word(key, language, count=f"{counts.files:,}", parts=parts)


def files_sentence(counts: FileCounts) -> Markup:
    """Return the counts in both languages."""
    return in_both(escaped(files_in(counts, "en")), escaped(files_in(counts, "ja")))
