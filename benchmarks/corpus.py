"""Pack, check and replay notebooks of public source distributions, and print what became of each.

usage: python benchmarks/corpus.py [--only PACKAGE ...] [--out FOLDER] [--write docs/corpus.md]

A source distribution is found by name and version with the package client (a lock gives its address
and hash), its notebook folder becomes a study that declares `package==version`, and every notebook
is replayed as of the day that version came out. Nothing of it is kept in the repository.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
import zipfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from recrate.outside.tools import find_uv
from recrate.outside.web import WebSettings, download

HERE = Path(__file__).parent
FOLDER_LIMIT_BYTES = 60 * 1024**2
NOTEBOOK_SECONDS = 180
COLUMNS = ("notebook", "packed", "valid", "restored", "ran", "verdict", "compared", "cause")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One notebook's line of the table."""

    package: str
    notebook: str
    packed: bool = False
    valid: bool = False
    restored: bool = False
    ran: bool = False
    verdict: str = "not packed"
    compared: str = ""
    cause: str = ""
    seconds: float = 0.0

    def cells(self) -> list[str]:
        marks = [
            "yes" if mark else "no" for mark in (self.packed, self.valid, self.restored, self.ran)
        ]
        return [f"{self.package}: {self.notebook}", *marks, self.verdict, self.compared, self.cause]


def fetch(package: str, version: str, into: Path) -> tuple[Path, str]:
    """Return the unpacked source distribution and the ISO date on which it came out."""
    into.mkdir(parents=True, exist_ok=True)
    lock = into / "pylock.one.toml"
    command = [find_uv(), "pip", "compile", "-", "--no-deps", "--quiet", "--format", "pylock.toml"]
    subprocess.run(
        [*command, "--no-header", "--python", sys.executable, "--output-file", lock],
        input=f"{package}=={version}",
        text=True,
        check=True,
    )
    source = tomllib.loads(lock.read_text())["packages"][0]["sdist"]
    archive = into / source["url"].rsplit("/", 1)[1]
    if not archive.exists():
        download(
            source["url"],
            archive,
            sha256=source["hashes"]["sha256"],
            size_bytes=None,
            limit_bytes=10**9,
            # The address is of the configured index, which may well stand in one's own network.
            settings=WebSettings(private_hosts=(urlsplit(source["url"]).hostname or "",)),
        )
    unpacked = into / "unpacked"
    if not unpacked.exists():
        if archive.suffix == ".zip":
            with zipfile.ZipFile(archive) as packed:
                packed.extractall(unpacked)
        else:
            with tarfile.open(archive) as packed:
                packed.extractall(unpacked, filter="data")
    (top,) = unpacked.iterdir()
    came_out: datetime = source["upload-time"]
    return top, (came_out.date() + timedelta(days=1)).isoformat()


