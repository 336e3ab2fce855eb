"""A replay's folder as an RO-Crate of its own: what was run, in what, by what, and the verdict."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from recrate.crate.document import listed, references, text
from recrate.crate.graph import RUN_TERMS, TERMS, Graph, Properties
from recrate.crate.metadata import file_properties
from recrate.crate.metadata_text import to_bytes
from recrate.crate.names import NOT_PAYLOAD, id_of, is_web
from recrate.crate.people import NO_LICENCE
from recrate.crate.run_entities import add_environment, status_of
from recrate.crate.run_witness import (
    WITNESS,
    WITNESS_TOLD,
    add_jupyterlab,
    add_review,
    add_reviewer,
    name_of_run,
    program_in_words,
    run_in_words,
)
from recrate.crate.signing import SIGNATURE
from recrate.model.crate import METADATA_NAME, Crate, CrateFile
from recrate.model.observation import Observation
from recrate.model.policies import AUTHOR_FILE
from recrate.model.policy import WaiverKind
from recrate.model.repair import DIFF, REPAIR, REPAIRED
from recrate.model.study import Person
from recrate.model.verdict import Verdict
from recrate.model.witness import Witness
from recrate.outside.disk import disk_errors, media_type_of, sha256_of, writing

PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
UNFINISHED = ".recrate-"
"""How the names begin of what is being written, and of locks: no part of the crate."""
SIGNATURE_TOLD = "Who vouches for the verdict: a signed in-toto statement in a DSSE envelope"
_SOURCE = ["File", "SoftwareSourceCode"]
_RESOLVERS = ("https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/")
_ASIDE = "Of another run, of a patched copy (after repair): no part of this run and its verdict"
_OUTCOME = ("verdict.json", "report.html", "badge.svg", "review.jsonld", SIGNATURE)

Reference = dict[str, str]


def write_run_crate(
    folder: Path,
    *,
    crate: Crate,
    observations: Sequence[Observation],
    verdict: Verdict,
    person: Person | None = None,
    staged: Path | None = None,
    without: Collection[str] = (),
    witness: Witness | None = None,
) -> None:
    """Write `ro-crate-metadata.json` into a replay's folder, as a Process Run Crate 0.5.

    person: who asked for the replay, where that is known; else the program stands as its agent
    staged: a folder with files that will take the place of those of the same name in `folder`; the
            metadata tell of them, and are written there
    without: files of `folder` that are about to go, of which the metadata are silent
    witness: who ran it by hand, and what they say of it
    All other files must lie there already. The same folder gives the same bytes. Raises
    OutsideFailed when the disk lets us down.
    """
    ended = max((_time(one.ended) for one in observations), default="")
    graph = Graph(published=ended, preview=False, terms={**TERMS, **RUN_TERMS})
    lying = _files(folder) if staged is None else _files(folder) | _files(staged)
    files = {path: file for path, file in sorted(lying.items()) if path not in without}
    run = _Run(
        graph=graph,
        files=files,
        crate=_add_crate(graph, crate),
        programs=_add_programs(graph, observations),
        person=_add_person(graph, person, witness),
        executed="The notebook as a person ran and saved it"
        if verdict.by_hand
        else "The notebook as this replay executed it",
    )
    _add_files(run, observations)
    actions = [_add_observation(run, one) for one in observations]
    actions.append(_add_verdict(run, verdict))
    if witness is not None and run.person is not None:
        actions.append(
            add_review(graph, witness, crate=run.crate, reviewer=run.person, verdict=actions[-1])
        )
    graph.root(
        name=name_of_run(verdict, crate.name),
        description=verdict.sentence or f"Replay of {crate.name}: {verdict.verdict.value}",
        license=_add_licence(graph, crate),
        conformsTo=graph.entity(PROFILE, "CreativeWork", name="Process Run Crate", version="0.5"),
        mentions=actions,
        isBasedOn=run.crate,
    )
    with writing((staged or folder) / METADATA_NAME) as stream:
        stream.write(to_bytes(graph.document()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What the entities of one run crate refer to. `files`: by path in the folder."""

    graph: Graph
    files: Mapping[str, CrateFile]
    crate: Reference
    programs: list[Reference]
    person: Reference | None
    executed: str

    def existing(self, paths: Sequence[str]) -> list[Reference]:
        """Return references to those of `paths` that lie in the folder."""
        return [{"@id": id_of(path)} for path in paths if path in self.files]


