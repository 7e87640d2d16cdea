"""The product speaks HTTPS itself where a certificate is named, and tells what is wrong with one before it starts."""

from __future__ import annotations

import ssl
from datetime import timedelta
from http.client import BadStatusLine
from pathlib import Path
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


def test_it_speaks_https_with_the_files_that_are_named(rooms_database, tmp_path):
    certificate, key = signed(tmp_path)
    port = running.free_port()
    process = running.run(
        databases.url(rooms_database),
        PORT=str(port),
        TLS_CERTIFICATE=certificate,
        TLS_KEY=key,
        PUBLIC_ADDRESS=f"https://localhost:{port}",
    )
    try:
        running.until_it_answers(process, f"https://127.0.0.1:{port}")
        context = ssl.create_default_context(cafile=certificate)
        with urlopen(f"https://localhost:{port}/sign-in/", context=context, timeout=20) as answer:
            assert answer.status == 200
            assert "max-age" in answer.headers["Strict-Transport-Security"]
            assert "Secure" in answer.headers["Set-Cookie"]
        with pytest.raises((BadStatusLine, ConnectionError)):  # no answer of HTTP, not even a refusal
            urlopen(f"http://localhost:{port}/sign-in/", timeout=5)
    finally:
        running.stop(process)


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
