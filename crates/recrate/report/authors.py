"""What the author's policy and tolerances allow, told next to the verdict; and the policy's name.

The judge reckons what the verdict is without them; here it is only put into words.
"""

from recrate.model.policies import Loosening, loosenings
from recrate.model.verdict import Verdict
from recrate.report.account import Language
from recrate.report.characters import visible
from recrate.report.words import word

_TOLD = 5
_RULES = ("tolerance of the cell: ", "tolerance of the notebook: ")
"""How the rules begin that tell of the author's own tolerances; `compare.own_terms` writes them."""


def policy_line(verdict: Verdict, language: Language) -> str:
    """Name the policy that judged, and whose it is."""
    key = "policy.line.author" if verdict.policy.by_author else "policy.line"
    return word(key, language, name=visible(verdict.policy.name))


def authors_line(verdict: Verdict, language: Language) -> str:
    """Tell what the author allowed and what the verdict is without; empty where that is nothing."""
    if verdict.usual is None:
        return ""
    told = []
    wider = loosenings(verdict.policy) if verdict.policy.by_author else ()
    if wider:
        parts = [_wider(one, language) for one in wider[:_TOLD]]
        if len(wider) > _TOLD:
            parts.append(word("authors.more", language, count=len(wider) - _TOLD))
        comma = ", " if language == "en" else "、"
        told.append(word("authors.policy", language, told=comma.join(parts)))
    if counted := _outputs(verdict):
        told.append(word("authors.notebooks", language, count=f"{counted:,}"))
    judgement = word(f"judgement.{verdict.usual.value}", language)
    told.append(word("authors.without", language, verdict=judgement))
    return (" " if language == "en" else "").join(told)


def _wider(one: Loosening, language: Language) -> str:
    scale = 100 if one.what == "pictures" else 1
    numbers = {"given": f"{one.given * scale:g}", "usual": f"{one.usual * scale:g}"}
    told = word(f"authors.{one.what}", language, **numbers)
    place = visible(one.place)
    return word("authors.place", language, told=told, place=place) if place else told


def _outputs(verdict: Verdict) -> int:
    return sum(
        any(rule.startswith(_RULES) for rule in output.rules)
        for notebook in verdict.notebooks
        for cell in notebook.cells
        for output in cell.outputs
    )
