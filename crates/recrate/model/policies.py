"""Policies by name, policies in files, and what one allows beyond the usual one. Pure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isfinite

from recrate.model.errors import BadInput
from recrate.model.policy import Policy, Tolerance
from recrate.model.wire import from_plain, to_plain

AUTHOR_FILE = "recrate-policy.json"
"""In a study's root: the policy that its author wishes to be judged by."""
FILE_LIMIT_BYTES = 1_000_000
_PLACES_LIMIT = 200
_NAME_LIMIT = 100

USUAL = Policy()
STRICT = Policy(
    name="strict",
    tolerance=Tolerance(relative=1e-12, absolute=0.0),
    image_fraction=0.0,
    own_tolerances=False,
    own_skips=False,
)
LOOSE = Policy(
    name="loose",
    tolerance=Tolerance(relative=1e-2, absolute=1e-9),
    image_fraction=0.01,
    stderr="skip",
)
NAMED = {one.name: one for one in (USUAL, STRICT, LOOSE)}
"""`strict` heeds nothing that authors ask for in their notebooks."""


def read_policy_file(content: bytes, *, where: str, name: str) -> Policy:
    """Return the policy in a file's content; raises BadInput for what is none.

    name: of one that gives itself none. Who wrote it is not for the file to say.
    """
    if len(content) > FILE_LIMIT_BYTES:
        raise BadInput("too large for a policy", where=where, hint="a policy is a few lines")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"not JSON: {error}", where=where) from error
    if isinstance(document, dict):
        document.setdefault("name", name)
    policy = replace(from_plain(document, Policy, where=where), by_author=False)
    wrong = complaint_about(policy)
    if wrong:
        raise BadInput(wrong, where=where, hint="docs/judging.md shows what a policy may say")
    return policy


_LATER = ("places", "by_author", "own_tolerances", "own_skips", "skip_files")


def policy_text(policy: Policy) -> str:
    """Return a policy as it is signed: what was added later is in it where it says something."""
    plain, usual = to_plain(policy), to_plain(USUAL)
    told = {name: said for name, said in plain.items() if name not in _LATER or said != usual[name]}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def complaint_about(policy: Policy) -> str:
    """Say what is wrong with a policy; empty where nothing is."""
    return next(_complaints(policy), "")


def _complaints(policy: Policy) -> Iterator[str]:
    name = policy.name
    if not name.strip() or len(name) > _NAME_LIMIT or not name.isprintable():
        yield f"its name is to be one line of 1 to {_NAME_LIMIT} signs"
    if name in NAMED and replace(policy, waivers=()) != NAMED[name]:
        yield f"the name {name} is of a policy of recrate's own, and this is another one"
    if not 0 <= policy.image_fraction <= 1:
        yield "image_fraction is a share of pixels, from 0 to 1"
    if policy.stderr not in {"compare", "skip"}:
        yield "stderr is `compare` or `skip`"
    if len(policy.places) > _PLACES_LIMIT:
        yield f"it names more than {_PLACES_LIMIT} places"
    for tolerance in (policy.tolerance, *(one.tolerance for one in policy.places)):
        if not all(isfinite(one) and one >= 0 for one in (tolerance.relative, tolerance.absolute)):
            yield "tolerances are numbers from 0 on"
    named = [text for one in policy.places for text in (one.path, one.cell)]
    if len(policy.skip_files) > _PLACES_LIMIT or not all(map(_is_line, policy.skip_files)):
        yield f"skip_files are at most {_PLACES_LIMIT} patterns of one line"
    if not all(one.path for one in policy.places):
        yield "each of its places has a path"
    if not all(map(_is_line, named)):
        yield f"paths and cells of its places are one line of at most {_NAME_LIMIT * 5} signs"


def _is_line(text: str) -> bool:
    return len(text) <= _NAME_LIMIT * 5 and text.isprintable()


@dataclass(frozen=True, slots=True, kw_only=True)
class Loosening:
    """Something that a policy allows beyond the usual one.

    what:  `relative`, `absolute`, `pictures` (a share of pixels), `files` (patterns that leave
           some out) or `stderr` (no numbers then)
    place: notebooks or cells that it holds for; empty for all
    """

    what: str
    given: float = 0.0
    usual: float = 0.0
    place: str = ""

    def told(self) -> str:
        """Tell it in English: `relative 0.1 instead of 1e-06`."""
        if self.what == "stderr":
            return "standard error is not compared"
        if self.what == "files":
            return f"written files left out by {self.given:g} patterns"
        at = f" for {self.place}" if self.place else ""
        if self.what == "pictures":
            return f"{self.given * 100:g} % of a picture instead of {self.usual * 100:g} %{at}"
        return f"{self.what} {self.given:g} instead of {self.usual:g}{at}"


def loosenings(policy: Policy) -> tuple[Loosening, ...]:
    """Return what a policy allows beyond the usual one; its waivers stand in the verdict anyway."""
    found = list(_wider(policy.tolerance, ""))
    if policy.image_fraction > USUAL.image_fraction:
        found.append(
            Loosening(what="pictures", given=policy.image_fraction, usual=USUAL.image_fraction)
        )
    if policy.stderr == "skip":
        found.append(Loosening(what="stderr"))
    if policy.skip_files:
        found.append(Loosening(what="files", given=len(policy.skip_files)))
    for one in policy.places:
        found += _wider(one.tolerance, f"{one.path}, cell {one.cell}" if one.cell else one.path)
    return tuple(found)


def _wider(tolerance: Tolerance, place: str) -> Iterator[Loosening]:
    for what in ("relative", "absolute"):
        given, usual = getattr(tolerance, what), getattr(USUAL.tolerance, what)
        if given > usual:
            yield Loosening(what=what, given=given, usual=usual, place=place)
