"""Where nobody may be led: private addresses at every hop, downgrades, tokens elsewhere."""

import contextlib
import datetime as dt
import socket
import ssl
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from doubles.landing import Host
from doubles.reading_grdm import TOKEN
from recrate.locate.find import find_crate
from recrate.locate.settings import LocateSettings
from recrate.locate.written import preferred
from recrate.model.errors import BadInput, NotFound, OutsideFailed, RecrateError, Refused
from recrate.model.secret import Secret
from recrate.outside.hops import next_hop
from recrate.outside.web import WebSettings

PRIVATE = [
    "http://127.0.0.1/",
    "http://localhost/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[fec0::1]/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://0/",
    "http://10.0.0.1/",
    "http://192.168.1.1/",
    "http://172.16.0.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://224.0.0.1/",
    "http://[ff02::1]/",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_not_asked(address):
    with pytest.raises(Refused):
        find_crate(address, settings=LocateSettings(sleep=lambda _: None))


@pytest.fixture
def secret(world):
    """A server of the house, which no page of a stranger may reach."""
    made = Host()
    made.file("/x.crate.zip", b"PK\x03\x04 of the house")
    made.file("/metadata", b'{"@graph": [{"@id": "ro-crate-metadata.json"}]}', "application/json")
    address = world.serve(made.app).replace("127.0.0.1", "localhost")
    return made, address


def lead_by_redirect(server, inner):
    server.move("/", f"{inner}x.crate.zip")


def lead_by_redirects(server, inner):
    server.move("/", "/second", status=307)
    server.move("/second", f"{inner}x.crate.zip", status=303)


def lead_by_header(server, inner):
    server.page("/", "x", f"<{inner}x.crate.zip>; rel=item")


def lead_by_element(server, inner):
    server.page("/", f'<link rel="item" href="{inner}x.crate.zip">')


def lead_by_link_set(server, inner):
    server.page("/", "x", f'<{inner}x.crate.zip>; rel="linkset"; type="application/linkset+json"')


def lead_by_metadata(server, inner):
    said = 'type="application/ld+json" profile="https://w3id.org/ro/crate"'
    server.page("/", f'<link rel="describedby" {said} href="{inner}metadata">')


def lead_by_content(server, inner):
    said = f'{{"distribution": {{"contentUrl": "{inner}x.crate.zip"}}}}'
    server.page("/", f'<script type="application/ld+json">{said}</script>')


def lead_by_item_that_redirects(server, inner):
    server.page("/", "x", "</x.crate.zip>; rel=item")
    server.move("/x.crate.zip", f"{inner}x.crate.zip")


def lead_by_base(server, inner):
    server.page("/", f'<base href="{inner}"><link rel="item" href="x.crate.zip">')


@pytest.mark.parametrize(
    "lead",
    [
        lead_by_redirect,
        lead_by_redirects,
        lead_by_header,
        lead_by_element,
        lead_by_link_set,
        lead_by_metadata,
        lead_by_content,
        lead_by_item_that_redirects,
        lead_by_base,
    ],
)
def test_no_page_leads_to_a_private_address_at_any_hop(world, host, secret, lead):
    server, base = host
    inner, address = secret
    lead(server, address)
    with pytest.raises(Refused, match="public"):
        world.fetch(base)
    world.dois.leads["10.5072/a"] = base
    with pytest.raises(Refused, match="public"):
        world.fetch("10.5072/a")
    assert inner.asked == []
    world.settings = replace(
        world.settings,
        web=replace(world.settings.web, private_hosts=("127.0.0.1", "localhost")),
    )
    with contextlib.suppress(RecrateError):
        world.fetch(base)
    assert inner.asked, "the same way is open where the person allows it"


def test_datacite_does_not_lead_there_either(world, secret):
    inner, address = secret
    world.dois.known["10.5072/a"] = {"url": f"{address}x.crate.zip"}
    with pytest.raises(Refused, match="public"):
        world.fetch("10.5072/a")
    world.dois.known["10.5072/b"] = {
        "url": world.settings.doi_resolver, "contentUrl": f"{address}x.crate.zip"
    }  # fmt: skip
    with pytest.raises((Refused, NotFound)):
        world.fetch("10.5072/b")
    assert inner.asked == []


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://h/x", "gopher://h/", "data:,x"])
def test_another_scheme_is_not_followed(world, host, target):
    server, base = host
    server.move("/", target)
    with pytest.raises(Refused):
        world.find(base)
    server.page("/", "x", f"<{target}>; rel=item")
    with pytest.raises(NotFound):
        world.find(base)


@pytest.mark.parametrize("target", ["/", "/a", "//127.0.0.1:1/\\@x", "http://[", "http://h:99999/"])
def test_a_redirect_that_ends_nowhere_is_told_in_our_words(world, host, target):
    server, base = host
    server.move("/", target)
    server.move("/a", "/")
    with pytest.raises((OutsideFailed, Refused)):
        world.find(base)


def test_a_redirect_from_https_to_http_is_refused():
    with pytest.raises(Refused, match="https to http"):
        next_hop("https://example.org/a", "http://example.org/b")
    assert next_hop("http://example.org/a", "https://example.org/b") == "https://example.org/b"
    assert next_hop("https://example.org/a/", "b?c") == "https://example.org/a/b?c"


def test_a_plain_link_of_a_safe_page_is_followed_safely():
    assert preferred("http://h/x.zip", "https://h/") == "https://h/x.zip"
    assert preferred("http://h:8080/x.zip", "https://h/") == "http://h:8080/x.zip"
    assert preferred("http://h/x.zip", "http://h/") == "http://h/x.zip"


@pytest.fixture
def safe_server(tmp_path, monkeypatch):
    """An https server that redirects to http, with a certificate that this test trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    both = tmp_path / "both.pem"
    both.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(both))
    with ThreadingHTTPServer(("localhost", 0), Downgrades) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(both)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"https://localhost:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


class Downgrades(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", "http://localhost:1/x.crate.zip")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_a_real_server_cannot_take_us_from_https_to_http(safe_server):
    web = WebSettings(timeout_seconds=5, private_hosts=("localhost",))
    with pytest.raises(Refused, match="https to http"):
        find_crate(safe_server, settings=LocateSettings(web=web))


def test_the_token_is_told_to_the_service_and_to_nobody_it_redirects_to(world, host):
    server, base = host
    thief = Host()
    away = world.serve(thief.app)
    thief.file("/x.crate.zip", b"PK\x03\x04")
    world.settings = replace(
        world.settings, grdm_web=base, grdm_api=f"{base}v2/", grdm_files=f"{base}v1/"
    )
    server.move("/v1/resources/ab3cd/providers/s3/x.crate.zip", f"{away}x.crate.zip")

    def secrets(_host):
        return Secret(TOKEN)

    with pytest.raises(RecrateError) as told:
        world.fetch(f"{base}ab3cd/files/s3/x.crate.zip", secrets=secrets)
    assert server.asked[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert thief.asked
    assert all("authorization" not in one.headers for one in thief.asked)
    assert TOKEN not in str(told.value) + told.value.hint


def test_pages_of_strangers_are_never_told_the_token(world, host):
    server, base = host
    server.page("/", "x", "</x.crate.zip>; rel=item")
    server.file("/x.crate.zip", b"PK\x03\x04")

    def secrets(_host):
        return Secret(TOKEN)

    with pytest.raises(RecrateError):
        world.fetch(base, secrets=secrets)
    assert server.asked
    assert all(TOKEN not in str(one.headers) for one in server.asked)


def test_a_page_that_is_too_long_is_refused(world, host):
    server, base = host
    server.page("/", "<p>" * 4_000_000)
    with pytest.raises(Refused, match="page of more"):
        world.find(base)


def test_a_huge_list_of_links_is_cut_and_ends(world, host):
    server, base = host
    server.page("/", "".join(f'<link rel="item" href="{n}.pdf">' for n in range(50_000)))
    found = world.find(base)
    assert len(found.candidates) == world.settings.links_limit
    with pytest.raises((NotFound, BadInput)):
        world.bring(found)


def test_a_name_that_changes_its_machine_between_two_looks_is_refused(
    world, host, secret, monkeypatch
):
    server, base = host
    inner, address = secret
    port = int(address.rstrip("/").rpartition(":")[2])
    server.page("/", "x", f"<http://two-faced.example:{port}/x.crate.zip>; rel=item")
    real = socket.getaddrinfo
    looks = []

    def change(asked, wanted, *given, **named):
        if asked != "two-faced.example":
            return real(asked, wanted, *given, **named)
        looks.append(wanted)
        to = "93.184.215.14" if len(looks) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (to, wanted))]

    monkeypatch.setattr(socket, "getaddrinfo", change)
    with pytest.raises(Refused, match="answered from"):
        world.fetch(base)
    assert len(looks) > 1
    assert inner.asked == []
