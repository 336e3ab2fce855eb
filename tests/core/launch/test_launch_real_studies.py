"""Real studies, opened on this machine: the crate's environment, and the published results."""

import pytest

from launching import LaunchedHere, Opened
from making import notebook_of, stream

pytestmark = [pytest.mark.sandbox, pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.mark.parametrize("number", range(4))
def test_a_real_study_repeats_in_a_session(recrate, real_studies, tmp_path, number):
    """It answers, versions equal the lock, the notebook's results hold."""
    with LaunchedHere(recrate, tmp_path / "data", real_studies[number].crate) as here:
        real_studies[number].assert_repeated_in(Opened(here.told["url"]))
        assert here.end() == 0, here.error


def test_a_lock_of_an_old_python_opens_in_the_jupyterlab_of_today(recrate, tmp_path):
    study = tmp_path / "study"
    study.mkdir()
    source = "import sys; print(sys.version_info[:2])"
    text = notebook_of(source, outputs={0: [stream("(3, 9)\n")]}).replace("3.11.7", "3.9.18")
    (study / "a.ipynb").write_text(text)
    crate = tmp_path / "old.crate.zip"
    packed = recrate("pack", study, "-o", crate, "--json")
    if not packed.document["environment"]["python"].startswith("3.9"):
        pytest.skip("needs a Python 3.9 that uv finds or fetches")
    with LaunchedHere(recrate, tmp_path / "data", crate) as here:
        told = here.told
        assert told["environments"][0]["python"].startswith("3.9")
        ran = Opened(told["url"]).run_notebook("a.ipynb")
        assert ran["cells"][0]["outputs"][0]["text"] == "(3, 9)\n"