def make_study(source: Path, study: dict[str, Any], into: Path) -> list[str]:
    """Copy the notebooks' folder as a study that declares its package; return the notebooks."""
    folder = source / study["folder"]
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if size > FOLDER_LIMIT_BYTES:
        raise SystemExit(f"{study['package']}: {study['folder']} is too large ({size:,} bytes)")
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(folder, into, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    declared = into / "requirements.txt"
    declared.write_text(f"{study['package']}=={study['version']}\n")
    notebooks = sorted(path.name for path in into.glob("*.ipynb"))
    chosen = [n for n in notebooks if any(n.startswith(match) for match in study["match"])]
    for name in set(notebooks) - set(chosen):
        (into / name).unlink()
    if not chosen:
        raise SystemExit(f"{study['package']}: no notebook matches {study['match']}")
    return chosen


def recrate(*arguments: object) -> tuple[int, dict[str, Any], str]:
    """Run the command line; return exit code, its JSON document and what it said on stderr."""
    command = [sys.executable, "-m", "recrate"]
    done = subprocess.run(
        [*command, *(str(argument) for argument in arguments), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    document = json.loads(done.stdout) if done.stdout.strip() else {}
    return done.returncode, document, done.stderr


def walk(study: dict[str, Any], out: Path) -> list[Row]:
    """Take one study the whole way; one row for each of its notebooks."""
    name = f"{study['package']}-{study['version']}"
    source, as_of = fetch(study["package"], study["version"], out / "sources" / name)
    place = out / "studies" / place_of(study)
    notebooks = make_study(source, study, place / "study")
    crate = place / "study.crate.zip"
    _, packed, said = recrate(
        "pack", place / "study", "-o", crate, "--as-of", as_of, "--waive", "secret"
    )
    if not packed:
        return [
            Row(package=name, notebook=n, cause=said.strip().splitlines()[-1]) for n in notebooks
        ]
    _, checked, _ = recrate("check", crate)
    rows = []
    for notebook in notebooks:
        if notebook not in packed["notebooks"]:
            rows.append(
                Row(
                    package=name,
                    notebook=notebook,
                    packed=True,
                    valid=checked["valid"],
                    verdict="unreadable",
                )
            )
            continue
        rows.append(replay(name, notebook, crate, place, valid=checked.get("valid", False)))
        print("  ", " | ".join(rows[-1].cells()), file=sys.stderr, flush=True)
    return rows


def replay(name: str, notebook: str, crate: Path, place: Path, *, valid: bool) -> Row:
    """Replay one notebook of a crate."""
    folder = place / "replays" / notebook.removesuffix(".ipynb")
    shutil.rmtree(folder, ignore_errors=True)
    begun = time.monotonic()
    _, done, said = recrate(
        "replay", crate, "-o", folder, "--notebook", notebook, "--timeout", NOTEBOOK_SECONDS
    )
    seconds = time.monotonic() - begun
    if not done:
        lines = said.strip().splitlines() or ["no answer"]
        return Row(
            package=name,
            notebook=notebook,
            packed=True,
            valid=valid,
            verdict="error",
            cause=lines[-1],
        )
    error = done["notebooks"][0]["error"] if done["notebooks"] else None
    coverage = done["coverage"]
    why = (
        f"{error['cause']}: {error['name']}: {error['message'][:80]}"
        if error
        else first_difference(done)
    )
    return Row(
        package=name,
        notebook=notebook,
        packed=True,
        valid=valid,
        restored=done["environment"]["restored"],
        ran=done["verdict"] not in {"failed", "not restored"},
        verdict=done["verdict"],
        compared=f"{coverage['compared']}/{coverage['outputs']}",
        cause=why.replace("\n", " ").replace("|", "/"),
        seconds=seconds,
    )


def first_difference(done: dict[str, Any]) -> str:
    """Return the reason of the first output that differs, with its place."""
    for cell in done["notebooks"][0]["cells"] if done["notebooks"] else []:
        for output in cell["outputs"]:
            if output["verdict"] in {"different", "missing"}:
                return f"cell {cell['index']}: {output['reason'][:90]}"
    return ""


def table(rows: list[Row]) -> str:
    """Return the rows as a Markdown table with the totals above it."""
    ran = [row for row in rows if row.ran]
    held = [row for row in ran if row.verdict in {"identical", "equivalent"}]
    lines = [
        (
            f"{len(rows)} notebooks: {sum(row.packed for row in rows)} packed, "
            f"{sum(row.valid for row in rows)} in valid crates, "
            f"{sum(row.restored for row in rows)} in a restored environment, "
            f"{len(ran)} ran to the end, {len(held)} identical or equivalent."
        ),
        "",
        "| " + " | ".join(COLUMNS) + " |",
        "| " + " | ".join("---" for _ in COLUMNS) + " |",
        *("| " + " | ".join(row.cells()) + " |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


def keep(rows: list[Row], study: dict[str, Any], out: Path) -> None:
    """Save the rows of one study, so that a page can be put together from several runs."""
    kept = out / "rows" / f"{place_of(study)}.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    day = datetime.now(UTC).date().isoformat()
    kept.write_text(json.dumps({"day": day, "rows": [asdict(row) for row in rows]}, indent=1))


def kept_rows(studies: list[dict[str, Any]], out: Path) -> tuple[list[Row], set[str]]:
    """Return the rows of each study's last run, and the days of those runs."""
    rows: list[Row] = []
    days: set[str] = set()
    for study in studies:
        kept = out / "rows" / f"{place_of(study)}.json"
        if kept.exists():
            last = json.loads(kept.read_text())
            rows += [Row(**row) for row in last["rows"]]
            days.add(last["day"])
    return rows, days


def place_of(study: dict[str, Any]) -> str:
    return f"{study['package']}-{study['version']}-{study['folder'].replace('/', '_')}"


def misses(rows: list[Row], known: list[dict[str, str]]) -> str:
    """Return one line for each notebook that did not run or is judged different, with whose it is.

    known: what somebody found out who looked: `package`, the notebook's beginning, `whose`, `why`
    """
    lines = ["## Misses, by name", ""]
    for row in rows:
        if row.verdict in {"identical", "equivalent", "ran"}:
            continue
        found = [
            miss
            for miss in known
            if row.package.startswith(miss["package"] + "-")
            and row.notebook.startswith(miss["notebook"])
        ]
        why = (
            f"{found[0]['whose']}: {found[0]['why']}" if found else f"not looked into: {row.cause}"
        )
        lines.append(f"- **{row.package}, {row.notebook}** ({row.verdict}) {why}")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--out", type=Path, default=HERE.parent / "corpus-output")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--compose", action="store_true", help="run nothing: write the page only")
    options = parser.parse_args()
    listed = tomllib.loads((HERE / "corpus.toml").read_text())
    printed: list[Row] = []
    for study in listed["study"] if not options.compose else []:
        if not options.only or study["package"] in options.only:
            told = f"{study['package']} {study['version']} {study['folder']}"
            print(told, file=sys.stderr, flush=True)
            rows = walk(study, options.out)
            keep(rows, study, options.out)
            printed += rows
    print(table(printed))
    if options.write:
        rows, days = kept_rows(listed["study"], options.out)
        head = (
            "# The corpus\n\n"
            f"Each package as last run, on {' and '.join(sorted(days))}; `make corpus` makes this "
            "page anew. Every notebook had 180 seconds, no network and one replay. `ran` with 0/0: "
            "nothing was recorded to compare with.\n\n"
        )
        options.write.write_text(head + table(rows) + "\n" + misses(rows, listed.get("miss", [])))


if __name__ == "__main__":
    main()
