"""Forms of the actions on notices of holidays."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import CountField, DayField
from foundation.forms.uploads import UploadField
from foundation.holidays import announcing, files, previewing
from foundation.holidays import days as reading
from foundation.holidays.days import Row
from foundation.holidays.previewing import Effect
from foundation.holidays.states import HOLIDAYS
from foundation.holidays.widgets import DaysField, rows_typed
from foundation.sheets.faults import told
from foundation.sheets.unpacked import Unreadable


class Covers(models.TextChoices):
    """What a notice is about."""

    YEAR = "year", gettext_lazy("全年的放假安排")
    DAYS = "days", gettext_lazy("只调整个别日子（例如延长假期）")


@form_for(HOLIDAYS, "propose")
class Propose(ActionForm):
    """The notice, its source, and its days in rows or in a file. A file that is given is read alone."""

    facts = "foundation/holidays/entering_help.html"

    year = CountField(
        label=gettext_lazy("哪一年"),
        least=announcing.FIRST_YEAR,
        most=2200,
        help_text=gettext_lazy("四位数字。"),
    )
    covers = forms.ChoiceField(
        label=gettext_lazy("通知的内容"),
        choices=Covers.choices,
        widget=forms.RadioSelect,
        initial=Covers.YEAR,
    )
    number = forms.CharField(
        label=gettext_lazy("文号"), max_length=60, help_text=gettext_lazy("例如 国办发明电〔2025〕7号。")
    )
    title = forms.CharField(label=gettext_lazy("文件标题"), max_length=120)
    issued_on = DayField(label=gettext_lazy("发文日期"), ahead=False)
    link = forms.URLField(
        label=gettext_lazy("原文网址"),
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("中国政府网上的地址，另一人凭它核对。"),
        error_messages={"invalid": gettext_lazy("网址写法不对，例如 https://www.gov.cn/…。")},
    )
    days = DaysField(
        label=gettext_lazy("日子"),
        required=False,
        help_text=gettext_lazy("一段假期写第一天和最后一天；单独一天只写第一天。周末连在假期里的一并写上。"),
    )
    file = UploadField(
        label=gettext_lazy("或者上传文件"),
        kinds=("csv", "xlsx"),
        largest_mib=1,
        required=False,
        help_text=gettext_lazy(
            "CSV 或 XLSX，三列：日期（或一段日期）、安排、名称。传了文件就只读文件，不读上面的行。"
        ),
    )

    def prepare(self) -> None:
        self.initial.setdefault("year", moments.today().year + 1)

    @property
    def model_year(self) -> int:
        """The year whose days stand in the model file."""
        year, last = self.chosen("year"), moments.today().year + announcing.YEARS_AHEAD
        return year if year and year <= last else moments.today().year + 1

    def taken_up(self, typed: dict[str, list[str]]) -> None:
        super().taken_up(typed)
        rows = rows_typed({name: values[0] for name, values in typed.items() if values}, "days")
        if rows:
            self.initial["days"] = rows

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not {"days", "year", "covers"} <= given.keys() or "file" in self.errors:
            return given
        place = "file" if given.get("file") else "days"
        try:
            rows: list[Row] = files.rows_of(given["file"]) if place == "file" else given["days"]
        except Unreadable as why:
            self.add_error("file", str(why))
            return given
        if not rows:
            self.add_error("days", _("请至少写一个日子，或上传文件。"))
            return given
        placed, faults = reading.read(rows, given["year"])
        whole_year = given["covers"] == Covers.YEAR
        now = announcing.present()
        faults += reading.faults_of(placed, given["year"], whole_year=whole_year, now=now)
        given["days"] = [found.day for found in placed]
        for fault in told(reading.in_order(faults, rows)):
            self.add_error(place, fault)
        return given

    def given(self) -> dict[str, Any]:
        found = super().given()
        del found["file"]
        found["whole_year"] = found.pop("covers") == Covers.YEAR
        return found


@form_for(HOLIDAYS, "confirm")
class Confirm(ActionForm):
    """Nothing to fill: what is compared with the original stands above, and what the notice would do."""

    facts = "foundation/holidays/facts.html"

    @cached_property
    def effect(self) -> Effect:
        """What the notice would do if it were confirmed now."""
        return previewing.effect_of(self.obj, self.by)
