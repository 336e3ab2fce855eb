"""What a crate says of its study: the plan and the written files as an RO-Crate 1.1 document."""

from collections.abc import Mapping, Sequence
from typing import Any

from recrate.crate.common_entities import link_files
from recrate.crate.environment_entities import DESCRIPTIONS, ENVIRONMENT, add_environment
from recrate.crate.graph import Graph, Properties
from recrate.crate.names import id_of
from recrate.crate.notebook_entities import Parts, notebook_properties
from recrate.crate.people import describe_root
from recrate.crate.reference_entities import add_references, reference_ids
from recrate.crate.verification import add_verification
from recrate.model.common_terms import COMMON_TERMS
from recrate.model.crate import CrateFile, Plan
from recrate.model.terms import FILE_TERMS, TERMS

IDENTITY = "#recrate-identity"
MARK_TERMS = {"recrate": "urn:recrate:terms:"}
"""The prefix of the marks of a plan, such as `recrate:blind`."""
_IDENTITY_MEANS = (
    "SHA-256 of the lines `<sha256>  <path>` of all payload files, sorted by the bytes of the path;"
    " without the metadata file and the preview"
)


def describe_crate(
    plan: Plan, files: Sequence[CrateFile], identity: str, outputs: Mapping[str, str]
) -> dict[str, Any]:
    """Return the metadata document of a crate.

    files:   all payload files, as written
    outputs: notebook path → digest of its recorded outputs
    """
    published = plan.description.published or plan.created
    common = plan.description.common
    terms = {**FILE_TERMS, **TERMS, **(COMMON_TERMS if common is not None else {})}
    terms |= MARK_TERMS if plan.marks else {}
    graph = Graph(published=published, preview=True, terms=terms)
    _describe_root(graph, plan, identity)
    named = reference_ids(plan.references)
    _add_files(graph, plan, files, outputs, named)
    add_references(graph, plan.references, named, plan.created)
    if plan.lock is not None:
        add_environment(graph, plan.lock)
    _add_packing(graph, plan)
    document = graph.document()
    if common is not None:
        link_files(document, common, {**{one.path: id_of(one.path) for one in files}, **named})
    return document


def _describe_root(graph: Graph, plan: Plan, identity: str) -> None:
    describe_root(graph, plan.description, name=plan.inventory.name)
    graph.root(
        identifier=graph.entity(
            IDENTITY,
            "PropertyValue",
            name="recrate identity",
            propertyID="recrate-identity",
            value=identity,
            description=_IDENTITY_MEANS,
        ),
        additionalProperty=add_verification(graph, plan.verified, identity),
    )
    graph.root(**dict(plan.marks))


def _add_files(
    graph: Graph,
    plan: Plan,
    files: Sequence[CrateFile],
    outputs: Mapping[str, str],
    named: Mapping[str, str],
) -> None:
    places = {file.path: {"@id": id_of(file.path)} for file in files}
    places |= {path: {"@id": identifier} for path, identifier in named.items()}
    parts = Parts(
        graph=graph,
        places=places,
        environment={"@id": ENVIRONMENT} if plan.lock is not None else None,
    )
    notebooks = {notebook.path: notebook for notebook in plan.inventory.notebooks}
    positions = {path: position for position, path in enumerate(notebooks, 1)}
    for file in files:
        properties = file_properties(file)
        if file.path in notebooks:
            notebook = notebooks[file.path]
            digest = outputs.get(file.path)
            properties |= notebook_properties(parts, notebook, positions[file.path], digest)
        elif file.path in DESCRIPTIONS:
            properties["description"] = DESCRIPTIONS[file.path]
        graph.file(file.path, properties)


def file_properties(file: CrateFile) -> Properties:
    """Return what every payload file says of itself; the size in bytes as a decimal string."""
    return {
        "name": file.path.rpartition("/")[2],
        "encodingFormat": file.media_type,
        "contentSize": str(file.size_bytes),
        "sha256": file.sha256,
    }


def _add_packing(graph: Graph, plan: Plan) -> None:
    """Say which program packed the study, as RO-Crate 1.1 tells provenance; no time: same bytes."""
    name, _, version = plan.agent.partition(" ")
    program = graph.entity(
        "#recrate",
        "SoftwareApplication",
        name=name,
        softwareVersion=version,
        description="Packages notebook studies as RO-Crates, replays them and judges the outcome",
    )
    packing = graph.entity(
        "#packing",
        "CreateAction",
        name=f"Packed by {plan.agent}",
        instrument=program,
        result={"@id": "./"},
    )
    graph.root(mentions=packing)
