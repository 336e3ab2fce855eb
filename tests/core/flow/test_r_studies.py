"""An ordinary study in R: packed, restored with what this machine's R lacks, judged."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from r_archive import needs_r

pytestmark = [needs_r, pytest.mark.slow, pytest.mark.timeout(900)]

SPARE = ("getopt", "pixmap", "isoweek", "combinat", "prettyR", "svMisc", "gsubfn", "hash")
"""Small packages of R that Debian has and hardly a machine."""

NOTEBOOKS: dict[str, list[str]] = {
    "01-frame": [
        "d <- data.frame(g = c('a', 'b', 'a'), x = c(1.5, 2, 3.25)); d",
        "summary(d)",
        "str(d)",
        "head(mtcars, 3)",
    ],
    "02-lm": [
        "fit <- lm(mpg ~ wt + hp, data = mtcars)",
        "summary(fit)",
        "anova(fit)",
        "round(predict(fit, data.frame(wt = 3, hp = 110)), 3)",
    ],
    "03-ggplot": [
        "library(ggplot2)",
        "ggplot(mtcars, aes(wt, mpg, colour = factor(cyl))) + geom_point()",
    ],
    "04-dplyr": [
        "suppressPackageStartupMessages(library(dplyr))",
        "mtcars |> group_by(cyl) |> summarise(n = n(), mpg = mean(mpg))",
        "as_tibble(mtcars) |> filter(mpg > 25)",
    ],
    "05-seeded": ["set.seed(42)\nx <- rnorm(100)", "mean(x); sd(x)", "sample(letters, 5)"],
    "06-chance": ["x <- runif(3)", "print(x)"],
    "07-clock": [
        "print(Sys.time())",
        "as.Date('2024-02-29') + 0:2",
        "format(ISOdate(2024, 1, 1), '%Y-%m')",
    ],
    "08-factor": [
        "f <- factor(c('lo', 'hi', 'lo'), levels = c('lo', 'hi')); f",
        "table(f, c(1, 2, 1))",
        "levels(f)",
    ],
    "09-apply": [
        "sapply(1:4, function(i) i^2)",
        "m <- matrix(1:6, nrow = 2, dimnames = list(c('r1', 'r2'), NULL)); m",
        "apply(m, 1, sum)",
    ],
    "10-strings": [
        "paste0('x', 1:3)",
        "sprintf('%05.2f', pi)",
        "toupper('日本語 abc')",
        "nchar('naïve')",
    ],
    "11-regex": [
        r"sub('(\\w+) (\\w+)', '\\2 \\1', 'hello world')",
        "regmatches('a1b22', gregexpr('[0-9]+', 'a1b22'))",
    ],
    "12-lists": [
        "list(a = 1, b = list(c = 'x', d = 1:3))",
        "str(list(1, 'a', TRUE))",
        "print(list(a = 1))",
    ],
    "13-base-plot": [
        "plot(1:10, (1:10)^2, main = 'squares'); lines(lowess(1:10))",
        "hist(mtcars$mpg)",
        "options(repr.plot.width = 4); boxplot(mpg ~ cyl, mtcars)",
    ],
    "14-warnings": [
        "warning('careful')",
        "message('note')",
        "as.integer('x')",
        "tryCatch(stop('no'), error = function(e) conditionMessage(e))",
    ],
    "15-svg": [
        "options(jupyter.plot_mimetypes = c('text/plain', 'image/svg+xml')); plot(1:3)",
    ],
    "17-error": ["stop('on purpose')"],
}


def write(folder: Path, name: str, sources: list[str]) -> None:
    cells = [
        {
            "cell_type": "code", "source": source, "metadata": {}, "outputs": [],
            "execution_count": None, "id": f"c{index}",
        }
        for index, source in enumerate(sources)
    ]  # fmt: skip
    metadata = {
        "kernelspec": {"name": "ir", "language": "R", "display_name": "R"},
        "language_info": {"name": "R"},
    }
    text = json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
    (folder / f"{name}.ipynb").write_text(text, "utf-8")


def spare_packages() -> list[str]:
    """Return two packages that R lacks here and apt can bring."""
    have = subprocess.run(
        ["Rscript", "--vanilla", "-e", "cat(rownames(installed.packages()), sep='\\n')"],
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    told = subprocess.run(
        ["apt-cache", "madison", *(f"r-cran-{name.lower()}" for name in SPARE)],
        capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    found = [name for name in SPARE if name not in have and f"r-cran-{name.lower()} |" in told]
    if len(found) < 2:
        pytest.skip("needs apt with lists of Debian's packages of R")
    return found[:2]


@pytest.fixture(scope="module")
def spare() -> list[str]:
    return spare_packages()


@pytest.fixture
def study(tmp_path: Path, spare: list[str]) -> Path:
    """A study that nobody has run yet, with two packages that this machine's R lacks."""
    folder = tmp_path / "study"
    folder.mkdir()
    for name, sources in NOTEBOOKS.items():
        write(folder, name, sources)
    one, other = spare
    write(
        folder,
        "16-restored",
        [
            f"library({one})\nas.character(packageVersion('{one}'))",
            f"requireNamespace('{other}')\nlength(getNamespaceExports('{other}')) > 0",
        ],
    )
    return folder


