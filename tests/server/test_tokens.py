"""Tokens in the environment of a Jupyter Server: used by it, inherited by nobody."""

import os
import secrets
from pathlib import Path

import pytest
from traitlets.config import Config

from recrate.configuration import settings_from, take_secrets


def test_a_token_of_the_environment_is_known_and_no_longer_in_it(monkeypatch: pytest.MonkeyPatch):
    token = secrets.token_hex(8)
    monkeypatch.setenv("RECRATE_TOKEN_ZENODO", token)
    monkeypatch.setenv("RECRATE_SIGNING_KEY", "/keys/verdicts.pem")
    settings = settings_from(Config())
    taken = take_secrets()
    assert taken["RECRATE_TOKEN_ZENODO"] == token
    assert not [name for name in os.environ if name.startswith(("RECRATE_TOKEN", "RECRATE_SIGN"))]
    known = settings.publish.token("zenodo")
    assert known is not None
    assert known.reveal() == token
    assert settings.signing.key == Path("/keys/verdicts.pem")
    assert not [name for name in settings.replay.variables if name.startswith("RECRATE_TOKEN")]
