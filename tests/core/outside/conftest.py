"""What the tests of exchanges share."""

from collections.abc import Iterator

import pytest

from doubles.serving import served
from exchange_desk import Desk


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A desk that is open."""
    made = Desk()
    with served(made) as made.port:
        yield made
