"""Replay every notebook of the corpus in four environments, and write docs/fidelity.md.

usage: python benchmarks/fidelity.py [--only PACKAGE ...] [--out FOLDER] [--processes N]
                                     [--seconds N] [--write docs/fidelity.md] [--compose] [--judge]

What was done is kept in OUT/results.jsonl, one line for each notebook and environment; a run that
was cut off goes on behind it, and `--again` begins anew. The environments are told in
`fidelity_truth.py`; recrate's own is replayed twice, and the two reruns are compared.
"""

import argparse
import glob
import json
import shutil
import sys
import threading
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from corpus import fetch, make_study, place_of, recrate
from fidelity_page import page
from fidelity_truth import ENVIRONMENTS

HERE = Path(__file__).parent
TELLING = {"different", "missing", "unstable"}
_WRITING = threading.Lock()

Study = dict[str, Any]
Row = dict[str, Any]


def prepare(study: Study, environment: str, source: Path, into: Path) -> list[str]:
    """Make the study as this environment's tool would see it; return its notebooks.

    Only recrate's own is told which Python the notebooks record, only `newest` nothing declared.
    """
    notebooks = make_study(source, study, into)
    if environment == "newest":
        (into / "requirements.txt").unlink()
    if environment != "recrate":
        for name in notebooks:
            forget_python(into / name)
    return notebooks


def forget_python(notebook: Path) -> None:
    """Take the version of Python out of a notebook's metadata."""
    try:
        document = json.loads(notebook.read_text("utf-8"))
    except ValueError:
        return  # unreadable: packing says so
    document.get("metadata", {}).get("language_info", {}).pop("version", None)
    notebook.write_text(json.dumps(document), "utf-8")


def walk(
    study: Study, environment: str, source: Path, date: str, out: Path, limit: int
) -> list[Row]:
    """Pack and replay one study in one environment; one row for each of its notebooks."""
    place = out / "studies" / place_of(study) / environment
    shutil.rmtree(place, ignore_errors=True)
    notebooks = prepare(study, environment, source, place / "study")
    day = datetime.now(UTC).date().isoformat()
    as_of = date if environment in {"dated", "recrate"} else day
    crate = place / "study.crate.zip"
    order = ("pack", place / "study", "-o", crate, "--as-of", as_of, "--waive", "secret")
    _, packed, said = recrate(*order)
    base = {
        "study": place_of(study), "package": study["package"], "version": study["version"],
        "environment": environment, "day": day, "as_of": as_of, "limit": limit,
    }  # fmt: skip
    if not packed:
        return [{**base, "notebook": name, **broken(said)} for name in notebooks]
    first = replay(crate, place / "first", limit)
    rows = [{**base, "notebook": name, **told(first, name)} for name in notebooks]
    if environment == "recrate" and first["document"]:
        replay(crate, place / "second", limit)
        for row in rows:
            row["again"] = compare_again(place, row["notebook"]) if row["ran"] else None
    return rows


def replay(crate: Path, folder: Path, limit: int) -> dict[str, Any]:
    """Replay all notebooks of a crate; the JSON document (empty when there is none), and stderr."""
    _, document, said = recrate("replay", crate, "-o", folder, "--timeout", limit)
    return {"document": document, "said": said}


def broken(said: str) -> Row:
    """Return the row's facts where recrate gave no answer."""
    lines = said.strip().splitlines() or ["no answer"]
    return {
        "restored": False, "ran": False, "verdict": "error", "coverage": {}, "error": None,
        "differences": [], "python": "", "seconds": 0.0, "said": lines[-1][:200], "again": None,
    }  # fmt: skip


def told(replayed: dict[str, Any], notebook: str) -> Row:
    """Return what a replay says of one notebook."""
    document = replayed["document"]
    found = [one for one in document.get("notebooks", []) if one["path"] == notebook]
    if not found:
        return broken(replayed["said"] if not document else "not among the crate's notebooks")
    (one,) = found
    environment = document["environment"]
    return {
        "restored": environment["restored"],
        "ran": one["verdict"] not in {"failed", "not restored"},
        "verdict": one["verdict"],
        "coverage": one["coverage"] if "coverage" in one else count(one),
        "error": one["error"],
        "differences": list(differences(one)),
        "python": environment["python"],
        "seconds": round(one["seconds"], 1),
        "said": "",
        "again": None,
    }


def count(notebook: dict[str, Any]) -> dict[str, int]:
    """Count a notebook's outputs by verdict, as `Coverage` does."""
    verdicts = [output["verdict"] for cell in notebook["cells"] for output in cell["outputs"]]
    names = ("identical", "equivalent", "different", "missing", "unstable", "skipped", "waived")
    counts = {name: verdicts.count(name) for name in names}
    counts["outputs"] = sum(counts.values())
    counts["compared"] = counts["outputs"] - counts["skipped"] - counts["waived"]
    return counts


