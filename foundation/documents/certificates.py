"""A digital signature in a PDF (PAdES), where the city has a certificate.

``SIGNING_CERTIFICATE`` names a PKCS #12 file, ``SIGNING_PASSPHRASE`` opens it. Without them
documents are as valid by the signatures and hashes that they show.
"""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

FIELD = "Liandong"


def configured() -> bool:
    """Whether there is a certificate to sign with."""
    return bool(settings.SIGNING_CERTIFICATE)


def certify(content: bytes, reason: str) -> bytes:
    """The PDF with the city's signature; as it was where there is no certificate.

    Raises ``ValueError`` when the certificate cannot be opened: a document that should be signed
    is never given out unsigned.
    """
    if not configured():
        return content
    passphrase = settings.SIGNING_PASSPHRASE.encode() or None
    signer = signers.SimpleSigner.load_pkcs12(settings.SIGNING_CERTIFICATE, passphrase=passphrase)
    if signer is None:
        raise ValueError("SIGNING_CERTIFICATE cannot be opened")
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD, reason=reason, subfilter=fields.SigSeedSubFilter.PADES
    )
    writer, target = IncrementalPdfFileWriter(io.BytesIO(content)), io.BytesIO()
    # The library runs an event loop of its own: in a thread, since this one may have one.
    with ThreadPoolExecutor(1) as thread:
        signing = partial(signers.PdfSigner(meta, signer).sign_pdf, writer, output=target)
        thread.submit(signing).result()
    return target.getvalue()