def _add_person(graph: Graph, person: Person | None, witness: Witness | None) -> Reference | None:
    if witness is not None:
        return add_reviewer(graph, witness)
    if person is None:
        return None
    return graph.entity(person.identifier or "#person", "Person", name=person.name)


def _files(folder: Path) -> dict[str, CrateFile]:
    found = {}
    with disk_errors(folder):
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if name in NOT_PAYLOAD or name.startswith(UNFINISHED):
                continue
            if path.is_symlink() or not path.is_file():
                continue
            found[name] = CrateFile(
                path=name,
                sha256=sha256_of(path),
                size_bytes=path.stat().st_size,
                media_type=media_type_of(name),
            )
    return found


def _add_crate(graph: Graph, crate: Crate) -> Reference:
    """Add the crate that was replayed: by its address where it has one, always by its identity."""
    web = published_at(crate)
    return graph.entity(
        web or "#replayed-crate",
        "CreativeWork",
        name=crate.name,
        description=f"The crate that was replayed, of {len(crate.files)} files",
        url=web,
        version=text(_root_of(crate), "version"),
        identifier=graph.entity(
            "#replayed-crate-identity",
            "PropertyValue",
            name="recrate identity",
            propertyID="recrate-identity",
            value=crate.identity,
        ),
    )


def published_at(crate: Crate) -> str | None:
    """Return where the replayed crate is published; None where nobody knows.

    Where it was brought from counts before what it says of itself, which may be anything; of that,
    a DOI counts first.
    """
    if crate.location.startswith(("https://", "http://")):
        return crate.location
    said = _root_of(crate)
    stated = (*references(said, "identifier"), *references(said, "url"))
    addresses = [one for one in stated if one.startswith(("https://", "http://"))]
    dois = [one for one in addresses if one.startswith(_RESOLVERS)]
    return next(iter((*dois, *addresses)), None)


def with_signature(document: dict[str, Any], signature: CrateFile) -> dict[str, Any]:
    """Return a run crate's metadata with its signature in them; all else stays as it is."""
    told = {"@id": SIGNATURE}
    entity = {
        **told,
        "@type": "File",
        **file_properties(signature),
        "description": SIGNATURE_TOLD,
    }
    graph = [one for one in document["@graph"] if one.get("@id") != SIGNATURE]
    for place, one in enumerate(graph):
        name = {"./": "hasPart", "#verdict": "result"}.get(one.get("@id"))
        if name is not None:
            others = [other for other in listed(one.get(name)) if other != told]
            graph[place] = {**one, name: [*others, told]}
    return {**document, "@graph": [*graph, entity]}


def _root_of(crate: Crate) -> Properties:
    graph = crate.metadata.get("@graph")
    entities = graph if isinstance(graph, list) else []
    return next((one for one in entities if isinstance(one, dict) and one.get("@id") == "./"), {})


def _add_licence(graph: Graph, crate: Crate) -> Reference:
    """Return the licence of the replayed crate: the run crate holds its notebooks."""
    stated = references(_root_of(crate), "license")
    licence = next((one for one in stated if is_web(one)), None)
    if licence is None:
        name = "No licence stated" if not stated or NO_LICENCE in stated else stated[0].lstrip("#")
        return graph.entity("#licence", "CreativeWork", name=name)
    return graph.entity(licence, "CreativeWork", name=licence.rpartition("/")[2] or licence)


def _add_programs(graph: Graph, observations: Sequence[Observation]) -> list[Reference]:
    agents = dict.fromkeys(one.agent for one in observations)
    return [
        graph.entity(
            f"#{id_of(agent).replace('%20', '-')}",
            "SoftwareApplication",
            name=agent.partition(" ")[0],
            softwareVersion=agent.partition(" ")[2] or None,
            description=program_in_words(observations),
        )
        for agent in agents
    ]


