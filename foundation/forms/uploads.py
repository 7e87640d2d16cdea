"""Fields for files, whose kind is judged by content."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.file_contents import CHECKED, require_whole
from foundation.wording import listed

#: The first bytes of each kind of file.
SIGNATURES = {
    "pdf": (b"%PDF-",),
    "xlsx": (b"PK\x03\x04",),
    "jpg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
}

#: The media types of the pictures among them.
TYPES = {"jpg": "image/jpeg", "png": "image/png"}


def kind_of(head: bytes) -> str:
    """The kind of a file by its first bytes: "csv" for other text, "" for other binary files."""
    for kind, signatures in SIGNATURES.items():
        if head.startswith(signatures):
            return kind
    return "" if b"\0" in head else "csv"


class UploadField(forms.FileField):
    """A file of one of ``kinds``, judged by content, up to ``largest_mib`` MiB; PDFs and pictures are whole ones.

    The cleaned file has its ``kind``.
    """

    def __init__(self, *, kinds: tuple[str, ...], largest_mib: int = 10, **kwargs: Any) -> None:
        self.kinds, self.largest_mib = kinds, largest_mib
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = ",".join(f".{kind}" for kind in kinds)

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if not upload:
            return upload
        if upload.size > self.largest_mib * 1024 * 1024:
            raise forms.ValidationError(
                _("文件不能超过 %(size)s MB，请压缩后再传。"), params={"size": self.largest_mib}
            )
        upload.kind = kind_of(upload.read(512))
        upload.seek(0)
        if upload.kind not in self.kinds:
            raise forms.ValidationError(
                _("文件类型不对，请上传 %(kinds)s 文件。"),
                params={"kinds": listed(kind.upper() for kind in self.kinds)},
            )
        if upload.kind in CHECKED:
            require_whole(upload.read(), upload.kind)
            upload.seek(0)
        return upload


class ManyFiles(forms.ClearableFileInput):
    """The widget for several files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """Every file of that name."""
        if hasattr(files, "getlist"):
            return files.getlist(name)
        return [files[name]] if files.get(name) else []

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether no file was sent."""
        return not self.value_from_datadict(data, files, name)


class UploadsField(UploadField):
    """Up to ``most`` files, each of one of ``kinds``."""

    widget = ManyFiles

    def __init__(self, *, most: int = 6, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        if len(data or []) > self.most:
            raise forms.ValidationError(_("最多上传 %(most)s 个文件。"), params={"most": self.most})
        if not data:
            super().clean(None, initial)
        return [super(UploadsField, self).clean(upload) for upload in data or []]
