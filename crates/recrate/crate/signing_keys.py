"""Keys that verdicts are signed with: made, read from files, and told apart by a fingerprint.

A fingerprint is the SHA-256 of the public key as DER (SubjectPublicKeyInfo), in hex, so that anyone
can take it without us: `openssl pkey -pubin -in KEY.pub -outform DER | sha256sum`.
"""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recrate.model.errors import BadInput, Conflict, NotFound, Refused
from recrate.model.secret import Secret
from recrate.outside.disk import disk_errors

if TYPE_CHECKING:
    from securesystemslib.signer._crypto_signer import CryptoSigner
    from securesystemslib.signer._key import SSlibKey

KEY_LIMIT_BYTES = 64 << 10
_PEM = "-----BEGIN "


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningSettings:
    """How verdicts are signed, and whose signatures are believed.

    key:        file with the private key as PEM (PKCS8); None: nothing is signed
    passphrase: of that key, None where it has none
    trusted:    public keys of others as PEM, or paths of files that hold one
    person:     who signs, in words, written into the statement
    """

    key: Path | None = None
    passphrase: Secret | None = None
    trusted: tuple[str | Path, ...] = ()
    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """A new key. `private` and `public` are PEM."""

    private: bytes
    public: bytes
    fingerprint: str


def make_key(seed: bytes, *, passphrase: Secret | None = None) -> KeyPair:
    """Return the Ed25519 key of 32 random bytes; with a passphrase the private part is encrypted.

    Source: RFC 8032, 5.1.5: the private key is 32 random bytes.
    """
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - 50 ms
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - as above
        Ed25519PrivateKey,
    )

    private = Ed25519PrivateKey.from_private_bytes(seed)
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase is not None:
        encryption = serialization.BestAvailableEncryption(passphrase.reveal().encode())
    return KeyPair(
        private=private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
        ),
        public=_pem(private.public_key()),
        fingerprint=_fingerprint(private.public_key()),
    )


def keep_key(pair: KeyPair, destination: Path) -> Path:
    """Write a new key pair, the private part for its owner alone; return where the public part is.

    Raises Conflict where either file is there already: a key is never written over.
    """
    public = destination.with_name(destination.name + ".pub")
    for place, content, mode in ((destination, pair.private, 0o600), (public, pair.public, 0o644)):
        with disk_errors(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            except FileExistsError as error:
                raise Conflict(
                    "is there already, and a key is never written over",
                    where=str(place),
                    hint="name another file, or go on using this key",
                ) from error
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
    return public


def read_signer(settings: SigningSettings) -> "CryptoSigner":
    """Return what signs with the configured key.

    Raises BadInput where none is configured or it cannot be read, NotFound where the file is not
    there, Refused where other people of this machine can read it.
    """
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - 50 ms
        load_pem_private_key,
    )
    from securesystemslib.signer import (  # type: ignore[attr-defined]  # noqa: PLC0415 - as above
        CryptoSigner,
        SSlibKey,
    )

    if settings.key is None:
        raise BadInput(
            "no key to sign with is configured",
            hint="make one with `recrate sign --new-key FILE`, and name it in RECRATE_SIGNING_KEY",
        )
    content = _read(settings.key)
    _refuse_open_file(settings.key)
    password = settings.passphrase.reveal().encode() if settings.passphrase else None
    try:
        private = load_pem_private_key(content, password)
        public = SSlibKey.from_crypto(private.public_key(), _fingerprint(private.public_key()))
        return CryptoSigner(private, public)
    except Exception as error:
        raise BadInput(
            "this is no private key that can be used, or its passphrase is another",
            where=str(settings.key),
            hint="a key from `recrate sign --new-key`; its passphrase: RECRATE_SIGNING_PASSPHRASE",
        ) from error


def public_pem(signer: "CryptoSigner") -> str:
    """Return the public part of a signer's key as PEM."""
    return _pem(_loaded_public(signer)).decode()


def read_public(pem: str) -> "SSlibKey":
    """Return a public key from PEM, its fingerprint as its id; raises BadInput."""
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - 50 ms
        load_pem_public_key,
    )
    from securesystemslib.signer import (  # type: ignore[attr-defined]  # noqa: PLC0415 - as above
        SSlibKey,
    )

    try:
        public = load_pem_public_key(pem.encode())
        return SSlibKey.from_crypto(public, _fingerprint(public))
    except Exception as error:
        raise BadInput(
            "this is no public key that can be used",
            hint="give the PEM text, or the path of the `.pub` file",
        ) from error


def trusted_fingerprints(settings: SigningSettings) -> frozenset[str]:
    """Return the fingerprints of the keys that are believed, one's own among them.

    Raises BadInput or NotFound naming the one that cannot be read: to leave it out in silence
    would make a trusted signature look like a stranger's.
    """
    found = set()
    for one in settings.trusted:
        if isinstance(one, str) and one.lstrip().startswith(_PEM):
            found.add(read_public(one).keyid)
            continue
        try:
            found.add(read_public(_read(Path(one)).decode("utf-8", "replace")).keyid)
        except BadInput as error:
            raise type(error)(error.message, where=str(one), hint=error.hint) from error
    if settings.key is not None and settings.key.is_file():
        own = settings.key.with_name(settings.key.name + ".pub")
        if own.is_file():
            found.add(read_public(_read(own).decode("utf-8", "replace")).keyid)
        else:
            found.add(read_signer(settings).public_key.keyid)
    return frozenset(found)


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise NotFound("no such key", where=str(path), hint="is the path right?")
    with disk_errors(path), path.open("rb") as stream:
        return stream.read(KEY_LIMIT_BYTES)


def _refuse_open_file(path: Path) -> None:
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Refused(
            "other people of this machine may read this key",
            where=str(path),
            hint=f"close it with: chmod 600 {path.name}",
        )


def _loaded_public(signer: "CryptoSigner") -> Any:
    return signer.public_key._crypto_key()  # noqa: SLF001 - the library gives the key back nowhere else


def _pem(public: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - 50 ms
        Encoding,
        PublicFormat,
    )

    content: bytes = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return content


def _fingerprint(public: Any) -> str:
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - 50 ms
        Encoding,
        PublicFormat,
    )

    der: bytes = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()