def differences(notebook: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Name each output that does not hold, with its cause."""
    for cell in notebook["cells"]:
        for output in cell["outputs"]:
            if output["verdict"] in TELLING:
                yield {
                    "cell": cell["index"],
                    "output": output["index"],
                    "mime": output["mime"],
                    "verdict": output["verdict"],
                    "cause": output.get("cause") or "",
                    "evidence": output.get("evidence", "")[:300],
                    "reason": output["reason"][:200],
                }


def compare_again(place: Path, notebook: str) -> dict[str, Any] | None:
    """Compare what two replays in one environment gave; None where the second gave nothing."""
    pair = [rerun(place / which, notebook) for which in ("first", "second")]
    if None in pair:
        return None
    _, document, _ = recrate("compare", *pair)
    if not document:
        return None
    return {
        "outputs": document["coverage"]["compared"],
        "differences": list(differences(document)),
    }


def restoring(place: Path) -> tuple[int, float | None, float | None]:
    """Return how many packages recrate's own environment has, and the seconds of both replays.

    The first had to make it, from what was downloaded before and what was not; the second found it.
    """
    packages, seconds = 0, []
    for which in ("first", "second"):
        seen = place / "recrate" / which / "observations" / "0" / "observation.json"
        environment = json.loads(seen.read_text("utf-8"))["environment"] if seen.exists() else None
        seconds.append(environment["seconds"] if environment else None)
        packages = packages or len(environment["packages"] if environment else ())
    return packages, seconds[0], seconds[1]


def rerun(folder: Path, notebook: str) -> Path | None:
    """Return the notebook as a replay executed it."""
    found = sorted(folder.glob(f"observations/*/notebooks/{glob.escape(notebook)}"))
    return found[0] if found else None


def kept(out: Path) -> list[Row]:
    """Return all rows that were kept, of each notebook and environment the last."""
    file = out / "results.jsonl"
    rows: dict[tuple[str, str, str], Row] = {}
    for line in file.read_text("utf-8").splitlines() if file.exists() else []:
        try:
            row = json.loads(line)
        except ValueError:
            continue  # the last line of a run that was cut off
        rows[row["study"], row["notebook"], row["environment"]] = row
    return list(rows.values())


def keep(rows: list[Row], out: Path) -> None:
    with _WRITING, (out / "results.jsonl").open("a", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row) + "\n")
            told = f"{row['environment']:9} {row['package']}: {row['notebook']}: {row['verdict']}"
            print(told, file=sys.stderr, flush=True)


def work(study: Study, done: set[tuple[str, str]], options: argparse.Namespace) -> None:
    """Take one study through the environments it has not been in."""
    left = [one for one in ENVIRONMENTS if (place_of(study), one) not in done]
    if not left:
        return
    name = f"{study['package']}-{study['version']}"
    with _fetching(name):
        source, date = fetch(study["package"], study["version"], options.out / "sources" / name)
    for environment in left:
        keep(walk(study, environment, source, date, options.out, options.seconds), options.out)


_FETCHING: dict[str, threading.Lock] = {}


def _fetching(name: str) -> threading.Lock:
    """Return the lock of a source distribution, of which several studies may be."""
    with _WRITING:
        return _FETCHING.setdefault(name, threading.Lock())


def judge_again(study: Study, environment: str, out: Path) -> list[Row]:
    """Return the rows of one study and environment as today's judge sees what was observed then."""
    place = out / "studies" / place_of(study) / environment
    rows = [
        row
        for row in kept(out)
        if (row["study"], row["environment"]) == (place_of(study), environment)
    ]
    if not rows or not (place / "first" / "replay.json").exists():
        return []
    _, document, said = recrate("judge", place / "first")
    if not document:
        raise SystemExit(said.strip()[-300:])
    seen = {"restored": rows[0]["restored"], "python": rows[0]["python"]}
    judged = {"document": {**document, "environment": seen}, "said": said}
    again = {
        row["notebook"]: compare_again(place, row["notebook"]) if row["again"] else None
        for row in rows
    }
    return [
        {**row, **told(judged, row["notebook"]), "again": again[row["notebook"]]} for row in rows
    ]


def tried(study: Study, done: set[tuple[str, str]], options: argparse.Namespace) -> str:
    """Do the work; return what went wrong, so that one study does not end the others."""
    try:
        if options.judge:
            for environment in ENVIRONMENTS:
                keep(judge_again(study, environment, options.out), options.out)
        else:
            work(study, done, options)
    except (Exception, SystemExit) as error:  # noqa: BLE001  any: told at the end, with exit code 1
        return f"{place_of(study)}: {type(error).__name__}: {error}"
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--out", type=Path, default=HERE.parent / "fidelity-output")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=180, help="limit of one notebook")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--compose", action="store_true", help="run nothing: write the page only")
    parser.add_argument(
        "--judge", action="store_true", help="run nothing: judge anew what was observed"
    )
    parser.add_argument("--again", action="store_true", help="forget what was run before")
    options = parser.parse_args()
    options.out = options.out.absolute()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.again:
        (options.out / "results.jsonl").unlink(missing_ok=True)
    studies = tomllib.loads((HERE / "corpus.toml").read_text())["study"]
    wrong: list[str] = []
    if not options.compose:
        chosen = [one for one in studies if not options.only or one["package"] in options.only]
        done = {(row["study"], row["environment"]) for row in kept(options.out)}
        with ThreadPoolExecutor(options.processes) as pool:
            wrong = [said for said in pool.map(lambda s: tried(s, done, options), chosen) if said]
    truth = tomllib.loads((HERE / "truth.toml").read_text()).get("looked", [])
    places = [place_of(one) for one in studies]
    restored = [(place, *restoring(options.out / "studies" / place)) for place in places]
    text = page(kept(options.out), studies=places, truth=truth, restored=restored)
    if options.write:
        options.write.write_text(text, encoding="utf-8")
    else:
        print(text)
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
