"""A campaign's folder as an RO-Crate: its exports, and every run crate with its verdict."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from recrate.crate.graph import TERMS, Graph
from recrate.crate.metadata import file_properties
from recrate.crate.names import id_of, shown
from recrate.crate.runs import PROFILE
from recrate.model.campaign import ENDS, CampaignCounts, CampaignHead, TaskResult, TaskRow
from recrate.model.crate import METADATA_NAME, CrateFile
from recrate.model.study import Person
from recrate.outside.disk import disk_errors, media_type_of, sha256_of, writing

EXPORTS = {
    "index.html": "The campaign for people: its progress, charts and tasks; opens in any browser",
    "data.js": "What index.html shows",
    "campaign.csv": "The tasks as a table, a line for each",
    "campaign.jsonl": "The tasks with all that is known of each, one JSON object a line",
    "junit.xml": "The tasks as a test report, for continuous integration",
    "linkbacks.csv": "The verdicts that could be published, and the command that publishes each",
}
"""File of a campaign's folder → what it is; only those that lie there are told of."""

_RESOLVER = "https://doi.org/"
_ADDRESS_SIGNS = ":/?#@!$&'()*+,;=%~"

Entity = dict[str, Any]
Reference = dict[str, str]


def write_campaign_crate(
    folder: Path,
    *,
    head: CampaignHead,
    counts: CampaignCounts,
    rows: Iterable[TaskRow],
    at: str,
    person: Person | None = None,
) -> None:
    """Write `ro-crate-metadata.json` into a campaign's folder, as an RO-Crate 1.1.

    rows:   the tasks; those without a run crate in the folder are in the exports only
    at:     ISO 8601 time of the last change, which is its date of publication
    person: who asked for the campaign, where that is known; else the program is its agent
    The exports must lie there already. Tasks go to the disk as they come, and the same folder gives
    the same bytes. Raises OutsideFailed when the disk lets us down; then what was there stays.
    """
    graph = Graph(published=_time(at), preview=False, terms=TERMS)
    document = _describe(graph, folder, head=head, counts=counts, at=at, person=person)
    entities = document["@graph"]
    root = next(one for one in entities if one["@id"] == "./")
    others = [one for one in entities if one is not root]
    taken = {one["@id"] for one in entities}
    with disk_errors(folder), writing(folder / METADATA_NAME) as stream:
        context = json.dumps(document["@context"], ensure_ascii=False)
        stream.write(f'{{"@context": {context},\n"@graph": [\n'.encode())
        parts: list[Reference] = []
        for entity in chain(others, _runs(folder, rows, taken, parts)):
            stream.write(_bytes(entity) + b",\n")
        stream.write(_bytes(_with_parts(root, parts)) + b"\n]}\n")


def _describe(
    graph: Graph,
    folder: Path,
    *,
    head: CampaignHead,
    counts: CampaignCounts,
    at: str,
    person: Person | None,
) -> Entity:
    """Return the document without its runs: root, exports, who ran it and when."""
    action = _add_action(graph, _add_exports(graph, folder), head=head, at=at, person=person)
    graph.root(
        name=f"Campaign: {shown(head.list) or head.id}",
        description=_in_words(counts),
        identifier=head.id,
        license=graph.entity(
            "#licence",
            "CreativeWork",
            name="No licence stated",
            description="Every run in this campaign carries the licence of the crate it replayed.",
        ),
        mentions=action,
        additionalProperty=[
            _value(graph, name, number) for name, number in _sums(counts) if number
        ],
    )
    return graph.document()


def _add_exports(graph: Graph, folder: Path) -> list[Reference]:
    return [
        graph.file(name, {**file_properties(_file(folder, name)), "description": told})
        for name, told in EXPORTS.items()
        if (folder / name).is_file()
    ]


def _add_action(
    graph: Graph, exports: list[Reference], *, head: CampaignHead, at: str, person: Person | None
) -> Reference:
    """Add who ran the campaign, with what and when."""
    program = graph.entity(
        f"#{quote(head.agent.replace(' ', '-'), safe='')}",
        "SoftwareApplication",
        name=head.agent.partition(" ")[0],
        softwareVersion=head.agent.partition(" ")[2] or None,
    )
    agent = program
    if person is not None:
        agent = graph.entity(person.identifier or "#person", "Person", name=person.name)
    graph.entity(PROFILE, "CreativeWork", name="Process Run Crate", version="0.5")
    return graph.entity(
        "#campaign",
        "CreateAction",
        name="The replays of this campaign",
        description="; ".join(_asked(head)) or None,
        agent=agent,
        instrument=program,
        startTime=_time(head.started),
        endTime=_time(at),
        result=exports,
    )


def _asked(head: CampaignHead) -> Iterator[str]:
    """Say what was asked for, as far as verdicts follow from it; what is usual is left out."""
    options = head.options
    if head.runners:
        yield f"Runners: {', '.join(head.runners)}"
    if options.notebooks:
        yield f"notebooks: {', '.join(shown(one) for one in options.notebooks)}"
    if options.repeats > 1:
        yield f"repeats: {options.repeats}"
    if options.parameters:
        told = (f"{shown(name)} = {shown(value)}" for name, value in options.parameters)
        yield f"parameters: {', '.join(told)}"
    if options.current:
        yield "kernels of the machine instead of each crate's lock"
    if options.allow_network:
        yield "with a network"
    if options.unsandboxed:
        yield "without walls"


