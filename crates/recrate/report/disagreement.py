"""A disagreement of replays in words: for the terminal in one language, as JSON in both."""

from collections.abc import Iterator, Sequence
from typing import Any

from recrate.model.disagreement import DifferentVerdict, Disagreement, Explanation
from recrate.model.wire import to_plain
from recrate.report.account import LANGUAGES, Language
from recrate.report.characters import visible
from recrate.report.words import WORDS, word
from recrate.report.words_disagreement import said

_MOST_SHOWN = 8
_LONGEST_VALUE = 160
_NAMED = ("package", "data")
"""Kinds whose sentence holds a name."""


def disagreement_sentence(disagreement: Disagreement, language: Language) -> str:
    """Return in one sentence whether the runs agree, and what each of them says."""
    verdicts = list(dict.fromkeys(run.verdict for run in disagreement.runs))
    if disagreement.agree:
        told = judgement_in(verdicts[0], language) if verdicts else ""
        return said("agree", language, count=len(disagreement.runs), verdict=told)
    pairs = [(run.name, judgement_in(run.verdict, language)) for run in disagreement.runs]
    key = "disagree" if len(verdicts) > 1 else "disagree.inside"
    return said(key, language, told=_told(pairs, language))


def explanation_sentence(one: Explanation, language: Language) -> str:
    """Return in one sentence what differs between the runs, and how near it is to the verdicts."""
    none = said("none", language)
    pairs = [(name, _line(value) or none) for name, value in one.values]
    values = _told(pairs, language)
    name = _line(one.name)
    sentence = said(f"kind.{one.kind}", language, name=name, told=values)
    if one.kind in _NAMED and one.paths:
        sentence += said(f"near.{one.near}", language, paths=_paths(one.paths, language))
    return sentence + said("stop", language)


def disagreement_document(disagreement: Disagreement) -> dict[str, Any]:
    """Return the JSON document: all that was found, each with a sentence in both languages."""
    document: dict[str, Any] = to_plain(disagreement)
    document["sentence"] = {
        language: disagreement_sentence(disagreement, language) for language in LANGUAGES
    }
    for plain, one in zip(document["explanations"], disagreement.explanations, strict=True):
        plain["sentence"] = {
            language: explanation_sentence(one, language) for language in LANGUAGES
        }
    return document


def render_disagreement(disagreement: Disagreement, *, language: Language = "en") -> str:
    """Return plain text for the terminal, without colours, ending without a newline."""
    lines = [disagreement_sentence(disagreement, language)]
    if not disagreement.agree:
        lines += _different(disagreement.verdicts, language)
        lines += _why(disagreement, language)
    if disagreement.not_recorded and not disagreement.agree:
        kinds = [said(f"word.{kind}", language) for kind in disagreement.not_recorded]
        lines.append(said("not recorded", language, kinds=_joined(kinds, language)))
    return "\n".join(lines)


def judgement_in(verdict: str, language: Language) -> str:
    """Return a verdict in the words of `language`; one that nobody knows as it is."""
    for key in (f"judgement.{verdict}", f"output.{verdict}"):
        if key in WORDS:
            return word(key, language).lower() if language == "en" else word(key, language)
    return _line(verdict) or said("none", language)


def _different(verdicts: Sequence[DifferentVerdict], language: Language) -> Iterator[str]:
    """Give each notebook that is judged differently, and its first outputs."""
    inside = [one for one in verdicts if one.path]
    for one in inside[:_MOST_SHOWN]:
        place = _line(one.path)
        if one.cell is not None:
            place += ", " + word("mark", language, cell=one.cell, output=one.output)
        pairs = [
            (name, _output_in(verdict, language) if one.cell is not None
             else judgement_in(verdict, language))
            for name, verdict in one.verdicts
        ]  # fmt: skip
        yield f"  {place}: {_told(pairs, language)}"
    if len(inside) > _MOST_SHOWN:
        yield "  " + word("text.more", language, count=f"{len(inside) - _MOST_SHOWN:,}")


def _output_in(verdict: str, language: Language) -> str:
    key = f"output.{verdict}"
    return word(key, language) if key in WORDS else judgement_in(verdict, language)


def _why(disagreement: Disagreement, language: Language) -> Iterator[str]:
    fitting = [one for one in disagreement.explanations if one.fits]
    if not fitting:
        yield said("nothing differs", language)
        return
    yield said("could be", language)
    for number, one in enumerate(fitting[:_MOST_SHOWN], 1):
        yield f"  {number}. {explanation_sentence(one, language)}"
    if len(fitting) > _MOST_SHOWN:
        yield "  " + word("text.more", language, count=f"{len(fitting) - _MOST_SHOWN:,}")


def _told(pairs: Sequence[tuple[str, str]], language: Language) -> str:
    """Return `3.11.7 (laptop), 3.12.1 (cluster)`, with equal values told together."""
    by_value: dict[str, list[str]] = {}
    for name, value in pairs:
        by_value.setdefault(value, []).append(_line(name))
    parts = [
        said("pair", language, value=value, names=_joined(names, language))
        for value, names in by_value.items()
    ]
    return _joined(parts, language)


def _joined(parts: Sequence[str], language: Language) -> str:
    return (", " if language == "en" else "、").join(parts)


def _paths(paths: Sequence[str], language: Language) -> str:
    shown = [_line(path) for path in paths[:3]]
    return _joined([*shown, "…"] if len(paths) > 3 else shown, language)


def _line(text: str) -> str:
    """Return foreign text as one harmless line."""
    flat = visible(" ".join(text[:2_000].split()))
    return flat if len(flat) <= _LONGEST_VALUE else flat[: _LONGEST_VALUE - 1] + "…"
