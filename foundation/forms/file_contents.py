"""Whether a file is what its first bytes say: a PDF that opens without a password, a whole picture."""

from __future__ import annotations

import io
import struct
import zlib

from django.forms import ValidationError
from django.utils.translation import gettext as _
from PIL import Image
from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

#: What Pillow calls each kind of picture.
_PICTURES = {"jpg": "JPEG", "png": "PNG"}

#: The kinds of file that are opened.
CHECKED = frozenset({"pdf", *_PICTURES})

#: Pages of a PDF at most.
MOST_PAGES = 2_000

#: Pixels of a picture at most: what a telephone's camera makes, and a page scanned at 600 dots an inch.
MOST_PIXELS = 50_000_000

#: Within how many bytes from its end a PDF says where its table is.
END = 2_048

#: What reading a broken file raises, beside the libraries' own errors.
_BROKEN = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RuntimeError, TypeError),
    *(ValueError, struct.error, zlib.error),
)


def require_whole(content: bytes, kind: str) -> None:
    """Raise ``ValidationError`` for a file of one of the kinds ``CHECKED`` that is broken, locked or too large."""
    if kind in _PICTURES:
        _require_picture(content, kind)
    else:
        _require_pdf(content)


def _require_pdf(content: bytes) -> None:
    broken = ValidationError(_("这个 PDF 打不开，可能没有传完或已损坏，请重新导出后再传。"))
    if b"startxref" not in content[-END:]:
        raise broken
    try:
        reader = PdfReader(io.BytesIO(content))
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = 0 if locked else reader.get_num_pages()
        if pages:
            reader.pages[0].mediabox  # noqa: B018 - reads the first page
    except DependencyError:
        locked, pages = True, 0
    except (PyPdfError, *_BROKEN):
        raise broken from None
    if locked:
        raise ValidationError(_("这个 PDF 设了打开密码，查验的人看不到，请去掉密码后再传。"))
    if not pages:
        raise broken
    if pages > MOST_PAGES:
        raise ValidationError(
            _("这个 PDF 有 %(pages)s 页，最多 %(most)s 页，请分开上传。"),
            params={"pages": pages, "most": MOST_PAGES},
        )


def _require_picture(content: bytes, kind: str) -> None:
    """A JPEG is decoded at an eighth of its size, so that a large photo takes little memory."""
    large = ValidationError(
        _("这张图片太大，最多 %(most)s 万像素，请缩小后再传。"), params={"most": MOST_PIXELS // 10_000}
    )
    try:
        with Image.open(io.BytesIO(content), formats=(_PICTURES[kind],)) as picture:
            width, height = picture.size
            if width * height <= MOST_PIXELS:
                picture.verify()
        if width * height > MOST_PIXELS:
            raise large
        with Image.open(io.BytesIO(content), formats=(_PICTURES[kind],)) as picture:
            picture.draft(picture.mode, (width // 8, height // 8))
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise large from None
    except (SyntaxError, *_BROKEN):
        raise ValidationError(_("这张图片打不开，可能没有传完或已损坏，请重新拍照或导出后再传。")) from None
