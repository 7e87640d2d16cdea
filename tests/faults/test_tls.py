"""The product speaks HTTPS itself where a certificate is named, and tells what is wrong with one before it starts."""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import ExitStack
from datetime import timedelta
from http.client import BadStatusLine
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from foundation import moments
from marketplace.server import starting
from tests import databases
from tests.faults import test_run as running

pytestmark = [pytest.mark.story, pytest.mark.xdist_group("serving")]


#: Seconds that this test's server gives headers; those that granian gives a handshake, and some more.
HEADER, HANDSHAKE = 2, 20


def signed(folder: Path, name: str = "one", form=serialization.PrivateFormat.PKCS8) -> tuple[str, str]:
    """A certificate of this machine and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = moments.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(own)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / f"{name}.pem", folder / f"{name}.key"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return str(files[0]), str(files[1])


@pytest.fixture(scope="module")
def secured(rooms_database, tmp_path_factory):
    """The address of a server that speaks HTTPS, and how its certificate is believed."""
    certificate, key = signed(tmp_path_factory.mktemp("tls"))
    port = running.free_port()
    process = running.run(
        databases.url(rooms_database),
        PORT=str(port),
        TLS_CERTIFICATE=certificate,
        TLS_KEY=key,
        PUBLIC_ADDRESS=f"https://localhost:{port}",
        HEADER_SECONDS=str(HEADER),
    )
    try:
        running.until_it_answers(process, f"https://127.0.0.1:{port}")
        yield f"https://localhost:{port}", ssl.create_default_context(cafile=certificate)
    finally:
        running.stop(process)


def test_it_speaks_https_with_the_files_that_are_named(secured):
    address, context = secured
    with urlopen(f"{address}/sign-in/", context=context, timeout=20) as answer:
        assert answer.status == 200
        assert "max-age" in answer.headers["Strict-Transport-Security"]
        assert "Secure" in answer.headers["Set-Cookie"]
    with pytest.raises((BadStatusLine, ConnectionError)):  # no answer of HTTP, not even a refusal
        urlopen(f"{address.replace('https', 'http')}/sign-in/", timeout=5)


def served(address: str, context: ssl.SSLContext) -> float:
    """Seconds until a page has come."""
    began = time.monotonic()
    with urlopen(f"{address}/help/", context=context, timeout=20) as answer:
        assert answer.status == 200
    return time.monotonic() - began


def closed_by_the_server(line: socket.socket, within: float) -> bool:
    """Whether the server closes a line, after whatever it says, within so many seconds."""
    line.settimeout(within)
    try:
        while line.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


@pytest.mark.slow
@pytest.mark.parametrize("many", [12, 200])
def test_handshakes_and_requests_that_dawdle_stop_nobody_and_are_closed(secured, many):
    """Lines that say nothing, that stop within their handshake, and that stop behind it."""
    address, context = secured
    asked = urlsplit(address)
    begun = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"  # of a client's greeting, of 512 bytes

    def connected() -> socket.socket:
        return open_now.enter_context(socket.create_connection(("127.0.0.1", asked.port), timeout=20))

    def spoken(words: bytes) -> ssl.SSLSocket:
        line = open_now.enter_context(context.wrap_socket(connected(), server_hostname=asked.hostname))
        line.sendall(words)
        return line

    with ExitStack() as open_now:
        idle = [connected() for _ in range(many)]
        half = [connected() for _ in range(many)]
        for line in half:
            line.sendall(begun)
        silent = [spoken(words) for words in (b"", b"GET / HTTP/1.1\r\nHost: ") for _ in range(many // 2)]
        assert max(served(address, context) for _ in range(3)) < 4
        end = time.monotonic() + HANDSHAKE
        left = [
            line
            for line in (*silent, *half, *idle)
            if not closed_by_the_server(line, max(0.01, end - time.monotonic()))
        ]
        assert left == []
        assert served(address, context) < 4


@pytest.fixture
def named(settings):
    """Sets the files, and gives what is said against them."""

    def said(certificate: str, key: str, address: str = "https://localhost") -> str:
        settings.TLS_CERTIFICATE, settings.TLS_KEY = certificate, key
        settings.PUBLIC_ADDRESS, settings.HTTPS = address, address.startswith("https")
        return starting.refusal_of_settings()

    return said


def test_files_that_cannot_be_used_are_told_before_the_start(named, tmp_path):
    certificate, key = signed(tmp_path)
    other, other_key = signed(tmp_path, "other")
    old, old_key = signed(tmp_path, "old", serialization.PrivateFormat.TraditionalOpenSSL)
    assert named(certificate, key) == named(other, other_key) == named("", "") == ""
    assert "belong together" in named(certificate, "")
    assert "belong together" in named("", key)
    assert "cannot be used" in named(certificate, str(tmp_path / "nothing.key"))
    assert "cannot be used" in named(certificate, other_key)
    assert "cannot be used" in named(key, certificate)
    assert "pkcs8 -topk8" in named(old, old_key)
    assert "begins with http://" in named(certificate, key, "http://localhost")
