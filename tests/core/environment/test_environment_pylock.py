"""A stranger's lock gives names, versions, hashes and markers, or is refused."""

import pytest

from recrate.environment.pylock import (
    installed_by,
    markers_here,
    read_pylock,
    without_traces,
)
from recrate.model.errors import BadCrate

DIGEST = "a" * 64


def lock(entry: str) -> str:
    return f'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\n{entry}\n'


def wheel(name: str = "six", version: str = "1.16.0") -> str:
    return (
        f'name = "{name}"\nversion = "{version}"\n'
        f'wheels = [{{ url = "https://evil.example/{name}-{version}-py3-none-any.whl", '
        f'hashes = {{ sha256 = "{DIGEST}" }} }}]'
    )


def test_urls_of_the_lock_play_no_part():
    (one,) = read_pylock(lock(wheel()))
    assert (one.name, one.version, one.hashes) == ("six", "1.16.0", (DIGEST,))
    assert one.wheels == ("six-1.16.0-py3-none-any.whl",)


@pytest.mark.parametrize(
    "entry",
    [
        wheel("--index-url"), wheel("a @ https://evil.example/x.whl"), wheel("Six"), wheel("-r"),
        wheel("six\\nevil"), wheel(version="1.0 --index-url x"), wheel(version="1\\n-r x"),
        wheel() + '\nvcs = { type = "git", url = "https://evil.example", commit-id = "x" }',
        wheel() + '\ndirectory = { path = "../.." }',
        wheel() + '\narchive = { url = "https://evil.example/a.zip" }',
        wheel() + '\nmarker = "__import__(1)"',
        'name = "six"\nversion = "1.16.0"',
        'name = "six"\nversion = "1.16.0"\nwheels = [{ url = "x" }]',
        f'name = "six"\nversion = "1"\nwheels = [{{ url = "x", hashes = {{ md5 = "{DIGEST}" }} }}]',
        'name = "six"\nversion = "1"\nwheels = [{ url = "x", hashes = { sha256 = "zz --x" } }]',
        'name = "six"\nversion = "1"\nwheels = 3',
    ],
)  # fmt: skip
def test_a_hostile_entry_is_refused_by_name(entry):
    with pytest.raises(BadCrate) as raised:
        read_pylock(lock(entry))
    assert "pylock.toml" in raised.value.where


@pytest.mark.parametrize(
    "text",
    ["", "x", "lock-version = 1", 'lock-version = "2.0"', 'lock-version = "1.0"\npackages = 3'],
)
def test_what_is_no_lock_is_refused(text):
    with pytest.raises(BadCrate):
        read_pylock(text)


def test_two_versions_of_one_package_are_refused_only_where_both_would_be_installed():
    both = lock(wheel()) + "[[packages]]\n" + wheel(version="1.15.0")
    with pytest.raises(BadCrate):
        installed_by(read_pylock(both), markers_here("3.9"))
    split = (
        lock(wheel() + "\nmarker = \"python_version < '3.9'\"")
        + "[[packages]]\n"
        + wheel(version="1.15.0")
        + "\nmarker = \"python_version >= '3.9'\""
    )
    assert [one.version for one in installed_by(read_pylock(split), markers_here("3.9"))] == [
        "1.15.0"
    ]
    assert [one.version for one in installed_by(read_pylock(split), markers_here("3.8.2"))] == [
        "1.16.0"
    ]


def test_a_lock_keeps_no_credentials_and_no_path_of_its_author():
    text = (
        '# uv pip compile --python /home/ada/.venv\nlock-version = "1.0"\n'
        '[[packages]]\nname = "six"\n'
        'index = "https://ada:secret@index.example/simple"\n'
        'wheels = [{ url = "https://ada:secret@index.example/f/six.whl?token=1", hashes = {} }, '
        '{ url = "file:///home/ada/wheels/six-1%2Bcpu.whl" }, '
        '{ path = "C:\\\\Users\\\\ada\\\\six.whl" }]\n'
    )
    clean = without_traces(text)
    assert not [word for word in ("ada", "secret", "token", "home") if word in clean]
    assert 'url = "https://index.example/f/six.whl"' in clean
    assert 'path = "six-1+cpu.whl"' in clean
