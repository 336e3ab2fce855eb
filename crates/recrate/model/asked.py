"""What an author asks for in a notebook, in metadata and tags: tolerances, skips, claims. Pure.

    notebook metadata   {"recrate": {"tolerance": …, "skip": true, "claim": …, "claims": […]}}
    cell metadata       {"recrate": {"tolerance": …, "skip": true, "claim": …}}
    tags of a cell      recrate-tolerance-0.01  recrate-skip  recrate-claim

A cell wins over its notebook, its metadata over its tags. What cannot be used is a complaint.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recrate.model.study import Notebook

SKIP_TAG = "recrate-skip"
CLAIM_TAG = "recrate-claim"
TOLERANCE_TAG = "recrate-tolerance-"
_LONGEST = 200
_MOST_CLAIMS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for in one place; None where nothing is said there.

    relative, absolute: of the tolerance
    claim: words for what is claimed, empty for a claim without; None for no claim
    unclaimed: it says that it claims nothing
    complaints: what was said and cannot be used
    """

    relative: float | None = None
    absolute: float | None = None
    skip: bool | None = None
    claim: str | None = None
    unclaimed: bool = False
    complaints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedClaim:
    """A line of a notebook's list of claims.

    number: in the list, from 0; named: the cell as it was named; cell: its index, None for no cell
    output: index among the cell's recorded outputs; None means all of them
    """

    number: int
    named: str
    cell: int | None
    output: int | None = None
    title: str = ""
    title_ja: str = ""


def asked_of_notebook(notebook: Notebook) -> Asked:
    """Return what a notebook asks for all of its cells."""
    return _asked(_settings(notebook), ())


def asked_of_cell(cell: object) -> Asked:
    """Return what a cell asks for itself."""
    tags = _list(_table(_table(cell).get("metadata")).get("tags"))
    return _asked(_settings(cell), [one for one in tags if isinstance(one, str)])


def claims_asked(notebook: Notebook) -> tuple[tuple[AskedClaim, ...], tuple[str, ...]]:
    """Return the list of claims in a notebook's metadata, and complaints about its lines."""
    said = _settings(notebook).get("claims")
    if said is None:
        return (), ()
    if not isinstance(said, list | tuple):
        return (), ("`claims` is to be a list",)
    cells = _list(_table(notebook).get("cells"))
    found, complaints = [], []
    for number, line in enumerate(said[:_MOST_CLAIMS]):
        wrong = _wrong_with(line)
        if wrong:
            complaints.append(f"claim {number} of the list {wrong}")
            continue
        named = line["cell"]
        found.append(
            AskedClaim(
                number=number,
                named=_words(str(named)),
                cell=find_cell(cells, named),
                output=line.get("output"),
                title=_words(line.get("title", "")),
                title_ja=_words(line.get("title_ja", "")),
            )
        )
    if len(said) > _MOST_CLAIMS:
        complaints.append(f"of `claims` only the first {_MOST_CLAIMS} are read")
    return tuple(found), tuple(complaints)


def find_cell(cells: Sequence[object], named: object) -> int | None:
    """Return the index of the code cell that is meant by an id, an index or a tag; None for none.

    An id comes before an index, and both before a tag, which may only name one cell.
    """
    code = [at for at, one in enumerate(cells) if _table(one).get("cell_type") == "code"]
    if isinstance(named, int):
        return named if named in code else None
    text = str(named)
    for at in code:
        if _table(cells[at]).get("id") == text:
            return at
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text) if int(text) in code else None
    tagged = [at for at in code if text in tags_in(cells[at])]
    return tagged[0] if len(tagged) == 1 else None


def tags_in(cell: object) -> Sequence[Any]:
    """Return the tags of a cell."""
    return _list(_table(_table(cell).get("metadata")).get("tags"))


def _asked(own: Mapping[str, Any], tags: Sequence[str]) -> Asked:
    complaints: list[str] = []
    tagged = _tolerance_of_tags(tags, complaints)
    relative, absolute = _tolerance(own, complaints)
    if relative is None and absolute is None:
        relative = tagged
    skip = _flag(own, "skip", complaints)
    claim = own.get("claim")
    if "claim" in own and not isinstance(claim, bool | str):
        complaints.append("`claim` is to be true, false or words")
    words = _words(claim) if isinstance(claim, str) else ""
    claimed = claim is True or words != "" or (CLAIM_TAG in tags and claim is not False)
    return Asked(
        relative=relative,
        absolute=absolute,
        skip=True if skip is None and SKIP_TAG in tags else skip,
        claim=words if claimed else None,
        unclaimed=claim is False,
        complaints=tuple(complaints),
    )


def _tolerance_of_tags(tags: Sequence[str], complaints: list[str]) -> float | None:
    found: float | None = None
    for tag in tags:
        if tag.startswith(TOLERANCE_TAG):
            said = tag.removeprefix(TOLERANCE_TAG)
            number = _number_in(said)
            if number is None:
                complaints.append(f"the tag `{_words(tag)}` names no tolerance: {_ALLOWED}")
            found = number if number is not None else found
    return found


def _tolerance(own: Mapping[str, Any], complaints: list[str]) -> tuple[float | None, float | None]:
    if "tolerance" not in own:
        return None, None
    said = own["tolerance"]
    given = said if isinstance(said, Mapping) else {"relative": said}
    found: list[float | None] = []
    for name in ("relative", "absolute"):
        value = _number(given.get(name))
        if name in given and value is None:
            told = _words(repr(given[name]))[:40]
            complaints.append(f"`tolerance` has {name} {told}: {_ALLOWED}")
        found.append(value)
    if isinstance(said, Mapping) and not set(said) <= {"relative", "absolute"}:
        complaints.append("`tolerance` has `relative` and `absolute`, and nothing else is read")
    return found[0], found[1]


_ALLOWED = "it is to be a number from 0 on"


def _flag(own: Mapping[str, Any], name: str, complaints: list[str]) -> bool | None:
    said = own.get(name)
    if said is None or isinstance(said, bool):
        return said
    complaints.append(f"`{name}` is to be true or false")
    return None


def _wrong_with(line: object) -> str:
    """Say what keeps a line of a list of claims from being read; empty where nothing does."""
    if not isinstance(line, Mapping) or "cell" not in line:
        return "names no cell"
    cell, output = line["cell"], line.get("output")
    if isinstance(cell, bool) or not isinstance(cell, str | int) or cell == "":
        return "is to name its cell by id, index or tag"
    if output is not None and (isinstance(output, bool) or not isinstance(output, int)):
        return "is to name its output by its index, from 0"
    if isinstance(output, int) and output < 0:
        return "is to name its output by its index, from 0"
    if not all(isinstance(line.get(name, ""), str) for name in ("title", "title_ja")):
        return "has a title that is no text"
    return ""


def _number(value: object) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e300:
        return float(value)
    return None


def _number_in(text: str) -> float | None:
    if not text.isascii() or len(text) > 40 or "_" in text or text != text.strip():
        return None
    try:
        return _number(float(text))
    except ValueError:
        return None


def _words(text: str) -> str:
    """Return somebody's text as one line of bounded length that UTF-8 can hold."""
    flat = " ".join(text[: 10 * _LONGEST].split())[:_LONGEST]
    return flat.encode("utf-8", "replace").decode()


def _settings(holder: object) -> Mapping[str, Any]:
    return _table(_table(_table(holder).get("metadata")).get("recrate"))


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()
