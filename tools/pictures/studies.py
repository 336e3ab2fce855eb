"""What lies in the folder: the demo study, a draft of it with faults, a colleague's crate."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

TIDES = Path(__file__).resolve().parents[2] / "examples" / "tides"
NO_KEY = "AKIA" + "IOSFODNN7EXAMPLE"
"""The key of nobody, from its issuer's own documentation; put together here so that it is none."""


def prepare(folder: Path) -> Path:
    """Make the folder of a researcher; returns it."""
    folder.mkdir(parents=True)
    shutil.copytree(TIDES, folder / "tides")
    make_draft(folder / "tides-draft")
    with_changed_code = folder / "colleague"
    make_colleague(with_changed_code)
    crate = folder / "colleague.crate.zip"
    command = [sys.executable, "-m", "recrate", "pack", str(with_changed_code), "-o", str(crate)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    shutil.rmtree(with_changed_code)
    return folder


def make_draft(folder: Path) -> None:
    """Make a study as they are before somebody looked: an absolute path, a key, no licence."""
    shutil.copytree(TIDES, folder)
    (folder / "LICENSE").unlink()
    citation = folder / "CITATION.cff"
    lines = citation.read_text(encoding="utf-8").splitlines(keepends=True)
    citation.write_text("".join(line for line in lines if "license:" not in line), "utf-8")
    replace(
        folder / "01-clean.ipynb", '"data/sea-level-raw', '"/home/hama/tides/data/sea-level-raw'
    )
    replace(
        folder / "02-harmonics.ipynb", "import tides", f'import tides\n\nGAUGE_KEY = "{NO_KEY}"'
    )


def make_colleague(folder: Path) -> None:
    """Make a study whose code was changed after it ran: two outputs are not of this code."""
    shutil.copytree(TIDES, folder)
    replace(folder / "03-tides.ipynb", 'peak + pd.Timedelta("3D")', 'peak + pd.Timedelta("4D")')
    replace(folder / "03-tides.ipynb", "100 * (heights + datum)", "100 * (heights + datum) - 2")


def replace(notebook: Path, before: str, after: str) -> None:
    """Change the code of one cell of a notebook; its outputs stay as they were."""
    document: dict[str, Any] = json.loads(notebook.read_bytes())
    for cell in document["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and before in source:
            cell["source"] = source.replace(before, after)
            notebook.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
            return
    raise ValueError(f"{notebook.name}: no cell says {before}")
