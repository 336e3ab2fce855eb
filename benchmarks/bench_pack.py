"""Pack against `rocrate`'s own `write_zip` plus a separate SHA-256 pass, on the same files.

    python benchmarks/bench_pack.py              # 2 GB in 40 files, and 20,000 small files
    python benchmarks/bench_pack.py --scale 0.05 # a twentieth of it, to try things

Both sides read the same folder, describe every file with its SHA-256 in an RO-Crate 1.1 and write
a zip file. The peer is what its documentation says: `ROCrate`, `add_file` with `record_size`, and
`write_zip`, after a pass over the files with `hashlib.file_digest`. `write_zip` has no setting of
compression: it deflates at zlib's level 6. So the peer runs a second time with zlib's fastest
level, set from outside, and the sizes of both archives are printed. Each run is a process of its
own; results are verified by reading every member back and comparing checksums. A cold run follows
`posix_fadvise(DONTNEED)` on every source file.
"""

# ruff: noqa: PLC0415 - each side imports what is its own, so that memory is its own too

import argparse
import hashlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

LARGE_FILES, LARGE_BYTES = 40, 50_000_000
SMALL_FILES, SMALL_BYTES = 20_000, 4_000
NOTEBOOK = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []})


def make_text(size: int, chance: random.Random) -> bytes:
    """Return a table of measurements: compressible as real ones are."""
    lines, length = [], 0
    number = 0
    while length < size:
        line = (
            f"{number},{chance.gauss(20, 5):.3f},{chance.choice('abcdef')},{chance.random():.5f}\n"
        )
        lines.append(line)
        length += len(line)
        number += 1
    return "".join(lines).encode()[:size]


def make_study(root: Path, files: int, size: int, kind: str) -> None:
    """Write `files` files of `size` bytes: `text`, `random`, or both by turns (`mixed`)."""
    chance = random.Random(42)
    pool = make_text(min(8_000_000, max(size * 8, 400_000)), chance)
    for number in range(files):
        is_text = kind == "text" or (kind == "mixed" and number % 2 == 0)
        folder = root / f"part-{number % 100:02}"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{number:05}.{'csv' if is_text else 'bin'}").open("wb") as stream:
            left = size
            while left:
                start = chance.randrange(len(pool) // 2)
                block = (
                    pool[start : start + left] if is_text else chance.randbytes(min(left, 1 << 22))
                )
                left -= stream.write(block)
    (root / "analysis.ipynb").write_text(NOTEBOOK)


def pack_ours(root: Path, target: Path) -> None:
    """Write the crate as `recrate pack --no-lock` does, once the folder is known."""
    from recrate.crate.plan import make_plan
    from recrate.crate.write import write_crate
    from recrate.model.study import Description, Inventory, StudyFile
    from recrate.outside.disk import media_type_of

    files = tuple(
        StudyFile(path=path, size_bytes=size, media_type=media_type_of(path))
        for path, size in listed(root)
    )
    inventory = Inventory(name="bench", files=files, notebooks=())
    said = Description(title="bench", description="bench", licence="CC0-1.0")
    plan = make_plan(inventory, said, None, created="2026-01-01", agent="recrate 0")
    write_crate(plan, root, target)


def pack_peer(root: Path, target: Path, level: int | None) -> None:
    """Write the crate as the peer's documentation shows; `level` sets zlib from outside."""
    from rocrate.rocrate import ROCrate

    if level is not None:
        original = zipfile.ZipFile.__init__

        def fast(self: zipfile.ZipFile, *arguments: Any, **settings: Any) -> None:
            original(self, *arguments, **{**settings, "compresslevel": level})

        zipfile.ZipFile.__init__ = fast  # type: ignore[method-assign]
    crate = ROCrate(version="1.1")
    crate.name, crate.description, crate.license = "bench", "bench", "CC0-1.0"
    for path, _ in listed(root):
        with (root / path).open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        crate.add_file(root / path, path, record_size=True, properties={"sha256": digest})
    crate.write_zip(target)


def listed(root: Path) -> list[tuple[str, int]]:
    found = []
    for parent, _, names in os.walk(root):
        for name in names:
            path = os.path.join(parent, name)  # noqa: PTH118 - the same fast walk for both sides
            found.append((os.path.relpath(path, root).replace(os.sep, "/"), os.stat(path).st_size))  # noqa: PTH116
    return sorted(found)


def run_one(side: str, root: Path, target: Path) -> None:
    """Pack once in this process and print seconds and the memory's peak as JSON."""
    packers = {
        "ours": pack_ours,
        "peer": lambda *places: pack_peer(*places, None),
        "peer-level-1": lambda *places: pack_peer(*places, 1),
    }
    if side == "ours":
        import recrate.crate.write  # noqa: F401 - starting Python is not what is measured
    else:
        import rocrate.rocrate  # noqa: F401
    started = time.perf_counter()
    packers[side](root, target)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "size": target.stat().st_size}))


