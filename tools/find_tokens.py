"""Look through all that a run of the tests left behind for the tokens that the tests use.

usage: python tools/find_tokens.py FOLDER...
Logs, journals, databases, jobs and crates (what lies in a zip file is looked at unpacked). Exit 1,
with their names, where one holds a token; what a test wrote as its own configuration is left out.
"""

import contextlib
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from doubles import datacite, grdm, inveniordm_store, weko_store
from sweeping import LARGEST_BYTES, LEFT_OUT

TOKENS = (
    weko_store.OWNER_TOKEN,
    weko_store.WORKFLOW_TOKEN,
    weko_store.OTHER_TOKEN,
    grdm.TOKEN,
    inveniordm_store.OWNER_TOKEN,
    inveniordm_store.OTHER_TOKEN,
    inveniordm_store.READING_TOKEN,
    datacite.PASSWORD,
)
OWN = ("recrate_config", "jupyter_server_config", "config-", "tokens-given")
"""How the names of files begin that tests write themselves."""
BROKEN = (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, OSError, EOFError)
"""What tests of hostile archives make on purpose; the other members are looked at all the same."""


def files(folder: Path) -> Iterator[Path]:
    """Yield the regular files below a folder that are worth a look."""
    waiting = [folder]
    while waiting:
        for one in waiting.pop().iterdir():
            if one.is_symlink():
                continue
            if one.is_dir():
                waiting += [one] if one.name not in LEFT_OUT else []
            elif one.is_file() and not one.name.startswith(OWN):
                yield one


def contents(file: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, and of what lies in it where it is a zip file."""
    if file.stat().st_size > LARGEST_BYTES:
        return
    whole = file.read_bytes()
    yield whole
    if whole.startswith(b"PK\x03\x04"):
        with contextlib.suppress(*BROKEN), zipfile.ZipFile(file) as archive:
            for member in archive.infolist():
                if member.file_size <= LARGEST_BYTES:
                    with contextlib.suppress(*BROKEN):
                        yield archive.read(member)


def main() -> int:
    """Look, tell, and say by the exit code whether anything was found."""
    looked, found = 0, []
    wanted = [token.encode() for token in TOKENS]
    for folder in map(Path, sys.argv[1:]):
        for file in files(folder):
            looked += 1
            try:
                if any(token in text for text in contents(file) for token in wanted):
                    found.append(file)
            except OSError:
                continue
    sys.stdout.write(f"{looked:,} files looked at, {len(found)} with a token\n")
    sys.stdout.writelines(f"    {file}\n" for file in found)
    return 1 if found or not looked else 0


if __name__ == "__main__":
    sys.exit(main())
