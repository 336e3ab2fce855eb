"""Keys to sign with: kept from others, never written over, and their passphrase told to nobody."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from recrate.crate.signing_keys import (
    SigningSettings,
    keep_key,
    make_key,
    read_public,
    trusted_fingerprints,
)
from recrate.flow.signing import sign_replay
from recrate.model.errors import BadInput, Conflict, NotFound, Refused
from recrate.model.secret import Secret
from replayed_folders import two_notebooks

NOW = "2026-11-21T09:00:00+00:00"
SEED = bytes(range(32))
PAIR = make_key(SEED)


@pytest.fixture
def key(tmp_path) -> Path:
    place = tmp_path / "keys" / "mine.pem"
    keep_key(PAIR, place)
    return place


def test_a_new_key_is_for_its_owner_alone_and_is_never_written_over(tmp_path):
    place = tmp_path / "a" / "key.pem"
    public = keep_key(PAIR, place)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert read_public(public.read_text()).keyid == PAIR.fingerprint
    with pytest.raises(Conflict):
        keep_key(make_key(b"y" * 32), place)
    assert place.read_bytes() == PAIR.private


def test_a_key_that_others_may_read_signs_nothing(tmp_path, key):
    run = two_notebooks(tmp_path / "run")
    key.chmod(0o644)
    with pytest.raises(Refused) as refused:
        sign_replay(run, SigningSettings(key=key), now=NOW, agent="a 1")
    assert "chmod 600" in refused.value.hint


def test_a_passphrase_guards_the_key_and_is_told_to_nobody(tmp_path):
    run = two_notebooks(tmp_path / "run")
    secret = Secret("correct horse")
    place = tmp_path / "guarded.pem"
    keep_key(make_key(SEED, passphrase=secret), place)
    assert b"ENCRYPTED" in place.read_bytes()
    right = SigningSettings(key=place, passphrase=secret)
    for wrong in (None, Secret("battery staple")):
        with pytest.raises(BadInput) as refused:
            sign_replay(run, replace(right, passphrase=wrong), now=NOW, agent="a 1")
        assert "staple" not in str(refused.value) + refused.value.hint
    assert "horse" not in repr(right)
    assert sign_replay(run, right, now=NOW, agent="a 1").fingerprint == PAIR.fingerprint


def test_a_trusted_key_that_cannot_be_read_is_an_error_not_a_silence(tmp_path):
    broken = tmp_path / "broken.pub"
    broken.write_text("-----BEGIN PUBLIC KEY-----\nnonsense\n")
    with pytest.raises(BadInput):
        trusted_fingerprints(SigningSettings(trusted=(broken,)))
    with pytest.raises(NotFound):
        trusted_fingerprints(SigningSettings(trusted=(tmp_path / "none.pub",)))
