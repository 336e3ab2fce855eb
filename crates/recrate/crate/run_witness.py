"""A run that a person made by hand, in the words of its run crate: nobody may take it for a replay.

The action's instrument is JupyterLab, its agent the reviewer, and their statement is a Review of
the crate.
"""

from collections.abc import Sequence

from recrate.crate.graph import Graph
from recrate.model.observation import Observation
from recrate.model.repair import DIFF
from recrate.model.verdict import Verdict
from recrate.model.witness import Witness

WITNESS = "witness.json"
WITNESS_TOLD = "Who ran the crate by hand, and what they say of it"

_OPINIONS = {
    "confirms": "The reviewer confirms the published results.",
    "doubts": "The reviewer doubts the published results.",
    "undecided": "The reviewer is undecided.",
}

Reference = dict[str, str]


def add_reviewer(graph: Graph, witness: Witness) -> Reference:
    """Add the person who ran it; without a name, as an anonymous one."""
    reviewer = witness.reviewer
    place = (
        graph.entity("#reviewer-affiliation", "Organization", name=reviewer.affiliation)
        if reviewer.affiliation
        else None
    )
    return graph.entity(
        reviewer.orcid or "#reviewer", "Person", name=reviewer.called, affiliation=place
    )


def add_jupyterlab(graph: Graph, seen: Observation) -> list[Reference]:
    """Add the program that a person ran the cells in; nothing for a replay."""
    if not seen.by_hand:
        return []
    told = "A person ran the cells in it by hand, in whatever order: no unattended replay"
    return [graph.entity("#jupyterlab", "SoftwareApplication", name="JupyterLab", description=told)]


def run_in_words(seen: Observation) -> tuple[str, str]:
    """Return name and description of the action."""
    count = len(seen.notebooks)
    if seen.by_hand:
        earlier = "Earlier run by hand" if seen.repeat else "Run by hand"
        name = f"{earlier} of {seen.crate_name}"
        return name, f"{count} notebooks run by hand, cell by cell, in a {seen.runner}"
    if seen.after_repair:
        name = f"Replay of a patched copy of {seen.crate_name}"
        return name, f"{count} notebooks run on {seen.runner} after repair; {DIFF} is the patch"
    return (
        f"Replay {seen.repeat + 1} of {seen.crate_name}",
        f"{count} notebooks run on {seen.runner}",
    )


def program_in_words(observations: Sequence[Observation]) -> str:
    """Return what the program that wrote the run crate did."""
    if any(one.by_hand for one in observations):
        return "Opens a crate in JupyterLab, keeps what a person ran there by hand, and judges it"
    return "Replays the notebooks of a crate, with papermill, and judges the outcome"


def name_of_run(verdict: Verdict, crate_name: str) -> str:
    """Return what the run crate is called."""
    if verdict.after_repair:
        return f"Replay of a patched copy of {crate_name}"
    return f"Review by hand of {crate_name}" if verdict.by_hand else f"Replay of {crate_name}"


def add_review(
    graph: Graph, witness: Witness, *, crate: Reference, reviewer: Reference, verdict: Reference
) -> Reference:
    """Add the reviewer's statement as a Review of the crate, based on the verdict.

    Source: https://schema.org/Review
    """
    opinion = graph.entity(
        "#opinion",
        "PropertyValue",
        name="opinion of the reviewer",
        propertyID="recrate-opinion",
        value=witness.opinion,
    )
    return graph.entity(
        "#review",
        "Review",
        name=f"Review by {witness.reviewer.called}",
        reviewBody=witness.statement or _OPINIONS[witness.opinion],
        description=_OPINIONS[witness.opinion],
        reviewAspect="execution by hand",
        itemReviewed=crate,
        author=reviewer,
        datePublished=witness.ended,
        isBasedOn=verdict,
        additionalProperty=opinion,
    )