def recorded_by(replay: Path, folder: Path) -> Path:
    """Make a study of the notebooks that a replay ran: IRkernel recorded their outputs."""
    shutil.copytree(replay / "observations" / "0" / "notebooks", folder)
    return folder


def notebooks_of(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["path"].removesuffix(".ipynb"): one for one in document["notebooks"]}


def outputs_of(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [output for cell in notebook["cells"] for output in cell["outputs"]]


def test_a_study_in_r_is_restored_and_every_notebook_gets_its_verdict(
    recrate, tmp_path, study, spare
):
    crate = tmp_path / "first.crate.zip"
    assert recrate("pack", study, "-o", crate, "--json").code == 0
    first = recrate("replay", crate, "-o", tmp_path / "first", "--json")
    ran = notebooks_of(first.document)
    wrong = {name: one["error"] for name, one in ran.items() if one["verdict"] != "ran"}
    assert list(wrong) == ["17-error"], wrong
    assert wrong["17-error"]["cause"] == "author's code"

    own = recorded_by(tmp_path / "first", tmp_path / "own")
    versions = {
        name: json.loads((own / "16-restored.ipynb").read_text())["cells"][0]["outputs"][-1]
        for name in spare[:1]
    }
    told = versions[spare[0]]["data"]["text/plain"]
    text = "".join(told).split('"')[1]
    lock = {"Packages": {spare[0]: {"Package": spare[0], "Version": text, "Source": "Repository"}}}
    (own / "renv.lock").write_text(json.dumps(lock))
    again = tmp_path / "second.crate.zip"
    packed = recrate("pack", own, "-o", again, "--json")
    assert packed.document["environment"]["source"] == "declared"
    replayed = recrate("replay", again, "-o", tmp_path / "second", "--json")
    document = replayed.document
    found = notebooks_of(document)
    expected = dict.fromkeys(found, "identical") | {
        "06-chance": "different",
        "07-clock": "equivalent",
    }
    assert {name: one["verdict"] for name, one in found.items()} == expected
    assert [one["cause"] for one in outputs_of(found["06-chance"])] == ["nondeterminism"]
    kinds = {one["mime"] for notebook in found.values() for one in outputs_of(notebook)}
    assert {"text/html", "image/png", "image/svg+xml", "text/plain"} <= kinds
    assert document["environment"]["restored"] is True
    seen = json.loads((tmp_path / "second/observations/0/observation.json").read_text())
    measured = {one["name"]: one["version"] for one in seen["environment"]["packages"]}
    assert measured[spare[0]] == text
    assert spare[1] in measured


def test_results_that_are_other_ones_are_different_with_their_causes(recrate, tmp_path):
    study = tmp_path / "study"
    study.mkdir()
    write(study, "frame", ["data.frame(x = c(1.5, 2.5))", "x <- 1:3\nprint(sum(x))"])
    write(study, "plot", ["plot(1:3)"])
    write(study, "words", ["library(glue)", "print(glue('a{1 + 1}'))", "warning('old words')"])
    crate = tmp_path / "first.crate.zip"
    recrate("pack", study, "-o", crate)
    recrate("replay", crate, "-o", tmp_path / "first")
    own = recorded_by(tmp_path / "first", tmp_path / "own")
    for path in own.glob("*.ipynb"):
        text = path.read_text("utf-8")
        text = text.replace("2.5", "2.75", 1) if path.stem == "frame" else text
        document = json.loads(text)
        for cell in document["cells"]:
            for output in cell["outputs"]:
                _alter(path.stem, output)
        path.write_text(json.dumps(document), "utf-8")
    lock = {"Packages": {"glue": {"Package": "glue", "Version": "0.0.1"}}}
    (own / "renv.lock").write_text(json.dumps(lock))
    again = tmp_path / "second.crate.zip"
    recrate("pack", own, "-o", again)
    document = recrate("replay", again, "-o", tmp_path / "second", "--json").document
    found = notebooks_of(document)
    assert {name: one["verdict"] for name, one in found.items()} == {
        "frame": "different",
        "plot": "different",
        "words": "different",
    }
    causes = {
        name: {one["cause"] for one in outputs_of(notebook) if one["verdict"] == "different"}
        for name, notebook in found.items()
    }
    assert causes["words"] == {"API changed"}
    assert document["environment"]["restored"] is False
    report = (tmp_path / "second" / "report.html").read_text()
    assert "the lock says 0.0.1" in report


def _alter(name: str, output: dict[str, Any]) -> None:
    data = output.get("data", {})
    if name == "plot" and "image/png" in data:
        data["image/png"] = SQUARE
    elif name == "words" and output["output_type"] == "stream":
        output["text"] = "another\n" if output["name"] == "stdout" else "Warning: new words\n"
    elif name == "frame" and output["output_type"] == "stream":
        output["text"] = "[1] 7\n"


SQUARE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5E"
    "rkJggg=="
)
"""A picture of 2 × 2 pixels."""