def _file(folder: Path, name: str) -> CrateFile:
    path = folder / name
    with disk_errors(path):
        return CrateFile(
            path=name,
            sha256=sha256_of(path),
            size_bytes=path.stat().st_size,
            media_type=media_type_of(name),
        )


def _sums(counts: CampaignCounts) -> Iterator[tuple[str, float]]:
    yield "tasks", counts.total
    yield from sorted(counts.verdicts.items())
    yield "attempts", counts.attempts
    yield "core-hours", round(counts.core_seconds / 3600, 3)


def _value(graph: Graph, name: str, number: float) -> Reference:
    return graph.entity(
        f"#sum-{quote(name, safe='')}", "PropertyValue", name=shown(name), value=number
    )


def _in_words(counts: CampaignCounts) -> str:
    ended = sum(counts.states.get(state, 0) for state in ENDS)
    told = ", ".join(f"{number} {shown(name)}" for name, number in sorted(counts.verdicts.items()))
    return f"{ended} of {counts.total} crates replayed or looked at" + (f": {told}" if told else "")


def _runs(
    folder: Path, rows: Iterable[TaskRow], taken: set[str], parts: list[Reference]
) -> Iterator[Entity]:
    """Give the entities of every run crate that lies in the folder.

    taken: identifiers that are used already; parts: gets a reference to each run
    """
    for row in rows:
        identifier = _run_id(folder, row)
        if row.result is None or identifier is None or identifier in taken:
            continue
        taken.add(identifier)
        parts.append({"@id": identifier})
        yield from _run(row, row.result, identifier, taken)


def _run_id(folder: Path, row: TaskRow) -> str | None:
    """Return the identifier of a task's run crate; None where none lies within the folder."""
    path = PurePosixPath(row.folder)
    if not row.folder or path.is_absolute() or ".." in path.parts:
        return None
    if not (folder / path / METADATA_NAME).is_file():
        return None
    return f"{id_of(path.as_posix())}/"


def _run(row: TaskRow, result: TaskResult, identifier: str, taken: set[str]) -> Iterator[Entity]:
    crate, entities = _crate(row, taken)
    yield from entities
    verdict = f"#verdict-{row.number}"
    name = shown(row.entry.title or row.name or row.entry.where) or f"task {row.number}"
    yield _said(
        identifier,
        "Dataset",
        name=f"Replay of {name}",
        description=shown(result.reason) or f"Verdict: {shown(result.verdict)}",
        conformsTo={"@id": PROFILE},
        mentions={"@id": crate},
        datePublished=_time(result.ended),
        additionalProperty={"@id": verdict},
    )
    yield _said(
        verdict,
        "PropertyValue",
        name="verdict",
        propertyID="recrate-verdict",
        value=shown(result.verdict),
        description=f"{result.compared} of {result.outputs} recorded outputs compared"
        + (f"; cause: {shown(result.cause)}" if result.cause else ""),
    )


def _crate(row: TaskRow, taken: set[str]) -> tuple[str, list[Entity]]:
    """Return the identifier of the crate that was replayed, and the entities it still needs."""
    web = _address(row.entry.where)
    identifier = web or f"#crate-{row.identity or row.number}"
    if identifier in taken:
        return identifier, []
    taken.add(identifier)
    identity = f"#identity-{row.number}"
    doi = web.removeprefix(_RESOLVER) if web and web.startswith(_RESOLVER) else None
    name = shown(row.entry.title or row.name or row.entry.where) or f"task {row.number}"
    known: list[Any] = [web] if doi else []
    known += [{"@id": identity}] if row.identity else []
    entities = [
        _said(
            identifier,
            "CreativeWork",
            name=name,
            url=web,
            identifier=known[0] if len(known) == 1 else known,
        )
    ]
    if row.identity:
        entities.append(
            _said(
                identity,
                "PropertyValue",
                name="recrate identity",
                propertyID="recrate-identity",
                value=row.identity,
            )
        )
    return identifier, entities


def _address(where: str) -> str | None:
    """Return the web address that a line of the list names, as an `@id` can hold it."""
    told = where.strip()
    lower = told.lower()
    for prefix in ("doi:", "https://doi.org/", "http://doi.org/", "https://dx.doi.org/", ""):
        if lower.startswith(f"{prefix}10.") and "/" in told:
            return _RESOLVER + _quoted(told[len(prefix) :])
    return _quoted(told) if lower.startswith(("https://", "http://")) else None


def _quoted(address: str) -> str:
    return quote(address.encode("utf-8", "replace"), safe=_ADDRESS_SIGNS)


def _said(entity: str, kind: str, /, **properties: Any) -> Entity:
    told = {name: value for name, value in properties.items() if value not in (None, "", [])}
    return {"@id": entity, "@type": kind, **told}


def _with_parts(root: Entity, parts: list[Reference]) -> Entity:
    before = root.get("hasPart", [])
    listed = before if isinstance(before, list) else [before]
    return {**root, "hasPart": [*listed, *parts]} if listed or parts else root


def _bytes(entity: Entity) -> bytes:
    return json.dumps(entity, ensure_ascii=False).encode("utf-8", "replace")


def _time(stated: str) -> str:
    """Return a time in UTC to the second, as run crates have it."""
    try:
        return datetime.fromisoformat(stated).astimezone(UTC).isoformat(timespec="seconds")
    except ValueError:
        return stated
