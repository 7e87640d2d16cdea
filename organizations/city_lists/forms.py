"""Form of the action that uploads a list of places, bodies or windows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import form_for
from foundation.forms.sheets import SheetForm
from foundation.forms.uploads import UploadField
from foundation.sheets.faults import in_order
from organizations.city_lists import reading
from organizations.city_lists.kinds import CityListKind
from organizations.city_lists.plans import plan_of
from organizations.city_lists.states import CITY_LIST


@form_for(CITY_LIST, "upload")
class UploadCityList(SheetForm):
    """The sheet, and what its rows are; each row that is wrong is told, and nothing is kept until all are right."""

    facts = "organizations/city_lists/templates.html"

    kind = forms.ChoiceField(label=_("清单的内容"), choices=CityListKind.choices)
    file = UploadField(
        label=_("清单文件"),
        kinds=("xlsx", "csv"),
        largest_mib=5,
        help_text=_("XLSX 或 CSV，一行一个，最多 5000 行。空着的格不改已有的内容。"),
    )

    def read(self, file: Any) -> tuple[dict[str, Any], list[str]]:
        kind = self.cleaned_data.get("kind")
        if not kind:  # told already
            return {}, []
        rows, faults, notes = reading.read(file, kind)
        faults += plan_of(kind, rows).faults
        return {"rows": rows, "notes": notes, "file_name": str(file.name)}, in_order(faults)
