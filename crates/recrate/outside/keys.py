"""The machine's keyring: where a person's tokens are kept, if they want that."""

import contextlib

from recrate.model.errors import OutsideFailed
from recrate.model.secret import Secret

SERVICE = "recrate"


def kept_token(name: str) -> Secret | None:
    """Return the token kept for a repository; None where there is none, or no keyring at all."""
    import keyring  # noqa: PLC0415 - looks for backends, which takes a moment
    import keyring.errors  # noqa: PLC0415

    with contextlib.suppress(keyring.errors.KeyringError, RuntimeError, OSError):
        found = keyring.get_password(SERVICE, name)
        return Secret(found) if found and found.strip() else None
    return None


def keep_token(name: str, secret: Secret) -> None:
    """Keep a token in the keyring; raises OutsideFailed where the machine has none."""
    import keyring  # noqa: PLC0415 - as above
    import keyring.errors  # noqa: PLC0415

    try:
        keyring.set_password(SERVICE, name, secret.reveal())
    except (keyring.errors.KeyringError, RuntimeError, OSError) as error:
        raise OutsideFailed(
            "this machine has no keyring that can be used",
            where=name,
            hint="put the token into the environment instead: RECRATE_TOKEN_<PLACE>",
        ) from error


def forget_token(name: str) -> bool:
    """Remove a token from the keyring; say whether there was one."""
    import keyring  # noqa: PLC0415 - as above
    import keyring.errors  # noqa: PLC0415

    with contextlib.suppress(keyring.errors.KeyringError, RuntimeError, OSError):
        keyring.delete_password(SERVICE, name)
        return True
    return False
