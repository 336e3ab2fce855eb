"""A study that was replayed is packed again, and its crate names the verdict."""

import pytest

from making import notebook_of, stream
from recrate.configuration import read_settings
from recrate.crate.read import read_crate
from recrate.crate.verification import read_verification
from recrate.flow.pack import PackOrder, pack
from recrate.flow.verifying import verified_by
from recrate.model.errors import BadInput

AS_OF = "2026-11-01"


def test_a_crate_names_the_verdict_of_its_own_replay(recrate, configuration, tmp_path):
    study, draft, out = tmp_path / "study", tmp_path / "draft.crate.zip", tmp_path / "out"
    study.mkdir()
    (study / "a.ipynb").write_text(notebook_of("print(7)", outputs={0: [stream("7\n")]}))
    (study / "b.ipynb").write_text(notebook_of("print(8)", outputs={0: [stream("8\n")]}))
    assert recrate("pack", study, "-o", draft, "--as-of", AS_OF).code == 0
    done = recrate("replay", draft, "-o", out, "--notebook", "a.ipynb", "--json")
    assert done.code == 0, done.error
    told = verified_by(out)
    assert told.crate == read_crate(draft).identity
    assert told.verdict == "identical"
    assert told.sentence.endswith("Of 2 notebooks, 1 were run.")
    assert told.date
    settings = read_settings(configuration)
    order = PackOrder(root=study, destination=tmp_path / "x.crate.zip", as_of=AS_OF, verified=told)
    packed = pack(
        order, options=settings.scan, environment=settings.environment, agent=settings.agent,
        today=AS_OF,
    )  # fmt: skip
    assert packed.crate.identity == told.crate
    back = read_crate(order.destination)
    assert read_verification(back.metadata, back.identity) == told


def test_a_folder_that_is_no_replay_verifies_nothing(tmp_path):
    with pytest.raises(BadInput):
        verified_by(tmp_path)
