"""Make every picture of the user guide: real JupyterLab, real studies, Chromium.

usage: python tools/pictures [--languages en,ja] [--themes light,dark] [--only STATE,STATE]
                             [--out docs/pictures] [--cache FOLDER] [--extensions FOLDER]

recrate must be installed with its lab and dev extras and its extension built. A picture is called
<state>.<language>.<theme>.png; with --only the whole path is walked, and the named states are kept.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from lab import LANGUAGES, Camera, opened, serving
from session import STATES, shoot_session
from states import walk
from studies import TIDES, prepare

ROOT = Path(__file__).resolve().parents[2]


def asked() -> argparse.Namespace:
    """Return what the person asked for."""
    said = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    said.add_argument("--languages", default="en,ja")
    said.add_argument("--themes", default="light,dark")
    said.add_argument("--only", default="", help="names of states, with commas between")
    said.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    said.add_argument("--cache", type=Path, help="where environments are kept; else the person's")
    said.add_argument("--extensions", type=Path, help="a folder of another build of the extension")
    return said.parse_args()


def replace(pictures: Path, made: Path, *, everything: bool) -> None:
    """Put new pictures where the old ones were; of states that are no more, none stays."""
    pictures.mkdir(parents=True, exist_ok=True)
    new = {picture.name for picture in made.glob("*.png")}
    kinds = {name.partition(".")[2] for name in new}
    for old in pictures.glob("*.png"):
        if everything and old.name not in new and old.name.partition(".")[2] in kinds:
            old.unlink()
    for name in sorted(new):
        shutil.copyfile(made / name, pictures / name)


def main() -> int:
    """Walk once through everything in each language; return the exit code."""
    choice = asked()
    folder = Path(tempfile.mkdtemp(prefix="recrate-pictures-"))
    only = frozenset(filter(None, choice.only.split(",")))
    made = folder / "made"
    made.mkdir()
    try:
        of_session_only = bool(only) and only <= set(STATES)
        studies = folder / "studies"
        if not of_session_only:
            prepare(studies)
        for language in choice.languages.split(","):
            camera = Camera(
                out=made,
                language=language,
                themes=tuple(choice.themes.split(",")),
                only=only,
            )
            here = folder / language / "session"
            shoot_session(TIDES, here, camera, cache=choice.cache)
            if of_session_only:
                continue
            root = folder / language / "research"
            shutil.copytree(studies, root)
            options = {"cache": choice.cache, "extensions": choice.extensions}
            with (
                serving(root, locale=LANGUAGES[language], **options) as address,
                opened(address, camera) as lab,
            ):
                walk(lab, root)
        replace(choice.out, made, everything=not choice.only)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    size = sum(picture.stat().st_size for picture in choice.out.glob("*.png"))
    print(f"{choice.out}: {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
