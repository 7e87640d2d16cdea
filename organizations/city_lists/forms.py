"""Form of the action that uploads a list of places, bodies or windows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, form_for
from foundation.forms.uploads import UploadField
from foundation.sheets.unpacked import Unreadable
from organizations.city_lists import reading
from organizations.city_lists.entering import MOST_FAULTS
from organizations.city_lists.kinds import CityListKind
from organizations.city_lists.plans import plan_of
from organizations.city_lists.states import CITY_LIST


@form_for(CITY_LIST, "upload")
class UploadCityList(ActionForm):
    """The sheet, and what its rows are; each row that is wrong is told, and nothing is kept until all are right."""

    keeps_draft = False
    facts = "organizations/city_lists/templates.html"

    kind = forms.ChoiceField(label=_("清单的内容"), choices=CityListKind.choices)
    file = UploadField(
        label=_("清单文件"),
        kinds=("xlsx", "csv"),
        largest_mib=5,
        help_text=_("XLSX 或 CSV，一行一个，最多 5000 行。空着的格不改已有的内容。"),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if "file" not in given or "kind" not in given:
            return given
        given["file_name"] = str(given["file"].name)
        try:
            given["rows"], faults, given["notes"] = reading.read(given["file"], given["kind"])
        except Unreadable as why:
            self.add_error("file", str(why))
            return given
        every = [*faults, *plan_of(given["kind"], given["rows"]).faults]
        for fault in reading.told(every, MOST_FAULTS):
            self.add_error("file", fault)
        return given

    def given(self) -> dict[str, Any]:
        found = super().given()
        del found["file"]
        return found
