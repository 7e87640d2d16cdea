"""The digital signature of a signed contract."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from contracts.contracts.documents import CONTRACT_PDF
from foundation.documents import making
from tests.contracts.terms import agreed, officer


@pytest.fixture
def certificate(tmp_path, settings):
    """A certificate of a city that does not exist, and the store that trusts it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test City Civil Affairs")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=True,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "city.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"city", key, made, None, serialization.BestAvailableEncryption(b"pass")
        )
    )
    settings.SIGNING_CERTIFICATE, settings.SIGNING_PASSPHRASE = str(path), "pass"
    return made.public_bytes(serialization.Encoding.DER)


def judged(content: bytes, root: Certificate):
    """What the library says of the one signature; in a thread, for it runs an event loop."""
    (signature,) = PdfFileReader(io.BytesIO(content)).embedded_signatures
    trusting = ValidationContext(trust_roots=[root], allow_fetching=False)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(validate_pdf_signature, signature, trusting).result()


def test_the_signed_contract_bears_a_digital_signature_that_covers_all_of_it(certificate):
    content = making.made(CONTRACT_PDF, agreed(), by=officer()).content()
    root = Certificate.load(certificate)
    status = judged(content, root)
    assert status.intact and status.valid and status.trusted
    assert status.coverage.name == "ENTIRE_FILE"
    changed = content.replace(b"/Producer", b"/Producex", 1)
    assert changed != content
    assert not judged(changed, root).intact


def test_a_certificate_that_cannot_be_opened_gives_no_unsigned_document(certificate, settings):
    settings.SIGNING_PASSPHRASE = "wrong"
    with pytest.raises(ValueError, match="cannot be opened"):
        making.made(CONTRACT_PDF, agreed(), by=officer())


def test_without_a_certificate_a_contract_has_no_digital_signature():
    content = making.made(CONTRACT_PDF, agreed(), by=officer()).content()
    assert PdfFileReader(io.BytesIO(content)).embedded_signatures == []
