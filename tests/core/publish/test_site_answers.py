"""What a site is told of itself: an answer that would mislead people is refused."""

from pathlib import Path

import pytest

from recrate.model.errors import BadInput, RecrateError
from recrate.publish.site import Site
from site_parcels import place, surroundings


@pytest.mark.parametrize(
    "answers",
    [
        {"folder": ""},
        {"url": "javascript:alert(1)"},
        {"url": "https://user:pass@example.org/"},
        {"url": "https://example.org/?x=1"},
        {"launch": "https://binder.example.org/"},
        {"launch": "javascript:{url}"},
        {"inbox": "mailto:x@example.org"},
    ],
)
def test_an_answer_that_is_no_address_is_refused_with_a_hint(
    tmp_path: Path, answers: dict[str, str]
) -> None:
    with pytest.raises(RecrateError) as caught:
        Site(place(**{"folder": str(tmp_path), **answers}), surroundings())
    assert isinstance(caught.value, BadInput)
    assert caught.value.hint