def forget(root: Path) -> None:
    """Drop the study's files from the page cache, so that the next run reads the disk."""
    os.sync()
    for path in root.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def measure(side: str, root: Path, target: Path, *, cold: bool) -> dict[str, float]:
    target.unlink(missing_ok=True)
    if cold:
        forget(root)
    command = [sys.executable, "-W", "ignore", __file__, "--one", side, root, target]
    done = subprocess.run([str(word) for word in command], check=True, capture_output=True)
    verify(root, target)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def verify(root: Path, target: Path) -> None:
    """Read every member back: its bytes are the file's, and the metadata state its checksum."""
    with zipfile.ZipFile(target) as opened:
        metadata = json.loads(opened.read("ro-crate-metadata.json"))
        stated = {one["@id"]: one.get("sha256") for one in metadata["@graph"]}
        for path, _ in listed(root):
            with opened.open(path) as packed, (root / path).open("rb") as source:
                found = hashlib.file_digest(packed, "sha256").hexdigest()
                assert found == hashlib.file_digest(source, "sha256").hexdigest(), path
            assert stated[path] == found, path


def compare(name: str, root: Path, folder: Path, *, least: float) -> bool:
    """Print one block of the table; say whether we are at least `least` times as fast."""
    print(f"\n{name}: {sum(size for _, size in listed(root)) / 1e6:,.0f} MB, want {least}x")
    held = True
    for cold in (False, True):
        found = {}
        for side in ("ours", "peer", "peer-level-1"):
            found[side] = measure(side, root, folder / f"{side}.zip", cold=cold)
        ours = found["ours"]
        for side, one in found.items():
            ratio = one["seconds"] / ours["seconds"]
            held = held and (side != "peer" or ratio >= least)
            print(
                f"  {'cold' if cold else 'warm'} {side:13} {one['seconds']:8.2f} s  {ratio:6.2f}x"
                f"  archive {one['size'] / 1e6:8.1f} MB  peak memory {one['peak'] / 1e6:6.0f} MB"
            )
    return held


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full amount of data")
    parser.add_argument("--folder", type=Path, help="where to work; needs some 6 GB at full scale")
    parser.add_argument(
        "--one", nargs=3, metavar=("SIDE", "STUDY", "TARGET"), help=argparse.SUPPRESS
    )
    asked = parser.parse_args()
    if asked.one:
        run_one(asked.one[0], Path(asked.one[1]), Path(asked.one[2]))
        return 0
    size, count = int(LARGE_BYTES * asked.scale), int(SMALL_FILES * asked.scale)
    cases = (
        (f"{LARGE_FILES} compressible files", LARGE_FILES, size, "text", 3.0),
        (f"{LARGE_FILES} random files", LARGE_FILES, size, "random", 3.0),
        (f"{count:,} small files", count, SMALL_BYTES, "mixed", 1.5),
    )
    held = True
    for name, files, each, kind, least in cases:
        with tempfile.TemporaryDirectory(dir=asked.folder) as work:
            root = Path(work) / "study"
            make_study(root, files, each, kind)
            held = compare(name, root, Path(work), least=least) and held
    if asked.scale < 1:
        print("\na short run: what is wanted is wanted of the full amount")
        return 0
    print("\nall held" if held else "\nNOT all held")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
