"""Hold the Japanese catalogue to what the extension says, and to how Japanese is written here.

Nothing untranslated, nothing left over, no place holder lost, no English in it but names; the rules
of writing are said at the head of the catalogue.

usage: python tools/strings.py            print what is wrong; exit 1 when there is something
       python tools/strings.py --missing  print what is missing as entries of a .po file, to fill in
"""

import io
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_javascript
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "extension" / "src"
SCHEMAS = ROOT / "extension" / "schema"
CATALOGUE = ROOT / "server/recrate_server/locale/ja_JP/LC_MESSAGES/recrate.po"

Key = tuple[str | None, str]
"""A message's context, and its text in English (the singular one)."""

KEYWORDS: dict[str, None] = dict.fromkeys(
    ("__", "_n", "_p", "_np", "gettext", "ngettext", "pgettext", "npgettext")
)
CALL = re.compile(r"\.(" + "|".join(sorted(KEYWORDS, key=len, reverse=True)) + r")\(")
LONGEST_CALL = 2000
COMMENT = re.compile(r"\s*(\*|/\*|//)")
IN_SCHEMA = (
    (r"/properties/.*/(title|description)", "settings"),
    (r"/(title|description)", "schema"),
    (r"/jupyter\.lab\.setting-icon-label", "settings"),
    (r"/jupyter\.lab\.menus/.*/label", "menu"),
    (r"/jupyter\.lab\.toolbars/.*/label", "toolbar"),
)
"""What JupyterLab translates in a settings schema, and under which context."""

