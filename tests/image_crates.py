"""Crates for tests of images: a small lock, a notebook, and whatever files a study has."""

from pathlib import Path

from making import notebook_of
from recrate.crate.plan import make_plan
from recrate.crate.write import write_crate
from recrate.environment.dockerfile import with_recipe
from recrate.environment.settings import EnvironmentSettings
from recrate.model.crate import Crate
from recrate.model.environment import Card, Lock, Package
from recrate.model.study import DataReference, Description
from recrate.scan.inventory import take_inventory
from recrate.scan.options import ScanOptions

WHEEL = "d" * 64
PYLOCK = f"""
lock-version = "1.0"
[[packages]]
name = "six"
version = "1.17.0"
wheels = [{{ name = "six-1.17.0-py2.py3-none-any.whl", hashes = {{ sha256 = "{WHEEL}" }} }}]
"""


def lock_of(
    *, python: str = "3.11.7", pylock: str = PYLOCK, system: tuple[str, ...] = (), r: str = ""
) -> Lock:
    """Return a lock of one package; `r`: names of R packages, for a lock of R."""
    packages = tuple(Package(name=name, version="1.0") for name in r.split())
    lock = Lock(
        language="R" if r else "python",
        python="" if r else python,
        packages=packages or (Package(name="six", version="1.17.0"),),
        pylock="" if r else pylock,
        requirements="",
        dockerfile="",
        source="declared",
        as_of=None,
        card=Card(system="Linux", release="6", machine="x86_64"),
        system_packages=system,
        kernel="ir" if r else "",
    )
    settings = EnvironmentSettings(cache=Path("unused"), today="2026-01-01")
    return lock if r else with_recipe(lock, settings)


def pack_study(
    folder: Path,
    *,
    files: dict[str, str] | None = None,
    lock: Lock | None = None,
    title: str = "Peas",
    references: tuple[DataReference, ...] = (),
    destination: str = "crate",
) -> tuple[Path, Crate]:
    """Pack a study with a notebook and `files`; return where the crate is, and the crate."""
    root = folder / "study"
    for path, text in {"one.ipynb": notebook_of("1 + 1"), **(files or {})}.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    plan = make_plan(
        take_inventory(root, options=ScanOptions()),
        Description(title=title, description="How peas grow", references=references),
        lock or lock_of(),
        created="2026-01-01",
        agent="recrate 0.1.0",
    )
    place = folder / destination
    return place, write_crate(plan, root, place)
