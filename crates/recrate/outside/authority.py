"""Certificates of our own for the way between a kernel and us: nobody else ever trusts them."""

import datetime as dt
import ipaddress
import ssl
from pathlib import Path
from threading import Lock

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_LASTS = dt.timedelta(days=30)
_EARLIER = dt.timedelta(days=1)
_LONGEST_NAME = 64
"""What a common name may hold, RFC 5280; the host itself stands in the alternative names."""


class Authority:
    """Signs certificates for hosts; its key lives in memory, and ends with the process.

    folder: of our own, that no kernel sees: a key in memory cannot be given to Python's `ssl`
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named("recrate, for one replay")
        self._certificate = self._signed(self._name, self._key.public_key(), None)
        self._leaf = ec.generate_private_key(ec.SECP256R1())
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = Lock()

    @property
    def certificate(self) -> bytes:
        """The authority's own certificate, PEM: what a kernel is to trust."""
        return self._certificate.public_bytes(Encoding.PEM)

    def context_for(self, host: str) -> ssl.SSLContext:
        """Return what a server that is taken for `host` speaks TLS with.

        Raises ValueError for what cannot be the name of a host.
        """
        with self._lock:
            if host not in self._contexts:
                self._contexts[host] = self._context(host)
            return self._contexts[host]

    def _context(self, host: str) -> ssl.SSLContext:
        signed = self._signed(
            _named(host[:_LONGEST_NAME]), self._leaf.public_key(), _alternative(host)
        )
        secret = self._leaf.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        place = self._folder / f"{len(self._contexts)}.pem"
        place.touch(mode=0o600)
        place.write_bytes(secret + signed.public_bytes(Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.load_cert_chain(place)
        finally:
            place.unlink()
        return context

    def _signed(
        self, name: x509.Name, key: ec.EllipticCurvePublicKey, host: x509.GeneralName | None
    ) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _EARLIER)
            .not_valid_after(now + _LASTS)
            .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        )
        if host is None:
            builder = builder.add_extension(_SIGNS, critical=True)
        else:
            issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
            names = x509.SubjectAlternativeName([host])
            builder = builder.add_extension(issuer, critical=False)
            builder = builder.add_extension(names, critical=False)
        return builder.sign(self._key, hashes.SHA256())


_SIGNS = x509.KeyUsage(
    digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
    key_encipherment=False, data_encipherment=False, key_agreement=False,
    encipher_only=False, decipher_only=False,
)  # fmt: skip


def _named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
