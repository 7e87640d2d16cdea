"""The city's digital signature in PDFs (PAdES), if there is a certificate.

``SIGNING_CERTIFICATE`` names a PKCS #12 file, ``SIGNING_PASSPHRASE`` opens it. Without them
documents rest on the signatures and hashes that are printed in them, and the library that signs,
which takes its time to load, is not loaded.
"""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.conf import settings

FIELD = "Liandong"


def configured() -> bool:
    """Whether a certificate is configured."""
    return bool(settings.SIGNING_CERTIFICATE)


def certify(content: bytes, reason: str) -> bytes:
    """The PDF with the city's signature; unchanged without a certificate.

    Raises ``ValueError`` if the certificate cannot be opened, so that a document that should be
    signed is never given out unsigned.
    """
    if not configured():
        return content
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    passphrase = settings.SIGNING_PASSPHRASE.encode() or None
    signer = signers.SimpleSigner.load_pkcs12(settings.SIGNING_CERTIFICATE, passphrase=passphrase)
    if signer is None:
        raise ValueError("SIGNING_CERTIFICATE cannot be opened")
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD, reason=reason, subfilter=fields.SigSeedSubFilter.PADES
    )
    writer, target = IncrementalPdfFileWriter(io.BytesIO(content)), io.BytesIO()
    # The library runs its own event loop, and this thread may have one already.
    with ThreadPoolExecutor(1) as thread:
        signing = partial(signers.PdfSigner(meta, signer).sign_pdf, writer, output=target)
        thread.submit(signing).result()
    return target.getvalue()
