"""The rungs of the ladder: questions that ask for a little less, each with its words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from recrate.environment.resolve import Question, Unresolvable
from recrate.environment.wishes import Wish

KERNEL = "ipykernel>=5.5.6"
"""A floor: left to itself, a resolver goes back to kernels that install but do not start."""
UNBUILT = re.compile(r"([A-Za-z0-9][\w.-]*?)(?:==\S+)? has no usable wheels")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One thing to try, and what it gives up in words."""

    question: Question
    words: str


def loosened(question: Question, evidence: str) -> Question:
    """Return the question without the version limits of what `evidence` names (all when empty)."""
    named = {canonicalize_name(name) for name in re.findall(r"[A-Za-z0-9][\w.-]*", evidence)}

    def loose(text: str) -> str:
        requirement = Requirement(text)
        if text == KERNEL or not requirement.specifier:
            return text
        if named and canonicalize_name(requirement.name) not in named:
            return text
        requirement.specifier = type(requirement.specifier)()
        return str(requirement)

    texts = tuple(dict.fromkeys(loose(text) for text in question.requirements))
    kept = tuple(text for text in question.constraints if loose(text) == text)
    return replace(question, requirements=texts, constraints=kept)


def last_rungs(
    question: Question, outcome: Unresolvable, inferred: tuple[Wish, ...]
) -> Iterator[Rung]:
    """Yield what gives up more than single versions: packages, the date, the declaration."""
    unbuilt = UNBUILT.findall(outcome.evidence)
    if unbuilt:
        out = {canonicalize_name(name) for name in unbuilt}
        kept = tuple(text for text in question.requirements if name_of(text) not in out)
        if kept != question.requirements:
            words = f"left out {', '.join(sorted(out))}: no wheel, and no build from source"
            yield Rung(question=replace(question, requirements=kept), words=words)
    if outcome.wants_builds:
        loose = replace(loosened(question, ""), builds=True)
        yield Rung(question=loose, words="took the newest versions that fit, to be built")
    undated = replace(question, as_of=None, newer=())
    yield Rung(question=undated, words="took versions newer than the study")
    if inferred:
        names = tuple(wish.text for wish in inferred)
        only = replace(question, requirements=(*names, KERNEL), constraints=())
        yield Rung(question=only, words="took only what the imports need")
        words = "took only what the imports need, newer than the study"
        yield Rung(question=replace(only, as_of=None, newer=()), words=words)


def name_of(text: str) -> str:
    """Return the normalised name of a PEP 508 requirement."""
    return canonicalize_name(Requirement(text).name)
