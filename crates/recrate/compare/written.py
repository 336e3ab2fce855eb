"""The published files that notebooks wrote again: which, how each came out, what they weigh."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from posixpath import basename, splitext

from recrate.compare.file_kinds import compare_files
from recrate.compare.hostile import cells_of, is_code, own_settings, sequence, source_of
from recrate.compare.outcome import DIFFERENT, IDENTICAL, SKIPPED, Terms
from recrate.model.observation import NotebookObservation, Observation, WrittenFile
from recrate.model.policy import Policy
from recrate.model.study import Notebook
from recrate.model.verdict import (
    FileCounts,
    FileVerdict,
    Judgement,
    NotebookVerdict,
    OutputJudgement,
)

_AUTHOR_SKIPS = "the author marked this file as not to be compared"
_POLICY_SKIPS = "the policy leaves this file out of the comparison"
_MOST_PATTERNS = 100
_LONGEST_PATTERN = 200
_LONGEST_REASON = 1_000
_LONGEST_SOURCE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """A published file that a notebook wrote again.

    notebook: the last one of the run that wrote it, whose verdict it belongs to
    recorded: SHA-256 of the file as published
    seen:     per compared run its number and the file's SHA-256 at the run's end, None where it
              was not written in that run
    """

    path: str
    notebook: str
    recorded: str
    seen: tuple[tuple[int, str | None], ...]

    @property
    def same(self) -> bool:
        """Whether every run that wrote it wrote the very bytes that were published."""
        return all(digest in (self.recorded, None) for _, digest in self.seen)


def rewritten_files(
    observations: Sequence[Observation], published: Mapping[str, str]
) -> tuple[Rewritten, ...]:
    """Return the published files that were written again, in the order of their paths.

    published: path → SHA-256. Runs in which the notebook did not come to its end are left out
    where another did; what a person ran by hand, or ran with other parameters, is not looked at.
    """
    if not observations or observations[0].by_hand or observations[0].parameters:
        return ()
    states = [_last_writers(observation.notebooks) for observation in observations]
    found = []
    for path in sorted(published):
        writer = next((state[path][0] for state in states if path in state), None)
        if writer is None or path.endswith(".ipynb"):
            continue
        runs = [
            number
            for number, observation in enumerate(observations)
            if any(one.path == writer and _completed(one) for one in observation.notebooks)
        ]
        seen = tuple(
            (number, states[number][path][1] if path in states[number] else None) for number in runs
        )
        if any(digest for _, digest in seen):
            found.append(Rewritten(path=path, notebook=writer, recorded=published[path], seen=seen))
    return tuple(found)


def _completed(seen: NotebookObservation) -> bool:
    return seen.status == "completed"


def _last_writers(notebooks: Iterable[NotebookObservation]) -> dict[str, tuple[str, str]]:
    """Return path → (the notebook that wrote it last, its SHA-256) of what is there at the end."""
    state: dict[str, tuple[str, str]] = {}
    for notebook in notebooks:
        for path in notebook.deleted:
            state.pop(path, None)
        for file in _all(notebook):
            state[file.path] = (notebook.path, file.sha256)
    return state


def _all(notebook: NotebookObservation) -> tuple[WrittenFile, ...]:
    return (*notebook.written, *notebook.rewritten)


def terms_of_file(path: str, notebook: Notebook, policy: Policy) -> Terms:
    """Return the terms for a file: the policy's, and the code of the cells that name the file."""
    name = splitext(basename(path))[0]
    sources = [source_of(cell) for cell in cells_of(notebook) if is_code(cell)]
    code = "\n".join(source for source in sources if name in source)
    return Terms(
        tolerance=policy.tolerance,
        image_fraction=policy.image_fraction,
        source=code[:_LONGEST_SOURCE],
    )


