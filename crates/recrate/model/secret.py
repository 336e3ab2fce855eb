"""A token or password that shows itself to nobody who does not ask for it by name."""

from typing import NoReturn

from recrate.model.errors import BadInput


class Secret:
    """A token. It has no JSON form, no place in a message, and prints as stars.

    Only `reveal` gives it, and only `outside.exchange` and `outside.keys` have reason to call that.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        if not value.strip() or not value.isprintable():
            raise BadInput(
                "the token is empty or holds line ends",
                hint="copy it again from the repository's settings, as one line",
            )
        self._value = value.strip()

    def reveal(self) -> str:
        """Return the token itself, for a header and nothing else."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is neither copied nor saved")
