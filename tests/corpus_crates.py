"""Crates of real notebooks, one each, from source distributions; nothing of them is kept here."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from campaign_crates import single_notebooks
from launching import ROOT, alone, corpus, packed_once


@dataclass(frozen=True)
class Notebooks:
    """Notebooks of a folder of a source distribution."""

    package: str
    folder: str

    @property
    def name(self) -> str:
        """What files of it are called."""
        words = [part.split()[0].lower() for part in self.folder.split("/")]
        return "-".join((self.package, *words))


SMALL = Notebooks("fluids", "docs/Examples/Crane TP 410 Solved Problems")
"""35 worked problems of a handbook: each runs for a moment, and all need the same packages."""
MANY = (
    SMALL,
    Notebooks("fluids", "docs/Data"),
    Notebooks("fluids", "docs/Samples"),
    Notebooks("control", "examples"),
    Notebooks("control", "doc/examples"),
    Notebooks("hdbscan", "notebooks"),
    Notebooks("miepython", "docs"),
    Notebooks("emcee", "docs/tutorials"),
    Notebooks("corner", "docs/pages"),
    Notebooks("linearmodels", "examples"),
    Notebooks("pint", "docs"),
    Notebooks("celerite", "docs/_static/notebooks"),
    Notebooks("scikit-rf", "doc/source/tutorials"),
    Notebooks("scikit-rf", "doc/source/examples/networktheory"),
    Notebooks("scikit-rf", "doc/source/examples/metrology"),
    Notebooks("scikit-rf", "doc/source/examples/circuit"),
    Notebooks("scikit-rf", "doc/source/examples/vectorfitting"),
    Notebooks("scikit-rf", "doc/source/examples/interactive"),
    Notebooks("econ-ark", "examples/Gentle-Intro"),
    Notebooks("econ-ark", "examples/Distributions"),
    Notebooks("econ-ark", "examples/Interpolation"),
    Notebooks("econ-ark", "examples/ConsBequestModel"),
    Notebooks("econ-ark", "examples/ConsWealthUtilityModel"),
)


def pack_notebooks(chosen: Notebooks, made: Path, cache: Path, recrate: Any) -> Path:
    """Pack a folder of notebooks as of the day its distribution came out; one crate of all."""
    studies = tomllib.loads((ROOT / "benchmarks" / "corpus.toml").read_text())["study"]
    version = next(one["version"] for one in studies if one["package"] == chosen.package)
    with alone(cache / "launchable" / f"{chosen.package}.source.lock"):
        place = cache / "sources" / chosen.package
        source, as_of = corpus().fetch(chosen.package, version, place)
    wanted = {
        "package": chosen.package, "version": version, "folder": chosen.folder, "match": [""]
    }  # fmt: skip
    corpus().make_study(source, wanted, made / chosen.name)
    more = ("--as-of", as_of, "--waive", "secret")
    return packed_once(f"{chosen.name}-whole", made / chosen.name, "", cache, recrate, *more).crate


def crates_of(
    folders: Iterable[Notebooks], crates: Path, made: Path, cache: Path, recrate: Any
) -> int:
    """Write a crate for each notebook of the folders into `crates`; return how many there are."""
    crates.mkdir(parents=True)
    for chosen in folders:
        single_notebooks(pack_notebooks(chosen, made, cache, recrate), crates, chosen.name)
    return len(list(crates.iterdir()))