NAMES = """
recrate Recrate JupyterLab Jupyter README RO-Crate JSON-LD SPDX DOI ORCID ROR MIT Python Dockerfile
git GPU API OS Windows macOS UTF-8 SHA-256 Raw Markdown HTML URL Enter Alt e-Rad import
requirements pathlib 2to3 sha256 contentSize localPath http Crossref MB JSON Zenodo WEKO
DataCite GakuNin RDM NII Binder JSON-LD ID
"""
"""What stands in Latin letters in Japanese, too."""
WORD = re.compile(r"[0-9]*[A-Za-z][A-Za-z0-9.-]*[A-Za-z0-9]")
QUOTED = re.compile(r"`[^`]*`|https?://\S*|recrate\[lab\]|[\w-]*\.[\w.-]+(?=[^\w.]|$)", re.ASCII)
"""What is shown as it is typed: code, addresses, names of files."""
JAPANESE = r"[\u3041-\u30ff\u3400-\u9fff]"
BADLY_WRITTEN = (
    (re.compile(r"[\uff61-\uff9f]"), "half-width katakana"),
    (re.compile(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]"), "full-width letters or digits"),
    (re.compile(r"[\uff0c\uff0e]|" + JAPANESE + r"[,.:;!?()]"), "punctuation of another script"),
    (
        re.compile(JAPANESE + r"[A-Za-z0-9]|(?:[A-Za-z]|(?<!%)[0-9])" + JAPANESE),
        "no space beside Latin letters",
    ),
    (re.compile(r"  |^\s|\s$"), "a space too many"),
)


def said_in_sources(sources: Path = SOURCES) -> Iterator[tuple[Message, str]]:
    """Yield each message of the TypeScript sources with the place it was found at."""
    for path in sorted([*sources.rglob("*.ts"), *sources.rglob("*.tsx")]):
        if path.name.endswith((".spec.ts", ".spec.tsx", ".d.ts")):
            continue
        source = path.read_text(encoding="utf-8")
        for call in CALL.finditer(source):
            if COMMENT.match(source, source.rfind("\n", 0, call.start()) + 1):
                continue
            name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
            place = f"{name}:{source.count(chr(10), 0, call.start()) + 1}"
            message = _said_at(source[call.start(1) : call.start(1) + LONGEST_CALL])
            if message is not None:
                yield message, place


def _said_at(source: str) -> Message | None:
    """Return the message of the call that a text begins with.

    Each call is looked at on its own: babel does not look for one among another one's arguments.
    """
    found = extract_javascript(io.BytesIO(source.encode()), KEYWORDS, [], {"jsx": True})
    for _, function, texts, _ in found:
        words = list(texts) if isinstance(texts, list | tuple) else [texts]
        context = words.pop(0) if function in {"_p", "_np", "pgettext", "npgettext"} else None
        plural = function in {"_n", "_np", "ngettext", "npgettext"}
        if words[:1] and words[0]:
            return Message(tuple(words[:2]) if plural else words[0], context=context)
        return None
    return None


def said_in_schemas() -> Iterator[tuple[Message, str]]:
    """Yield each message of the settings schemas with its file."""
    for path in sorted(SCHEMAS.glob("*.json")):
        place = str(path.relative_to(ROOT))
        for text, context in _schema_texts(json.loads(path.read_text(encoding="utf-8")), ""):
            yield Message(text, context=context), place


def _schema_texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _schema_texts(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _schema_texts(inner, f"{path}[{index}]")
    elif isinstance(value, str):
        for pattern, context in IN_SCHEMA:
            if re.fullmatch(pattern, path):
                yield value, context
                return


def key_of(message: Message) -> Key:
    """Return what tells one message from another."""
    text = message.id if isinstance(message.id, str) else message.id[0]
    return (message.context, text)


def translated(catalogue: Catalog) -> set[Key]:
    """Return what is translated: not fuzzy, every plural form there, the same placeholders."""
    return {
        key_of(message)
        for message in catalogue
        if message.id and not message.fuzzy and _is_whole(message)
    }


def _is_whole(message: Message) -> bool:
    texts = _listed(message.string)
    english = _listed(message.id)
    wanted = {mark for text in english for mark in re.findall(r"%\d", text)}
    return all(text and set(re.findall(r"%\d", text)) == wanted for text in texts)


def _listed(text: object) -> list[str]:
    return [text] if isinstance(text, str) else [str(form) for form in cast("Iterable[str]", text)]


def faults(english: str, japanese: str) -> list[str]:
    """Return what is wrong with how a translation is written, apart from its words."""
    found = [said for pattern, said in BADLY_WRITTEN if pattern.search(japanese)]
    left = [word for word in WORD.findall(QUOTED.sub("", japanese)) if word not in NAMES.split()]
    if left:
        found.append(f"English left in it: {', '.join(left)}")
    if english.endswith("…") != japanese.endswith("…"):
        found.append("… at the end of one of the two only")
    return found


def _shown(key: Key) -> str:
    context, text = key
    return f"{text!r} (context {context})" if context else repr(text)


def main() -> int:
    """Compare; print what is wrong."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="ja_JP")
    said: dict[Key, tuple[Message, str]] = {}
    for message, place in (*said_in_sources(), *said_in_schemas()):
        said.setdefault(key_of(message), (message, place))
    done = translated(catalogue)
    missing = [pair for key, pair in said.items() if key not in done]
    if "--missing" in sys.argv[1:]:
        wanted = Catalog(locale="ja_JP")
        for message, place in missing:
            name, _, line = place.partition(":")
            wanted.add(message.id, context=message.context, locations=[(name, int(line or 1))])
        write_po(sys.stdout.buffer, wanted, omit_header=True, width=0)
        return 0
    wrong = [f"{place}: not in Japanese: {_shown(key_of(message))}" for message, place in missing]
    wrong += [
        f"{CATALOGUE.relative_to(ROOT)}: nobody says this any more: {_shown(key)}"
        for key in sorted(
            {key_of(message) for message in catalogue if message.id} - set(said), key=str
        )
    ]
    for message in catalogue:
        if message.id:
            english, japanese = _listed(message.id)[0], _listed(message.string)[0]
            wrong += [f"{_shown(key_of(message))}: {fault}" for fault in faults(english, japanese)]
    print("\n".join(wrong) or f"strings: {len(said)}, all of them in Japanese")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
