"""environment.yml without conda: its pip-installable part as wishes, the rest by name."""

import re
from pathlib import Path
from typing import Any

import yaml
from packaging.utils import canonicalize_name

from recrate.environment.requirements_file import read_lines
from recrate.environment.table import table
from recrate.environment.wishes import Wishes, merge, sort_out
from recrate.model.environment import Unrestored
from recrate.model.finding import Severity, find

_SPEC = re.compile(r"^(?:[\w./-]+::)?(?P<name>[A-Za-z0-9_][\w.-]*)\s*(?P<rest>.*)$")
_R = re.compile(r"^(?:r|bioconductor)-")
_TOOLS = frozenset({"python", "pip", "setuptools", "wheel", "ipython_genutils", "ca-certificates"})


def read_conda(root: Path, path: str) -> Wishes:
    """Read an environment.yml; one that is not YAML becomes a finding."""
    try:
        document = yaml.safe_load((root / path).read_text("utf-8-sig", "replace"))
    except (yaml.YAMLError, RecursionError) as error:
        complaint = str(error).splitlines()[0] if str(error) else "not YAML"
        return Wishes(
            findings=(find(Severity.WARNING, "unreadable-declaration", complaint, path=path),)
        )
    entries = document.get("dependencies") if isinstance(document, dict) else None
    parts = [_read_entry(entry, path, root) for entry in entries or [] if entry]
    return merge(parts)


def _read_entry(entry: Any, path: str, root: Path) -> Wishes:
    if isinstance(entry, dict):
        lines = entry.get("pip") or []
        return read_lines(root, path, [str(line) for line in lines if line])
    found = _SPEC.match(str(entry).strip())
    if found is None:
        return Wishes(
            unrestored=(Unrestored(name=str(entry), reason="not understood", declared_in=path),)
        )
    name, rest = found["name"].lower(), found["rest"]
    if name == "python":
        return Wishes(python=specifier_of(rest))
    if name in _TOOLS:
        return Wishes()
    return _translate(name, rest, path)


def _translate(name: str, rest: str, path: str) -> Wishes:
    """Return a conda dependency as a wish, a Debian package, or as what cannot be restored."""
    known = table("conda").get(name)
    if known is None and _R.match(name):
        reason = "an R package of conda; R studies replay with the machine's R"
        return Wishes(unrestored=(Unrestored(name=name, reason=reason, declared_in=path),))
    if known == "" or (known is None and name in table("programs")):
        debian = table("programs").get(name)
        reason = (
            f"a system program; Debian has it as {debian}"
            if debian
            else "a library that conda ships"
        )
        return Wishes(
            unrestored=(Unrestored(name=name, reason=reason, declared_in=path),),
            system_packages=(debian,) if debian else (),
        )
    text = f"{canonicalize_name(known or name)}{specifier_of(rest)}"
    good, bad = sort_out([text], path)
    return Wishes(requirements=good, unrestored=bad)


def specifier_of(rest: str) -> str:
    """Return a conda version spec as PEP 440: `=1.2` → `==1.2.*`; build strings are dropped."""
    text = re.sub(r"\[.*?\]", "", rest).split("|")[0].strip()
    text = re.sub(r"\s*([<>=!~]+)\s*", r" \1", text).strip()
    if text and text[0].isdigit():
        version, _, _ = text.replace(" =", "=").partition("=")
        words = version.split()
        text = f"={words[0]}" if words else ""
    first = text.split(" ")[0] if text.startswith(("=", "~")) else text.replace(" ", ",")
    return ",".join(filter(None, (_clause(part) for part in first.replace(",,", ",").split(","))))


def _clause(part: str) -> str:
    found = re.match(
        r"^(==|=|>=|<=|!=|~=|<|>)?\s*([0-9][\w.!*+-]*)", part.split("|", maxsplit=1)[0]
    )
    if found is None:
        return ""
    operator, version = found[1] or "=", found[2]
    if operator == "=":
        exact = version.count(".") >= 2 and "*" not in version and part.count("=") > 1
        bare = version.rstrip("*").rstrip(".")
        return f"=={bare}" if exact else f"=={bare}.*"
    if operator in {"==", "!="} or "*" not in version:
        return f"{operator}{version}"
    return f"{operator}{version.rstrip('*').rstrip('.')}"
