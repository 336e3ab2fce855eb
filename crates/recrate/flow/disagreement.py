"""Replays of one crate beside each other: where their verdicts differ, and what could be why."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name

from recrate.environment.table import distribution_of
from recrate.flow.disagreement_facts import Facts, facts_of
from recrate.flow.work import ReplayFolder, ReplayHead
from recrate.model.disagreement import (
    CARD_KINDS,
    ComparedRun,
    DifferentVerdict,
    Disagreement,
    Explanation,
    Kind,
    Near,
)
from recrate.model.errors import BadInput
from recrate.model.observation import Observation
from recrate.model.study import Notebook
from recrate.model.verdict import NotebookVerdict, Verdict
from recrate.scan.code_reading import read_python_uses

_ORDER: tuple[Kind, ...] = (
    "data", "environment", "limit", "package", "interpreter", "parameters", "sandbox", "network",
    "hand", "blas", "processor", "machine", "system", "c library", "gpu", "cores", "memory",
    "locale", "timezone", "limits held", "runner", "policy", "judge",
)  # fmt: skip
"""Of two that are equally near, what explains a difference more often stands first."""
_NEAR: tuple[Near, ...] = ("named", "imported", "elsewhere")
_WORD = re.compile(r"[A-Za-z][\w-]{1,80}")
_TEXT_SIGNS = 20_000
_ALWAYS_THERE = frozenset({"ipython", "ipykernel", "traitlets", "jupyter-client", "tornado"})
"""They stand in every traceback of a kernel."""
_DIRECT: frozenset[Kind] = frozenset({"data", "environment", "limit"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """One replay as it was read."""

    name: str
    crate_name: str
    head: ReplayHead
    verdict: Verdict
    observations: tuple[Observation, ...]
    recorded: Mapping[str, Notebook]
    facts: Facts

    @property
    def notebooks(self) -> dict[str, NotebookVerdict]:
        return {one.path: one for one in self.verdict.notebooks}


def compare_runs(folders: Sequence[Path] | Mapping[str, Path]) -> Disagreement:
    """Return where replays of one crate disagree, and what differs between them, likeliest first.

    folders: of replays that were judged, by the names of their runners or dates; without names
             that of each folder is taken
    Raises BadInput for fewer than two, for replays of different crates, and for two of one name;
    NotFound where nothing was replayed or judged.
    """
    named = folders if isinstance(folders, Mapping) else _named(folders)
    if len(named) < 2:
        raise BadInput("one replay has nothing to disagree with", hint="name two or more")
    runs = [_read(name, place) for name, place in named.items()]
    _refuse_other_crates(runs)
    verdicts = tuple(_differences(runs))
    touched = _touched(runs, verdicts)
    explanations = sorted(_explained(runs, touched), key=_rank)
    return Disagreement(
        crate=runs[0].head.crate,
        crate_name=runs[0].crate_name,
        runs=tuple(_summary(run) for run in runs),
        agree=not verdicts,
        verdicts=verdicts,
        explanations=tuple(explanations),
        not_recorded=_not_recorded(runs),
    )


def _named(folders: Sequence[Path]) -> dict[str, Path]:
    names = [folder.resolve().name for folder in folders]
    if len(set(names)) < len(names):
        names = [str(folder) for folder in folders]
    if len(set(names)) < len(names):
        raise BadInput("the same replay twice", hint="name different folders")
    return dict(zip(names, folders, strict=True))


def _read(name: str, place: Path) -> _Told:
    folder = ReplayFolder(root=place)
    head = folder.read_head()
    observations = folder.observations()
    verdict = folder.read_verdict()
    return _Told(
        name=name,
        crate_name=head.crate_name,
        head=head,
        verdict=verdict,
        observations=observations,
        recorded=folder.read_recorded(head.notebooks),
        facts=facts_of(head, observations, verdict),
    )


def _refuse_other_crates(runs: Sequence[_Told]) -> None:
    first = runs[0]
    for run in runs[1:]:
        if run.head.crate != first.head.crate:
            raise BadInput(
                f"replays of two crates: {first.name} is of {first.head.crate[:12]}, "
                f"{run.name} of {run.head.crate[:12]}",
                hint="only replays of the same crate can disagree",
            )


def _summary(run: _Told) -> ComparedRun:
    last = run.observations[0] if run.observations else None
    return ComparedRun(
        name=run.name,
        verdict=run.verdict.verdict.value,
        ended=max((one.ended for one in run.observations), default=""),
        runner=last.runner if last else "",
        agent=run.head.recrate,
    )


def _differences(runs: Sequence[_Told]) -> Iterator[DifferentVerdict]:
    """Yield what is judged differently: the study, its notebooks, then their outputs."""
    yield from _where("", None, None, [(one.name, one.verdict.verdict.value) for one in runs])
    for path in dict.fromkeys(path for run in runs for path in run.notebooks):
        told = [(run.name, run.notebooks.get(path)) for run in runs]
        yield from _where(
            path, None, None, [(name, one.verdict.value if one else "") for name, one in told]
        )
        outputs = [(name, _outputs(one)) for name, one in told]
        for cell, output in sorted({place for _, found in outputs for place in found}):
            given = [(name, found.get((cell, output), "")) for name, found in outputs]
            yield from _where(path, cell, output, given)


def _where(
    path: str, cell: int | None, output: int | None, given: list[tuple[str, str]]
) -> Iterator[DifferentVerdict]:
    if len({verdict for _, verdict in given}) > 1:
        yield DifferentVerdict(path=path, cell=cell, output=output, verdicts=tuple(given))


def _outputs(notebook: NotebookVerdict | None) -> dict[tuple[int, int], str]:
    return {
        (cell.index, output.index): output.verdict.value
        for cell in (notebook.cells if notebook else ())
        for output in cell.outputs
        if output.verdict.value != "added"
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Touched:
    """The notebooks that are judged differently: what they import, and what their errors say."""

    imported: Mapping[str, frozenset[str]]
    named: Mapping[str, frozenset[str]]
    verdicts: tuple[tuple[str, ...], ...]
    """For each thing judged differently, its verdicts in the order of the runs."""

    def fits(self, values: tuple[str, ...]) -> bool:
        return all(
            one == two or values[first] != values[second]
            for given in self.verdicts
            for first, one in enumerate(given)
            for second, two in enumerate(given[:first])
        )

    def near(self, name: str) -> tuple[Near, tuple[str, ...]]:
        key = canonicalize_name(name)
        named = tuple(path for path, words in self.named.items() if key in words)
        imported = tuple(path for path, found in self.imported.items() if key in found)
        if named and (key not in _ALWAYS_THERE or imported):
            return "named", named
        return ("imported", imported) if imported else ("elsewhere", ())


def _touched(runs: Sequence[_Told], verdicts: Sequence[DifferentVerdict]) -> _Touched:
    paths = list(dict.fromkeys(one.path for one in verdicts if one.path))
    return _Touched(
        imported={path: _imports(runs, path) for path in paths},
        named={path: _words(runs, path) for path in paths},
        verdicts=tuple(
            tuple(verdict for _, verdict in one.verdicts) for one in verdicts if one.cell is None
        )
        or tuple(tuple(verdict for _, verdict in one.verdicts) for one in verdicts),
    )


def _imports(runs: Sequence[_Told], path: str) -> frozenset[str]:
    """Return the distributions that a notebook imports itself, as their normalised names."""
    notebook = next((run.recorded[path] for run in runs if path in run.recorded), None)
    if notebook is None:
        return frozenset()
    try:
        names = {one.name for one in read_python_uses(notebook).imports if not one.level}
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        return frozenset()  # a stranger's notebook, of whatever shape
    return frozenset().union(*(_distributions(name) for name in names)) if names else frozenset()


def _words(runs: Sequence[_Told], path: str) -> frozenset[str]:
    """Return the distributions whose names, or whose modules', stand in a notebook's errors."""
    said: list[str] = []
    for run in runs:
        failure = run.notebooks[path].error if path in run.notebooks else None
        if failure is not None:
            said += [failure.message, failure.evidence]
        for observation in run.observations:
            errors = (one.error for one in observation.notebooks if one.path == path)
            said += [f"{one.message}\n{one.traceback}" for one in errors if one is not None]
            if observation.not_restored is not None:
                said.append(observation.not_restored.evidence)
    found = {word for text in said for word in _WORD.findall(text[-_TEXT_SIGNS:])}
    return frozenset().union(*(_distributions(word) for word in found)) if found else frozenset()


def _distributions(module: str) -> frozenset[str]:
    known = distribution_of(module)
    own = canonicalize_name(module.partition(".")[0])
    return frozenset({own, canonicalize_name(known)} if known else {own})


def _explained(runs: Sequence[_Told], touched: _Touched) -> Iterator[Explanation]:
    """Yield every difference between the runs, in whatever order."""
    packages = sorted({name for run in runs for name in run.facts.packages})
    for name in packages if all(run.facts.packages for run in runs) else ():
        yield from _one(runs, "package", name, _package(name), touched)
    data = sorted({path for run in runs for path in run.facts.data})
    for path in data:
        yield from _one(runs, "data", path, _datum(path), touched)
    told: dict[Kind, None] = {kind: None for run in runs for kind in run.facts.told}
    for kind in told:
        if kind in CARD_KINDS and not all(kind in run.facts.told for run in runs):
            continue  # not recorded is not different
        yield from _one(runs, kind, "", _fact(kind), touched)


def _package(name: str) -> Callable[[Facts], str]:
    return lambda facts: facts.packages.get(name, "")


def _datum(path: str) -> Callable[[Facts], str]:
    return lambda facts: facts.data.get(path, "")


def _fact(kind: Kind) -> Callable[[Facts], str]:
    return lambda facts: facts.told.get(kind, "")


def _one(
    runs: Sequence[_Told],
    kind: Kind,
    name: str,
    value: Callable[[Facts], str],
    touched: _Touched,
) -> Iterator[Explanation]:
    values = tuple(value(run.facts) for run in runs)
    if len(set(values)) < 2:
        return
    near, paths = touched.near(name) if kind == "package" else ("elsewhere", ())
    if kind in _DIRECT:
        near = "named"
    yield Explanation(
        kind=kind,
        name=name,
        values=tuple((run.name, one) for run, one in zip(runs, values, strict=True)),
        near=near,
        fits=bool(touched.verdicts) and touched.fits(values),
        paths=paths,
    )


def _rank(one: Explanation) -> tuple[bool, int, int, int, str]:
    """Return what sorts the likeliest first: it fits, it is near, it is imported by many."""
    return (not one.fits, _NEAR.index(one.near), _ORDER.index(one.kind), -len(one.paths), one.name)


def _not_recorded(runs: Sequence[_Told]) -> tuple[Kind, ...]:
    return tuple(kind for kind in CARD_KINDS if not all(kind in run.facts.told for run in runs))
