"""The terminal's summary of a verdict."""

import unicodedata
from collections.abc import Iterator

from recrate.model.verdict import Judgement, NotebookVerdict, Verdict
from recrate.report.account import Language
from recrate.report.authors import authors_line, policy_line
from recrate.report.candidates import candidates_line
from recrate.report.characters import visible
from recrate.report.claims import claim_place, claim_title
from recrate.report.counting import added_packages, lacking, sentence_in
from recrate.report.files import files_in
from recrate.report.formats import duration_in
from recrate.report.words import word

_LINES = 40
_WIDEST_PATH = 48
_DIFFERENCES_PER_NOTEBOOK = 3
_CLAIMS = 10
_QUIET = {"identical", "equivalent"}


def summarise(verdict: Verdict, *, language: Language = "en") -> str:
    """Return at most 40 lines of plain text, without colours, ending without a newline.

    The words are of `language`; what the judge found (messages, reasons) stays English.
    """
    colon = ": " if language == "en" else "："
    head = word(f"judgement.{verdict.verdict.value}", language)
    if verdict.after_repair:
        head = word("repair", language) + (", " if language == "en" else "、") + head
    gap = "  " if language == "en" else "　"
    lines = [head + colon + sentence_in(verdict.coverage, language)]
    if verdict.files.files:
        lines[0] += gap + files_in(verdict.files, language)
    if verdict.by_hand:
        lines[0] += gap + word("hand.short", language)
    lines.extend(_claims(verdict, language))
    added = added_packages(verdict)
    if added:
        lines.append("  " + word("added.packages", language, names=", ".join(added)))
    lines.append("  " + policy_line(verdict, language))
    allowed = authors_line(verdict, language)
    if allowed:
        lines.insert(1, "  " + _line(allowed))
    if tried := candidates_line(verdict, language):
        lines.insert(1, "  " + tried)
    if counts := lacking(verdict):
        lines.append("  " + word("lacking", language, **counts))
    width = max((_width(_path(notebook)) for notebook in verdict.notebooks), default=0)
    for notebook in verdict.notebooks:
        lines.extend(_notebook(notebook, width, language, by_hand=verdict.by_hand))
    if len(lines) > _LINES:
        left_out = len(lines) - _LINES + 1
        lines[_LINES - 1 :] = ["  " + word("text.more", language, count=f"{left_out:,}")]
    return "\n".join(lines)


def _claims(verdict: Verdict, language: Language) -> Iterator[str]:
    """Give what the study claims, before anything else; those that do not hold first."""
    claims = sorted(verdict.claims, key=lambda one: one.holds)
    if not claims:
        return
    held = sum(one.holds for one in claims)
    yield "  " + word("claims.held", language, held=held, count=len(claims))
    for one in claims[:_CLAIMS]:
        place = claim_place(one, language)
        key = "claim.open" if one.verdict is Judgement.RAN else f"judgement.{one.verdict.value}"
        title = _line(claim_title(one, language))
        name = f"{title} ({place})" if title else place
        told = word(key, language) + (f": {_line(one.reason)}" if one.reason else "")
        yield f"    {name}: {told}"
    if len(claims) > _CLAIMS:
        more = len(claims) - _CLAIMS
        yield "    " + word("text.more", language, count=f"{more:,}")


def _notebook(
    notebook: NotebookVerdict, width: int, language: Language, *, by_hand: bool
) -> Iterator[str]:
    path = _path(notebook)
    judgement = word(f"judgement.{notebook.verdict.value}", language)
    told = word("compared", language, **_counts(notebook))
    if notebook.seconds or not by_hand:
        told += f", {duration_in(notebook.seconds, language)}"
    yield f"  {path}{' ' * (width - _width(path))}  {judgement}  ({told})"
    failure = notebook.error
    if failure:
        place = "" if failure.cell is None else word("at_cell", language, cell=failure.cell) + ", "
        cause = word(f"cause.{failure.cause.value}", language)
        yield f"    {place}{cause}: {_line(f'{failure.name}: {failure.message}')}"
        if failure.hint:
            yield f"    {word('hint', language)}: {_line(failure.hint)}"
    yield from _differences(notebook, language)
    yield from _files(notebook, language)


def _differences(notebook: NotebookVerdict, language: Language) -> Iterator[str]:
    """Give the outputs that lower the verdict or that nobody can trust, a few per notebook."""
    told = [
        (cell.index, output)
        for cell in notebook.cells
        for output in cell.outputs
        if output.verdict.value in {"different", "missing", "unstable"}
    ]
    if notebook.error:  # everything behind the failure is missing; the failure said so already
        told = [(cell, output) for cell, output in told if output.verdict.value != "missing"]
    for cell, output in told[:_DIFFERENCES_PER_NOTEBOOK]:
        place = word("mark", language, cell=cell, output=output.index)
        judgement = word(f"output.{output.verdict.value}", language)
        yield f"    {place}: {judgement}: {_line(output.reason)}"
        if output.cause is not None:
            yield f"      {word(f'cause.{output.cause.value}', language)}: {_line(output.evidence)}"
    if len(told) > _DIFFERENCES_PER_NOTEBOOK:
        more = len(told) - _DIFFERENCES_PER_NOTEBOOK
        yield "    " + word("text.more", language, count=f"{more:,}")


def _files(notebook: NotebookVerdict, language: Language) -> Iterator[str]:
    """Give the written files that lower the verdict or that nobody can trust, a few of them."""
    told = [file for file in notebook.files if file.verdict.value in {"different", "unstable"}]
    for file in told[:_DIFFERENCES_PER_NOTEBOOK]:
        judgement = word(f"output.{file.verdict.value}", language)
        yield f"    {_line(file.path)}: {judgement}: {_line(file.reason)}"
    if len(told) > _DIFFERENCES_PER_NOTEBOOK:
        more = len(told) - _DIFFERENCES_PER_NOTEBOOK
        yield "    " + word("text.more", language, count=f"{more:,}")


def _counts(notebook: NotebookVerdict) -> dict[str, str]:
    coverage = notebook.coverage
    return {"compared": f"{coverage.compared:,}", "outputs": f"{coverage.outputs:,}"}


def _path(notebook: NotebookVerdict) -> str:
    path = _line(notebook.path)
    return path if len(path) <= _WIDEST_PATH else "…" + path[-_WIDEST_PATH + 1 :]


def _line(text: str) -> str:
    """Return foreign text as one harmless line of at most 200 characters."""
    flat = visible(" ".join(text[:2_000].split()))
    return flat if len(flat) <= 200 else flat[:199] + "…"


def _width(text: str) -> int:
    """Return how many columns of a terminal `text` takes: Japanese characters take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
