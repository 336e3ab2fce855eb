"""Everything a report tells, gathered by the caller: values and bytes, nothing to be opened."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from recrate.model.environment import Lock
from recrate.model.observation import Observation
from recrate.model.repair import Repaired
from recrate.model.study import Notebook
from recrate.model.verdict import Verdict
from recrate.model.witness import Witness

Language = Literal["en", "ja"]
LANGUAGES: tuple[Language, ...] = ("en", "ja")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the page is made from.

    recorded: the notebooks as published, by path
    reruns:   the executed notebooks by path, one mapping per repeat; the first is the one compared
    pictures: difference pictures as PNG, by (notebook path, cell, output index)
    file_pictures: the same of written files, by (notebook path, path of the file)
    title, creators, licence: what the crate says of the study; empty when it does not
    generated_by: `recrate 0.1.0`
    language: which one the page opens in; None lets the reader's browser choose
    published: how many notebooks the crate has, None where nobody knows
    witness:  who ran it by hand and what they say; None for a replay
    repaired: what a patched copy gave, told apart; None where none was run
    """

    verdict: Verdict
    crate_name: str
    crate_identity: str
    generated_by: str
    crate_location: str = ""
    observations: tuple[Observation, ...] = ()
    recorded: Mapping[str, Notebook] = field(default_factory=dict)
    reruns: tuple[Mapping[str, Notebook], ...] = ()
    pictures: Mapping[tuple[str, int, int], bytes] = field(default_factory=dict)
    file_pictures: Mapping[tuple[str, str], bytes] = field(default_factory=dict)
    lock: Lock | None = None
    published: int | None = None
    title: str = ""
    creators: tuple[str, ...] = ()
    licence: str = ""
    language: Language | None = None
    witness: Witness | None = None
    repaired: Repaired | None = None
