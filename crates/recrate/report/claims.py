"""The claims of a study as page and summary show them: what they are called and where they are."""

from dataclasses import dataclass

from markupsafe import Markup

from recrate.model.verdict import Claim
from recrate.report.account import Language
from recrate.report.characters import escaped, visible
from recrate.report.notebooks import NotebookShown
from recrate.report.say import in_both
from recrate.report.words import word


@dataclass(frozen=True, slots=True)
class ClaimShown:
    """A claimed result: what it is called, where it is, and how it came out.

    title: None where the author gave none
    """

    title: Markup | None
    place: Markup
    anchor: str
    verdict: str
    reason: str


def show_claims(
    claims: tuple[Claim, ...], notebooks: tuple[NotebookShown, ...]
) -> tuple[ClaimShown, ...]:
    """Return the claims with the anchors of their cells, those that do not hold first."""
    anchors: dict[tuple[str, int, int | None], str] = {}
    for notebook in notebooks:
        for cell in notebook.cells:
            anchors[notebook.verdict.path, cell.index, None] = cell.anchor
            for output in cell.outputs:
                anchors.setdefault((notebook.verdict.path, cell.index, output.index), output.anchor)
    return tuple(
        ClaimShown(
            in_both(escaped(claim_title(one, "en")), escaped(claim_title(one, "ja")))
            if claim_title(one, "en")
            else None,
            in_both(escaped(claim_place(one, "en")), escaped(claim_place(one, "ja"))),
            anchors.get((one.path, one.cell, one.output))
            or anchors.get((one.path, one.cell, None), ""),
            one.verdict.value,
            one.reason,
        )
        for one in sorted(claims, key=lambda one: one.holds)
    )


def claim_title(one: Claim, language: Language) -> str:
    """Return the author's words for a claim, in this language where they gave them in it."""
    return one.title_ja or one.title if language == "ja" else one.title or one.title_ja


def claim_place(one: Claim, language: Language) -> str:
    """Return where a claim is: `a.ipynb, cell 3`, or with the output."""
    told = word("claim.place", language, path=visible(one.path), cell=one.cell)
    if one.output is None:
        return told
    return word("claim.output", language, place=told, output=one.output)
