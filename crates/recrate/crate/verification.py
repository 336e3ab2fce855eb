"""Whether a crate was checked by running, said in its metadata and read from there."""

from typing import TYPE_CHECKING, Any

from recrate.crate.document import Entity, listed, text
from recrate.model.crate import Verified
from recrate.model.verdict import Judgement

if TYPE_CHECKING:
    from recrate.crate.graph import Graph  # brings the graph library, which readers need not

VERIFICATION = "#verification"
NOT_VERIFIED = "not verified"
_RUN = "#verification-run"
_PROPERTY = "recrate-verification"


def add_verification(graph: "Graph", verified: Verified | None, identity: str) -> dict[str, str]:
    """Add what was found by running the study, and return the property that the root refers to.

    identity: of the crate that is being written; a replay of another payload says nothing of it
    The crate's own word is no proof: whoever wants one runs it again.
    """
    if verified is None or verified.crate != identity:
        return graph.entity(
            VERIFICATION,
            "PropertyValue",
            name="checked by running",
            propertyID=_PROPERTY,
            value=NOT_VERIFIED,
            description="These files were not run again before they were packed.",
        )
    run = graph.entity(
        _RUN,
        "CreateAction",
        name=f"Replay before packing: {verified.verdict}",
        description=verified.sentence,
        endTime=verified.date,
        identifier=verified.run,
    )
    return graph.entity(
        VERIFICATION,
        "PropertyValue",
        name="checked by running",
        propertyID=_PROPERTY,
        value=verified.verdict,
        description=verified.sentence,
        sha256=verified.crate,
        valueReference=run,
    )


def read_verification(metadata: dict[str, Any], identity: str) -> Verified | None:
    """Return the replay that a crate tells of; None when it tells of none for this very payload.

    metadata: the crate's JSON-LD document, from anybody; identity: measured from its payload
    """
    graph = metadata.get("@graph")
    entities: dict[str, Entity] = {
        one["@id"]: one
        for one in (graph if isinstance(graph, list) else [])
        if isinstance(one, dict) and isinstance(one.get("@id"), str)
    }
    told = entities.get(VERIFICATION, {})
    verdict = text(told, "value") or ""
    known = verdict in {one.value for one in Judgement}
    if text(told, "propertyID") != _PROPERTY or not known or text(told, "sha256") != identity:
        return None
    run: Entity = {}
    for one in listed(told.get("valueReference")):
        target = one.get("@id") if isinstance(one, dict) else None
        run = entities.get(target, {}) if isinstance(target, str) else {}
    return Verified(
        crate=identity,
        verdict=verdict,
        sentence=text(told, "description") or "",
        run=text(run, "identifier") or "",
        date=text(run, "endTime") or "",
    )
