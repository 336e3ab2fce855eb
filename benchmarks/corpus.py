"""The corpus: notebooks of public source distributions, fetched by name and version.

A source distribution is found with the package client (a lock gives its address and hash), and its
notebook folder becomes a study that declares `package==version`. Nothing of it is kept in the
repository.
"""

import json
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from recrate.outside.tools import find_uv
from recrate.outside.web import WebSettings, download

FOLDER_LIMIT_BYTES = 60 * 1024**2


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


def place_of(study: dict[str, Any]) -> str:
    return f"{study['package']}-{study['version']}-{study['folder'].replace('/', '_')}"
