"""The terminal's summary of a verdict."""

from recrate.model.verdict import Verdict
from recrate.report.account import Language


def summarise(verdict: Verdict, *, language: Language = "en") -> str:
    """Return at most 40 lines of plain text, without colours, ending without a newline."""
    lines = [f"{verdict.verdict}: {verdict.sentence}"]
    for notebook in verdict.notebooks:
        lines.append(f"  {notebook.path}: {notebook.verdict}")
        if notebook.error:
            lines.append(f"    {notebook.error.cause}: {notebook.error.message}")
    return "\n".join(lines[:40])
