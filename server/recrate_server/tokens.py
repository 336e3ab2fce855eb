"""Tokens of repositories: whose they are, and how a worker gets them. In memory, never on disk."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from recrate.flow.places import token_variable
from recrate.flow.settings import Settings
from recrate.model.secret import Secret

Known = Callable[[str], Secret | None]


NO_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
"""For a worker's environment: the machine's keyring is not asked. Source: keyring.core.load_env."""


def only_typed() -> "Tokens":
    """Return a memory that knows nothing but what people type, for the JupyterLab of a session.

    What a stranger's notebook puts on the page may speak to the server in the person's name.
    """
    return Tokens(known=lambda _: None, configured={}, keeps=False)


@dataclass(slots=True, kw_only=True)
class Tokens:
    """The tokens that people typed here, before those that the installation knows.

    known:      from the environment, the configuration, else the keyring
    configured: `c.Publish.tokens` of Jupyter Server's own configuration
    keeps:      the machine's keyring may be used
    """

    known: Known
    configured: Mapping[str, Secret]
    keeps: bool = True
    _typed: dict[tuple[str, str], Secret] = field(default_factory=dict)

    def give(self, person: str, place: str, secret: Secret) -> None:
        """Take what a person typed; it is forgotten when the server ends."""
        self._typed[person, place] = secret

    def forget(self, person: str, place: str) -> None:
        """Forget what a person typed."""
        self._typed.pop((person, place), None)

    def of(self, person: str, place: str) -> Secret | None:
        """Return the token that a person uses a place with, None where there is none."""
        typed = self._typed.get((person, place))
        return typed or self.configured.get(place) or self.known(place)

    def settings_for(self, person: str, settings: Settings) -> Settings:
        """Return the settings with this person's tokens in them."""
        publish = replace(settings.publish, token=lambda place: self.of(person, place))
        return replace(settings, publish=publish)

    def variables(self, person: str, places: Iterable[str]) -> dict[str, str]:
        """Return what a publishing's worker finds in its environment: a token for each place."""
        found = {place: self.of(person, place) for place in places}
        return {
            token_variable(place): secret.reveal()
            for place, secret in found.items()
            if secret is not None
        }
