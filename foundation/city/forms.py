"""Forms of setting the city up."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from PIL import Image

from foundation.city import document_sheet
from foundation.city.states import CITY
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import CodeField, DayField, FoldedField, TitleField
from foundation.forms.sheets import SheetForm
from foundation.forms.uploads import UploadField

#: The largest logo, in kB, and the width and height in pixels beyond which it is refused.
LARGEST_LOGO, MOST_PIXELS = 200, 2_000


class _OfTheCity(ActionForm):
    """A form that begins with what is known; what a program leaves out stays as it is."""

    changes = True
    #: The field of the city that each field of the form shows.
    shows: dict[str, str] = {}

    def prepare(self) -> None:
        for name in self.fields:
            if hasattr(self.obj, self.shows.get(name, name)):
                self.initial.setdefault(name, getattr(self.obj, self.shows.get(name, name)))


@form_for(CITY, "describe")
class Describe(_OfTheCity):
    """Which city it is, whose office runs it, how it is reached, and who publishes its data."""

    name = forms.CharField(label=_("城市名称"), max_length=20, help_text=_("例如“青州市”。"))
    name_en = forms.CharField(label=_("英文名称"), max_length=40, required=False)
    province = forms.CharField(label=_("所在的省"), max_length=20, help_text=_("省、自治区或直辖市。"))
    division_code = CodeField(
        label=_("行政区划代码"),
        max_length=6,
        validators=[RegexValidator(r"^[1-9][0-9]{5}$", _("应是 6 位数字，见民政部公布的行政区划代码。"))],
        help_text=_("6 位数字。"),
    )
    postcode = CodeField(
        label=_("邮政编码"),
        max_length=6,
        required=False,
        validators=[RegexValidator(r"^[0-9]{6}$", _("应是 6 位数字。"))],
    )
    office = forms.CharField(
        label=_("主管单位"), max_length=40, help_text=_("例如“青州市民政局”，写在每页下方和公开的数据里。")
    )
    office_en = forms.CharField(label=_("主管单位的英文名称"), max_length=80, required=False)
    hotline = FoldedField(
        label=_("救助热线"),
        max_length=20,
        validators=[RegexValidator(r"^[0-9][0-9-]{2,}$", _("只写数字和短横线，例如 12345 或 0536-12345。"))],
        help_text=_("例如 12345。"),
    )
    publisher = forms.CharField(
        label=_("数据的发布单位"), max_length=60, required=False, help_text=_("不写就是主管单位。")
    )
    publisher_uri = forms.URLField(
        label=_("发布单位的网址"), max_length=200, required=False, assume_scheme="https"
    )


@form_for(CITY, "name_document")
class NameDocument(SheetForm, _OfTheCity):
    """The document that the city carries out, and its text, of which each clause can then be opened."""

    facts = "foundation/city/document_help.html"
    sheet, keeps_draft = "text", True
    shows = {
        "title": "document_title",
        "short_name": "document_called",
        "short_name_en": "document_called_en",
        "number": "document_number",
        "issuer": "document_issuer",
        "issued_on": "document_issued_on",
    }

    title = TitleField(
        label=_("文件名称"),
        max_length=80,
        help_text=_("例如“关于建立社会救助联动机制的实施意见”，不写书名号。"),
    )
    short_name = TitleField(
        label=_("引用时的简称"), max_length=20, help_text=_("例如“实施意见”，不写书名号。")
    )
    short_name_en = forms.CharField(label=_("简称的英文"), max_length=40, required=False)
    number = forms.CharField(label=_("文号"), max_length=40)
    issuer = forms.CharField(label=_("发文单位"), max_length=40)
    issued_on = DayField(label=_("发文日期"), required=False)
    text = UploadField(
        label=_("条文"),
        kinds=("xlsx", "csv"),
        largest_mib=2,
        required=False,
        help_text=_("XLSX 或 CSV，一句一行：编号、位置、标题、文字、对应的条。不上传就保留原来的条文。"),
    )

    def read(self, file: Any) -> tuple[dict[str, Any], list[str]]:
        parts, faults = document_sheet.read(file)
        return {"parts": parts}, faults


@form_for(CITY, "draw_logo")
class DrawLogo(ActionForm):
    """A picture beside the name, or none any more, which is said by a tick of its own."""

    facts = "foundation/city/logo.html"
    keeps_draft = False

    logo = UploadField(
        label=_("标志"),
        kinds=("png", "jpg"),
        largest_mib=1,
        required=False,
        help_text=_("PNG 或 JPEG，最大 200 KB，高 28 像素显示。"),
        error_messages={"required": _("请选择一张图片。")},
    )
    remove = forms.BooleanField(label=_("去掉原来的标志"), required=False)

    def prepare(self) -> None:
        if self.obj is not None and not self.obj.logo_digest:
            del self.fields["remove"]
            self.fields["logo"].required = True

    def clean_logo(self) -> bytes | None:
        """The content of the file; None for no file."""
        upload = self.cleaned_data.get("logo")
        if not upload:
            return None
        if upload.size > LARGEST_LOGO * 1024:
            raise forms.ValidationError(_("标志不能超过 %(size)s KB。"), params={"size": LARGEST_LOGO})
        content: bytes = upload.read()
        with Image.open(io.BytesIO(content)) as picture:
            large = max(picture.size) > MOST_PIXELS
        if large:
            raise forms.ValidationError(
                _("标志的宽和高不能超过 %(most)s 像素。"), params={"most": MOST_PIXELS}
            )
        return content

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        chosen, removes = given.get("logo"), given.get("remove")
        if chosen and removes:
            self.add_error("remove", _("已经选了新的标志，不用再勾选去掉。"))
        elif not chosen and not removes and "logo" not in self.errors:
            self.add_error("logo", _("请选择一张图片，或者勾选“去掉原来的标志”。"))
        return given

    def given(self) -> dict[str, Any]:
        return {"logo": self.cleaned_data["logo"]}
