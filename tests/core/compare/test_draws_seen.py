"""Draws that the kernel saw in libraries: chance where no seed settles them, and nowhere else."""

import pytest

from core.compare.test_causes_of_outputs import notebook, printed
from recrate.flow.code_facts import judge_with_causes
from recrate.model.environment import Package
from recrate.model.observation import (
    Drew,
    EnvironmentSeen,
    Generator,
    NotebookObservation,
    Observation,
)
from recrate.model.policy import Policy
from recrate.model.verdict import Cause

DRAWS = "import pack\nx = pack.fit()"


def cause_of(first: str, generator: Generator | None) -> tuple[Cause | None, str]:
    """The cause of what cell 1 prints, where cell 0 drew from the generator as it ran."""
    recorded = notebook((first, 1, None), ("print(x)", 2, printed("0.25\n")))
    rerun = notebook((first, 1, None), ("print(x)", 2, printed("0.75\n")))
    drew = () if generator is None else (Drew(cell=0, generator=generator),)
    run = NotebookObservation(path="a.ipynb", status="completed", seconds=1.0, drew=drew)
    environment = EnvironmentSeen(
        language="python", python="3.11.7", restored=True, seconds=1.0,
        packages=(Package(name="pack", version="2.0"),),
    )  # fmt: skip
    seen = Observation(
        crate="c", crate_name="c", repeat=0, agent="t", started="", ended="", runner="local",
        sandbox="none", environment=environment, notebooks=(run,),
    )  # fmt: skip
    verdict = judge_with_causes(
        {"a.ipynb": recorded}, [seen], [{"a.ipynb": rerun}], Policy(),
        lock=None, probes=(), files=lambda _: {},
    )  # fmt: skip
    (output,) = verdict.notebooks[0].cells[1].outputs
    return output.cause, output.evidence


@pytest.mark.parametrize("generator", list(Generator))
def test_what_a_library_draws_without_a_seed_is_chance(generator: Generator):
    cause, evidence = cause_of(DRAWS, generator)
    assert cause is Cause.NONDETERMINISM
    assert evidence.startswith("cell 0 draws by chance (`")
    assert evidence.endswith("`) and no seed is set")


@pytest.mark.parametrize(
    ("first", "generator", "cause"),
    [
        (DRAWS, None, Cause.API_CHANGED),
        ("import numpy as np\nnp.random.seed(1)\n" + DRAWS, Generator.NUMPY, Cause.API_CHANGED),
        ("import random\nrandom.seed(1)\n" + DRAWS, Generator.NUMPY, Cause.API_CHANGED),
        ("import pack\npack.seed_all(1)\nx = pack.fit()", Generator.TORCH, Cause.API_CHANGED),
        ("import pack, study\nx = pack.fit()", Generator.NUMPY, Cause.API_CHANGED),
        ("import pack, study\nx = pack.fit()", Generator.FRESH, Cause.NONDETERMINISM),
        ("import random\nrandom.seed(1)\n" + DRAWS, Generator.FRESH, Cause.NONDETERMINISM),
    ],
)
def test_a_seed_that_may_settle_it_speaks_against_chance(first, generator, cause):
    assert cause_of(first, generator)[0] is cause