def why_left_out(path: str, notebook: Notebook, policy: Policy) -> str:
    """Say why a file is not to be compared; empty when it is.

    The author names it in `metadata.recrate.skip_files` of the notebook, or the policy does. A
    pattern (`*.log`, `results/raw/*`) is held against the whole path and against the name.
    """
    if policy.own_skips and _is_named(path, sequence(own_settings(notebook).get("skip_files"))):
        return _AUTHOR_SKIPS
    return _POLICY_SKIPS if _is_named(path, policy.skip_files) else ""


def _is_named(path: str, patterns: Sequence[object]) -> bool:
    return any(
        fnmatchcase(path, pattern) or fnmatchcase(basename(path), pattern)
        for pattern in patterns[:_MOST_PATTERNS]
        if isinstance(pattern, str) and len(pattern) <= _LONGEST_PATTERN
    )


def same_file(path: str) -> FileVerdict:
    """Return the verdict on a file of which every run wrote the published bytes."""
    return FileVerdict(path=path, verdict=IDENTICAL, reason="identical")


def not_compared(path: str, reason: str) -> FileVerdict:
    """Return the verdict on a file that could not be compared."""
    return FileVerdict(path=path, verdict=SKIPPED, reason=reason)


def judge_file(
    path: str, recorded: bytes, reruns: Sequence[bytes | None], terms: Terms
) -> FileVerdict:
    """Compare a published file with what each run left in its place; None: it wrote none.

    What differs from the published one and between the runs too is `unstable`.
    """
    written = [content for content in reruns if content is not None]
    if not written:
        return not_compared(path, "no run wrote it")
    outcomes = [compare_files(path, recorded, content, terms) for content in written]
    worst = next((one for one in outcomes if one.verdict is DIFFERENT), None)
    if worst is not None and _is_unstable(path, reruns, terms):
        return FileVerdict(
            path=path,
            verdict=OutputJudgement.UNSTABLE,
            reason="reruns differ between each other too",
            rules=worst.rules,
        )
    told = worst or next((one for one in outcomes if one.verdict is not IDENTICAL), outcomes[0])
    reason = (
        told.reason if len(told.reason) <= _LONGEST_REASON else f"{told.reason[:_LONGEST_REASON]}…"
    )
    return FileVerdict(path=path, verdict=told.verdict, reason=reason, rules=told.rules)


def _is_unstable(path: str, reruns: Sequence[bytes | None], terms: Terms) -> bool:
    first = reruns[0]
    if len(reruns) < 2:
        return False
    if first is None or None in reruns:
        return True
    return any(
        not compare_files(path, first, other, terms).holds
        for other in reruns[1:]
        if other is not None
    )


def with_files(notebook: NotebookVerdict, files: Sequence[FileVerdict]) -> NotebookVerdict:
    """Return a notebook's verdict with that of its files; one that is different lowers it."""
    if not files:
        return notebook
    lowered = notebook.verdict
    holds = (Judgement.IDENTICAL, Judgement.EQUIVALENT, Judgement.RAN)
    if lowered in holds and any(one.verdict is DIFFERENT for one in files):
        lowered = Judgement.DIFFERENT
    return replace(notebook, verdict=lowered, files=tuple(files))


def count_files(notebooks: Iterable[NotebookVerdict]) -> FileCounts:
    """Count the verdicts on files of all notebooks."""
    seen = Counter(file.verdict.value for notebook in notebooks for file in notebook.files)
    names = ("identical", "equivalent", "different", "unstable", "skipped")
    return FileCounts(files=sum(seen.values()), **{name: seen[name] for name in names})


def told_files(counts: FileCounts) -> str:
    """Tell the counts: “Of 3 published files written again, 2 identical, 1 different.”."""
    if not counts.files:
        return ""
    what = "1 published file" if counts.files == 1 else f"{counts.files} published files"
    parts = [
        f"{getattr(counts, name)} {name}"
        for name in ("identical", "equivalent", "different", "unstable", "skipped")
        if getattr(counts, name)
    ]
    return f"Of {what} written again: {', '.join(parts)}."
