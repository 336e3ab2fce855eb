"""The chain is whole: what is installed is found by Jupyter Server, and answers whom it should."""

import json

import pytest
from tornado.httpclient import HTTPClientError

from recrate import __version__


@pytest.fixture
def jp_server_config() -> dict[str, object]:
    return {"ServerApp": {"jpserver_extensions": {"recrate_server": True}}}


async def test_the_server_extension_says_which_recrate_answers(jp_fetch):
    answer = await jp_fetch("recrate", "api", "about")
    assert json.loads(answer.body)["version"] == __version__


async def test_nobody_is_answered_without_the_token(jp_fetch):
    with pytest.raises(HTTPClientError) as refused:
        await jp_fetch("recrate", "api", "about", headers={"Authorization": "token wrong"})
    assert refused.value.code == 403
