"""Notebooks as RO-Crate entities: workflows where they are, what they read, write and recorded."""

from collections.abc import Mapping
from dataclasses import dataclass

from recrate.crate.graph import Graph, Properties
from recrate.crate.names import id_of
from recrate.model.study import FileUse, FoundNotebook

WORKFLOW = ["File", "SoftwareSourceCode", "ComputationalWorkflow"]

_LANGUAGES = {
    "python": ("https://www.python.org/", "Python"),
    "r": ("https://www.r-project.org/", "R"),
    "julia": ("https://julialang.org/", "Julia"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What notebooks refer to: the graph, each known path's `@id`, and the environment's."""

    graph: Graph
    places: Mapping[str, dict[str, str]]
    environment: dict[str, str] | None


def notebook_properties(
    parts: Parts, notebook: FoundNotebook, position: int, outputs: str | None
) -> Properties:
    """Return what a notebook says beyond a plain file.

    position: place in the run order, from 1
    outputs:  digest of its recorded outputs
    A notebook is a workflow when it has code to run; one of prose alone stays a file. What it
    reads and writes is told as parameters when reading its code showed which file is meant.
    """
    if notebook.code_cells == 0:
        return {"description": "A notebook without code"}
    graph = parts.graph
    return {
        "@type": list(WORKFLOW),
        "position": position,
        "programmingLanguage": _add_language(graph, notebook),
        "softwareRequirements": parts.environment,
        "input": _add_parameters(parts, notebook, "input", notebook.uses.reads),
        "output": _add_parameters(parts, notebook, "output", notebook.uses.writes),
        "additionalProperty": graph.entity(
            f"#recorded-outputs/{id_of(notebook.path)}",
            "PropertyValue",
            name=f"recorded outputs of {notebook.path}",
            propertyID="recrate-recorded-outputs",
            value=notebook.outputs,
            unitText="outputs that are not empty",
            sha256=outputs,
            description="What a replay is expected to give again; sha256 of all of them together",
        ),
    }


def _add_language(graph: Graph, notebook: FoundNotebook) -> dict[str, str]:
    language = notebook.language or "unknown"
    plain = id_of(language.lower())
    url, name = _LANGUAGES.get(language.lower(), (f"#language-{plain}", language))
    return graph.entity(
        url,
        "ComputerLanguage",
        name=name,
        url=url if url.startswith("https:") else None,
    )


def _add_parameters(
    parts: Parts, notebook: FoundNotebook, side: str, uses: tuple[FileUse, ...]
) -> list[dict[str, str]]:
    targets = dict.fromkeys(use.target for use in uses if use.target in parts.places)
    return [
        parts.graph.entity(
            f"#{side}/{id_of(notebook.path)}/{id_of(target)}",
            "FormalParameter",
            name=target,
            additionalType="File",
            workExample=parts.places[target],
        )
        for target in targets
        if target is not None
    ]
