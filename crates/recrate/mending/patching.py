"""A gone API put right in a stranger's code: no more than the error asks for.

The code is never run. What is written is parsed again; a cell where that fails stays as it was.
"""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recrate.mending.gone import Gone
from recrate.mending.renames import Rename, renames
from recrate.mending.scopes import Scope
from recrate.mending.spans import Parse, Text
from recrate.mending.uses import Finder, Use
from recrate.model.repair import Patch

_ARROW = re.compile(r"^-+> (\d{1,6}) ?(.*)$", re.MULTILINE)
_WRITTEN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A code cell of a notebook, or a module of the study where `cell` is None."""

    path: str
    cell: int | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """Where a run stopped. `traceback`: plain text, as IPython writes it."""

    cell: int | None
    traceback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """New sources by (path, cell), and what was done; `left` says why nothing was."""

    sources: Mapping[tuple[str, int | None], str]
    patches: tuple[Patch, ...]
    left: str = ""


def mend(
    scopes: Sequence[Sequence[Unit]],
    gone: Gone,
    *,
    stopped: Stopped,
    versions: Mapping[str, str],
    parse: Parse,
) -> Mended:
    """Put the successor of what is gone in its place.

    scopes:   the cells of the notebook that failed, and each module that it may have called
    versions: of the distributions as restored; `python` is the interpreter's
    """
    answering = [one for one in renames() if one.answers(gone)]
    due = [one for one in answering if one.is_due(versions)]
    if not due:
        return _none(
            f"no rule is known for `{gone.name}`"
            if not answering
            else f"the rules for `{gone.name}` are about other versions than those restored"
        )
    family = tuple(one for one in renames() if one.is_due(versions) and _belongs(one, due))
    sources: dict[tuple[str, int | None], str] = {}
    patches: list[Patch] = []
    for units in scopes:
        for unit, text, uses in _of_scope(units, family, stopped, parse):
            written = text.edited(edit for use in uses for edit in use.edits)
            if written is None or written == unit.source or parse(written) is None:
                continue
            sources[unit.path, unit.cell] = written
            patches += _patches(unit, uses, versions)
    if not patches:
        return _none(
            f"`{gone.name}` is not used where it could be replaced with its meaning kept: the code "
            "reaches it in another way, or it is a package's own code that asks for it"
        )
    return Mended(sources=sources, patches=tuple(patches))


def _none(left: str) -> Mended:
    return Mended(sources={}, patches=(), left=left)


def _belongs(one: Rename, due: Sequence[Rename]) -> bool:
    """Say whether a rename goes with those that answer: names that went together are all gone."""
    if one in due:
        return True
    return one.kind in ("name", "module") and any(
        one.rule == other.rule and other.kind in ("name", "module") for other in due
    )


def _of_scope(
    units: Sequence[Unit], family: Sequence[Rename], stopped: Stopped, parse: Parse
) -> list[tuple[Unit, Text, list[Use]]]:
    texts = [Text(unit.source, parse) for unit in units]
    trees: list[ast.Module] = [text.tree for text in texts if text.tree is not None]
    uses = list(Finder(family, texts, Scope(trees)).uses())
    met = [one for one in uses if _was_met(one, units, texts, stopped)]
    if not met:
        return []
    at = _where(met, texts, stopped)
    uses = [one for one in uses if one.rename.kind != "method" or _is_like(one, at)]
    numbers = dict.fromkeys(one.text for one in uses)
    return [(units[n], texts[n], [one for one in uses if one.text == n]) for n in numbers]


def _was_met(use: Use, units: Sequence[Unit], texts: Sequence[Text], stopped: Stopped) -> bool:
    """Say whether the run stopped at this use, or on its way from there."""
    unit = units[use.text]
    if unit.cell is not None and unit.cell == stopped.cell:
        return True
    line = texts[use.text].lines[use.node.lineno - 1].strip()[:_WRITTEN]
    return len(line) > 3 and line in stopped.traceback


def _where(met: Sequence[Use], texts: Sequence[Text], stopped: Stopped) -> list[Use]:
    """Return the uses at the innermost line of the traceback that is the study's own."""
    for number, written in reversed(_ARROW.findall(stopped.traceback)):
        line = int(number)
        found = [
            one
            for one in met
            if one.node.lineno <= line <= (one.node.end_lineno or 0)
            and _line(texts[one.text], line) == written.strip()
        ]
        if found:
            return found
    return list(met)


def _line(text: Text, line: int) -> str:
    return text.lines[line - 1].strip() if line <= len(text.lines) else ""


def _is_like(use: Use, at: Sequence[Use]) -> bool:
    """Say whether a method is called of what failed, or of a thing of the same name."""
    if use in at:
        return True
    receivers = {_receiver(one) for one in at} - {""}
    return _receiver(use) in receivers


def _receiver(use: Use) -> str:
    """Return the name of what a method is called of, empty where that has none."""
    node = use.node.value if isinstance(use.node, ast.Attribute) else None
    return node.id if isinstance(node, ast.Name) else ""


def _patches(unit: Unit, uses: Sequence[Use], versions: Mapping[str, str]) -> list[Patch]:
    lines: dict[Rename, set[int]] = {}
    for use in uses:
        lines.setdefault(use.rename, set()).add(use.node.lineno)
    return [
        Patch(
            path=unit.path,
            cell=unit.cell,
            lines=tuple(sorted(where)),
            rule=rename.rule,
            package=rename.package,
            version=versions.get(rename.package, ""),
            gone=rename.gone,
            before=rename.before,
            after=rename.after,
            why=rename.why,
            source=rename.source,
        )
        for rename, where in lines.items()
    ]
