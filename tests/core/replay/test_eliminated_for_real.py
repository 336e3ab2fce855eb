"""A package that refuses today what it took in the author's time, as a replay tells of it."""

from making import notebook_of, stream

CELL = "from packaging.version import parse\nprint(parse('2004d'))"


def test_what_a_newer_package_refuses_is_told_with_its_name_and_version(
    recrate, cache_folder, tmp_path
):
    study = tmp_path / "study"
    study.mkdir()
    (study / "a.ipynb").write_text(notebook_of(CELL, outputs={0: [stream("2004d\n")]}), "utf-8")
    (study / "requirements.txt").write_text("packaging==24.2\n", "utf-8")
    packed = recrate("pack", study, "-o", tmp_path / "a.zip")
    assert (tmp_path / "a.zip").exists(), packed.error
    # A packaging of before 22.0 would be found: the lock alone shall be judged.
    alone = tmp_path / "config.py"
    alone.write_text(f"c.Recrate.cache = {str(cache_folder)!r}\nc.Environments.candidates = 1\n")
    words = ("replay", "--config", alone, tmp_path / "a.zip", "-o", tmp_path / "run", "--json")
    (one,) = recrate(*words).document["notebooks"]
    assert (one["error"]["name"], one["error"]["cause"]) == ("InvalidVersion", "API changed")
    assert one["error"]["evidence"].endswith("raised nothing: raised inside packaging 24.2")