def _add_files(run: _Run, observations: Sequence[Observation]) -> None:
    told = {
        "verdict.json": "The verdict with everything behind it",
        "report.html": "The report for people: recorded beside rerun",
        "crate.json": "What the replayed crate said of itself",
        "replay.json": "What was asked for",
        "policy.json": "How strictly outputs are compared, and the differences people took on",
        AUTHOR_FILE: "The policy that the study's author wishes to be judged by",
        "badge.svg": "The verdict as a badge, for a README or a landing page",
        "review.jsonld": "The verdict as a schema.org Review, for search engines",
        WITNESS: WITNESS_TOLD,
        SIGNATURE: SIGNATURE_TOLD,
        REPAIR: "What was patched in the copy that was run, and by which rules",
        DIFF: "The patch of the copy that was run; the study as published is another",
    }
    reruns = {
        f"observations/{one.repeat}/{seen.rerun}": f"recorded/{seen.path}"
        for one in observations
        for seen in one.notebooks
        if seen.rerun is not None
    }
    for path, file in run.files.items():
        properties = file_properties(file)
        if path.startswith("recorded/"):
            properties |= {"@type": list(_SOURCE), "description": "The notebook as published"}
        elif path.startswith("recorded-files/"):
            properties["description"] = "A file as published, which a notebook wrote again"
        elif path in reruns:
            properties["description"] = run.executed
            properties["isBasedOn"] = run.existing([reruns[path]])
        elif path in told:
            properties["description"] = told[path]
        elif path.startswith(f"{REPAIRED}/"):
            properties["description"] = _ASIDE
        run.graph.file(path, properties)


def _add_observation(run: _Run, seen: Observation) -> Reference:
    """Add one run: the notebooks are what was executed, the executed copies what came out."""
    failed, error = status_of(seen)
    base = f"observations/{seen.repeat}"
    results = [f"{base}/{one.rerun}" for one in seen.notebooks if one.rerun is not None]
    instruments = run.existing([f"recorded/{one.path}" for one in seen.notebooks])
    name, description = run_in_words(seen)
    return run.graph.entity(
        f"#observation-{seen.repeat}",
        "CreateAction",
        name=name,
        description=description,
        instrument=[*instruments, *add_jupyterlab(run.graph, seen), *run.programs],
        agent=run.person or run.programs[0],
        object=run.crate,
        result=run.existing([*results, f"{base}/observation.json"]),
        startTime=_time(seen.started),
        endTime=_time(seen.ended),
        actionStatus=f"http://schema.org/{'Failed' if failed else 'Completed'}ActionStatus",
        error=error if failed else None,
        environment=add_environment(run.graph, seen),
    )


def _add_verdict(run: _Run, verdict: Verdict) -> Reference:
    coverage = verdict.coverage
    after = "-after-repair" if verdict.after_repair else ""
    words = "Verdict after repair" if verdict.after_repair else "Verdict"
    return run.graph.entity(
        f"#verdict{after}",
        "AssessAction",
        name=f"{words}: {verdict.verdict.value}",
        description=verdict.sentence,
        object=run.crate,
        result=[
            *run.existing(_OUTCOME),
            *_add_waivers(run, verdict),
            run.graph.entity(
                f"#verdict-value{after}",
                "PropertyValue",
                name=words.lower(),
                propertyID=f"recrate-verdict{after}",
                value=verdict.verdict.value,
                description=f"{coverage.compared} of {coverage.outputs} recorded outputs compared",
            ),
        ],
        agent=run.person or run.programs[0] if run.programs else None,
        instrument=run.graph.entity(
            "#judge",
            "SoftwareApplication",
            name=verdict.judge,
            description=f"Compares recorded and rerun outputs by the policy {verdict.policy.name}",
        ),
    )


def _add_waivers(run: _Run, verdict: Verdict) -> list[Reference]:
    """Name each difference that somebody took on: where, by whom, when, and why."""
    return [
        run.graph.entity(
            f"#waiver-{number}",
            "AssessAction",
            name=f"{'Accepted' if waiver.kind is WaiverKind.ACCEPT else 'Waived'}: {waiver.path}, "
            f"cell {waiver.cell}, output {waiver.output}",
            description=waiver.reason,
            object=run.existing([f"recorded/{waiver.path}"]),
            agent=run.graph.entity(
                f"#reviewer-{quote(waiver.person, safe='')}", "Person", name=waiver.person
            )
            if waiver.person
            else None,
            endTime=_time(waiver.date) if waiver.date and "T" in waiver.date else waiver.date,
        )
        for number, waiver in enumerate(verdict.policy.waivers)
    ]


def _time(stated: str) -> str:
    """Return a time in UTC to the second, the one form that the profile's own check accepts."""
    try:
        return datetime.fromisoformat(stated).astimezone(UTC).isoformat(timespec="seconds")
    except ValueError:
        return stated
