"""What cells draw by chance, seen in real kernels: in their own code and inside libraries."""

from typing import Any

import pytest

from recrate.model.observation import Generator

LIBRARY = (
    "import numpy as np\n"
    "def jitter():\n    return np.random.rand()\n"
    "def own():\n    return np.random.default_rng().random()\n"
    "def kept():\n    return np.random.default_rng(1).random()\n"
)


def drawn(study: Any, *sources: str) -> list[tuple[int, Generator]]:
    return [(one.cell, one.generator) for one in study.run(*sources).drew]


@pytest.mark.parametrize(
    ("code", "generator"),
    [
        ("library.jitter()", Generator.NUMPY),
        ("library.own()", Generator.FRESH),
        ("import copy\ncopy.deepcopy(np.random.RandomState(1)).rand()", None),
        ("import copy\ncopy.deepcopy(np.random.default_rng(1)).random()", None),
        ("np.random.RandomState(1).rand()", None),
        ("np.random.RandomState().rand()", Generator.FRESH),
        ("import random\nrandom.random()", Generator.PYTHON),
        ("library.kept()", None),
        ("np.ones(3).sum()", None),
        ("1 / 0", None),
    ],
)
def test_a_draw_is_seen_wherever_it_is_written(study: Any, code: str, generator: Generator | None):
    (study.root / "library.py").write_text(LIBRARY)
    first = "import random, library, numpy as np"
    expected = [] if generator is None else [(1, generator)]
    assert drawn(study, first, code) == expected


def test_a_second_number_of_a_pair_is_seen_and_another_kind_of_generator_says_nothing(study: Any):
    pair = "np.random.seed(1)\nnp.random.randn()"
    other = "np.random.set_bit_generator(np.random.PCG64(1))"
    found = drawn(study, "import numpy as np\nnp.random.rand()", pair, "np.random.randn()", other)
    assert found == [(cell, Generator.NUMPY) for cell in (0, 1, 2, 3)]
    assert study.text(3) == ""


def test_what_imports_draw_for_themselves_is_not_the_cells(study: Any):
    (study.root / "names.py").write_text("import random\nname = random.random()\n")
    assert drawn(study, "import names, numpy", "print(1)") == []


def test_notes_that_a_cell_forges_name_known_generators_only(study: Any):
    forged = (
        "import os\nplace = os.path.join(os.path.dirname(get_ipython().config"
        "['IPKernelApp']['connection_file']), 'drawn')\n"
        "open(place, 'w').write('torch\\n<script>\\nnumpy\\nnumpy\\n')"
    )
    assert drawn(study, forged) == [(0, Generator.TORCH), (0, Generator.NUMPY)]