FAILING = {
    "library(noSuchPackageHere)": "missing package",
    "read.csv('nowhere.csv')": "missing file",
    "readRDS('nowhere.rds')": "missing file",
    "read.csv('https://nowhere.invalid/a.csv')": "network refused",
    "x <- rnorm(1e12)": "memory",
    "noSuchFunction(1)": "API changed",
    "stop('this is meant')": "author's code",
}


def test_notebooks_in_r_that_fail_say_why(recrate, tmp_path):
    study = tmp_path / "study"
    study.mkdir()
    for number, code in enumerate(FAILING):
        write(study, f"n{number}", [code])
    crate = tmp_path / "a.crate.zip"
    recrate("pack", study, "-o", crate)
    document = recrate("replay", crate, "-o", tmp_path / "out", "--json").document
    errors = [one["error"] for _, one in sorted(notebooks_of(document).items())]
    assert [one["cause"] for one in errors] == list(FAILING.values())
    assert all(one["hint"] for one in errors)
    assert "r-cran-nosuchpackagehere" in errors[0]["hint"]
    assert "Debian has no r-cran-nosuchpackagehere" in errors[0]["evidence"]


def test_a_study_whose_profile_starts_renv_runs_all_the_same(recrate, tmp_path):
    study = tmp_path / "study"
    (study / "renv").mkdir(parents=True)
    (study / ".Rprofile").write_text('source("renv/activate.R")\n')
    # As renv writes it: asked by these variables whether it may, else it takes the libraries away.
    (study / "renv" / "activate.R").write_text(
        "enabled <- Sys.getenv('RENV_CONFIG_AUTOLOADER_ENABLED', 'TRUE')\n"
        "if (!tolower(enabled) %in% c('false', 'f', '0')) stop('renv would fetch itself')\n"
    )
    write(study, "a", ["1 + 1"])
    crate = tmp_path / "a.crate.zip"
    recrate("pack", study, "-o", crate)
    document = recrate("replay", crate, "-o", tmp_path / "out", "--json").document
    assert document["verdict"] == "ran", document["notebooks"]
