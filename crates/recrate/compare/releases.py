"""What packages are known to show otherwise since some release, and who drew a picture."""

import re
from dataclasses import dataclass

from recrate.compare.pieces import ERROR, Piece
from recrate.model.makers import LARGEST, as_text, makers_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of what is shown: the older form stands on one side, the newer on the other."""

    package: str
    told: str
    older: re.Pattern[str]
    newer: re.Pattern[str]


def _change(package: str, told: str, older: str, newer: str) -> Change:
    return Change(package=package, told=told, older=re.compile(older), newer=re.compile(newer))


CHANGES = (
    _change(
        "scikit-learn",
        "since 1.0 it shows a learner as a diagram",
        r"\b[A-Z]\w{2,60}\(",
        r"sk-(?:container|top|estimator)",
    ),
    _change(
        "pandas",
        "since 3.0 texts have a type of their own",
        r"dtype: object|\(\d{1,6}, object\)|\bobject\b",
        r"dtype: str\b|\(\d{1,6}, str\)|\bstr\b",
    ),
    _change(
        "pandas",
        "since 2.0 its indices have one class",
        r"\b(?:Int|Float|UInt)64Index\(",
        r"(?<!\w)Index\(",
    ),
    _change(
        "pandas",
        "since 3.0 times are counted in another unit",
        r"datetime64\[ns",
        r"datetime64\[u?s",
    ),
    _change(
        "pandas",
        "since 2.2 it spells frequencies otherwise",
        r"freq='?(?:M|Q|A|Y|H|T|S|BM)\b|\bFreq: (?:M|Q|A|Y|H|T|S|BM)\b",
        r"freq='?(?:ME|QE|YE|h|min|s|BME)\b|\bFreq: (?:ME|QE|YE|h|min|s|BME)\b",
    ),
    _change(
        "keras",
        "since 3 it draws the table of layers with other lines",
        r"_{20,}|={20,}",
        "[┏┡└]━?",
    ),
    _change(
        "networkx",
        "since 2.x it names a graph by its nodes and edges",
        r"<networkx\.classes\.|Name: \w{0,40}\nType: ",
        r"Graph (?:named .{1,80} )?with \d+ nodes",
    ),
    _change(
        "xarray",
        "since 0.16 it shows a data set as a page of its own",
        r"<xarray\.",
        r"xr-(?:wrap|header|sections)",
    ),
    _change(
        "numpy",
        "since 1.14 it prints numbers in the fewest digits",
        r"[\[\s]\d{1,20}\.\s{1,12}[\],]|\d\.\d{1,20}\s{2,12}[\],]",
        r"(?<!\d)\d{1,20}\.\d{0,20}[\],]",
    ),
)
"""The newer form is asked for only where the other side lacks it."""

_HELP = re.compile(r"Help on [\w -]{1,40}?(?:([\w.]{1,200}) in module )?([\w.]{1,200}):\n")
_LEARNER = re.compile(r"\b([A-Z][A-Za-z]{2,60})\(([^()]{0,4000})\)")
_MANY = 3
"""Parameters that a learner shows at least where it shows all of them."""


def known_change(recorded: Piece, rerun: Piece) -> str:
    """Say which package is known to show this otherwise than it did; empty when none is known."""
    before, after = _shown(recorded), _shown(rerun)
    for one in CHANGES:
        for old, new in ((before, after), (after, before)):
            newer = one.newer.search(new)
            if newer and one.older.search(old) and not one.newer.search(old):
                return f"{one.package}: {one.told}"
    if _fewer_parameters(before, after) or _fewer_parameters(after, before):
        return "scikit-learn: since 0.23 it shows only the parameters that were set"
    about = _HELP.match(before)
    if about and _HELP.match(after) and about[2] not in ("__main__", "object"):
        thing = f"`{about[1]}` in " if about[1] else ""
        return f"the help of {thing}`{about[2]}` is another one in another version"
    if recorded.kind == ERROR and rerun.kind == ERROR and recorded.name == rerun.name:
        return "the same error, worded by another version of Python or of a package"
    return ""


def _fewer_parameters(older: str, newer: str) -> bool:
    """Say whether a learner is shown with all its parameters in one text and few in the other."""
    few = {name: told.count("=") for name, told in _LEARNER.findall(newer)}
    return any(
        told.count("=") >= _MANY and few.get(name, told.count("=")) < told.count("=")
        for name, told in _LEARNER.findall(older)
    )


def drawn_by_another(recorded: Piece, rerun: Piece) -> str:
    """Say that a picture was drawn by another version of the same library, as both sides tell."""
    here, there = dict(makers_of(recorded.data)), dict(makers_of(rerun.data))
    for name, version in here.items():
        other = there.get(name)
        if other and other != version:
            return f"{name}: the record was drawn by {version}, the rerun by {other}"
    return ""


def only_looks(evidence: str, piece: Piece | None, partner: Piece | None) -> bool:
    """Say whether the cause is one of how a thing is shown, from which no other output follows."""
    if piece is None or partner is None:
        return False
    return evidence in (known_change(piece, partner), drawn_by_another(piece, partner))


def _shown(piece: Piece) -> str:
    """Return what an output shows as text, its markup and structures with it."""
    parts = [piece.text, *(as_text(content) for content in piece.data.values())]
    return "\n".join(part for part in parts if part)[:LARGEST]
