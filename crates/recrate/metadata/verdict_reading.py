"""What a run crate's metadata say of its verdict, in words for a record."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from recrate.metadata.fields import text_of
from recrate.metadata.own_crate import entities_of, root_id
from recrate.metadata.own_people import Entities, Entity, first_text, followed, person_of
from recrate.metadata.people import checked
from recrate.metadata.works import work_url
from recrate.model.crate import METADATA_NAME
from recrate.model.study import Person
from recrate.model.verdict import Judgement

_VERDICT, _VALUE = "#verdict", "#verdict-value"
_PROPERTY = "recrate-verdict"
_IN_JAPANESE = {
    Judgement.IDENTICAL: "完全一致",
    Judgement.EQUIVALENT: "同等",
    Judgement.RAN: "実行完了",
    Judgement.DIFFERENT: "相違あり",
    Judgement.FAILED: "実行失敗",
    Judgement.NOT_RESTORED: "環境の復元不可",
}
_COMPARED = re.compile(r"([\d,]{1,15}) of ([\d,]{1,15}) (?:recorded )?outputs compared", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldVerdict:
    """A verdict as its run crate tells of it.

    judgement:   None where it is no word that we know
    sentence:    with the coverage, English; `in_japanese`: the same
    asked:       who asked for the replay, else the program by its name
    judged_name: what the replayed crate is called there
    """

    judgement: Judgement | None
    sentence: str
    in_japanese: str
    asked: tuple[Person, ...]
    judged_name: str


def is_run(metadata: dict[str, Any]) -> bool:
    """Say whether a crate's metadata document is that of a replay, with its verdict."""
    entities = entities_of(metadata)
    named = first_text(entities.get(_VALUE, {}).get("propertyID")) == _PROPERTY
    return named and "AssessAction" in _types(entities.get(_VERDICT, {}))


def verdict_of(metadata: dict[str, Any]) -> ToldVerdict:
    """Return the verdict that a run crate's metadata document tells of."""
    entities = entities_of(metadata)
    verdict, value = entities.get(_VERDICT, {}), entities.get(_VALUE, {})
    known = {one.value: one for one in Judgement}
    judgement = known.get(first_text(value.get("value")))
    sentence = _sentence(verdict, value)
    based = followed(_root(entities).get("isBasedOn"), entities)
    return ToldVerdict(
        judgement=judgement,
        sentence=sentence,
        in_japanese=_japanese(judgement, sentence),
        asked=tuple(_asked(verdict, entities)),
        judged_name=next((first_text(one.get("name")) for one in based), ""),
    )


def judged_address(run: dict[str, Any], replayed: dict[str, Any] | None, place: str) -> str | None:
    """Return where the crate that was replayed is published, its DOI first; None if it is not.

    run, replayed: metadata documents; place: where the replayed crate was read from
    """
    stated = []
    if replayed is not None:
        root = _root(entities_of(replayed))
        stated += [*_pointed(root.get("identifier")), *_pointed(root.get("url")), place]
    stated += _pointed(_root(entities_of(run)).get("isBasedOn"))
    addresses = [url for one in stated if "://" in one and (url := work_url(one))]
    dois = [one for one in addresses if one.startswith("https://doi.org/")]
    return next(iter((*dois, *addresses)), None)


def _root(entities: dict[str, Entity]) -> Entity:
    return entities.get(root_id(entities), {})


def _types(entity: Entity) -> list[Any]:
    kinds = entity.get("@type")
    return kinds if isinstance(kinds, list) else [kinds]


def _pointed(value: object) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        said = text_of(one.get("@id") if isinstance(one, dict) else one)
        if said:
            yield said


def _asked(verdict: Entity, entities: Entities) -> Iterator[Person]:
    for one in followed(verdict.get("agent"), entities):
        if "Person" in _types(one):
            person = person_of(one, entities)
            if person is not None and person.name:
                yield checked(person, METADATA_NAME)[0]
        elif first_text(one.get("name")):
            yield Person(name=first_text(one.get("name")))


def _sentence(verdict: Entity, value: Entity) -> str:
    sentence = first_text(verdict.get("description"))
    coverage = first_text(value.get("description"))
    if not coverage or _COMPARED.search(sentence):
        return sentence
    return f"{sentence} {coverage}.".strip()


def _japanese(judgement: Judgement | None, sentence: str) -> str:
    if judgement is None:
        return ""
    said = _COMPARED.search(sentence)
    coverage = f"{said[2]} 件の出力のうち {said[1]} 件を比較。" if said else ""
    return f"判定：{_IN_JAPANESE[judgement]}。{coverage}"
