"""Forms of the self-report of a provider."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluations.assessments.states import ASSESSMENT
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.uploads import UploadsField

FILES = ("pdf", "jpg", "png", "xlsx")


@form_for(ASSESSMENT, "report", "amend_report")
class Report(ActionForm):
    """Words for every indicator beside the system's own figures, and files as evidence."""

    changes = True

    template = "evaluations/assessments/report.html"

    files = UploadsField(  # type: ignore[assignment]  # the class keeps its own
        label=_("证据文件"),
        kinds=FILES,
        required=False,
        most=10,
        help_text=_("PDF、照片或 Excel，每个不超过 10 MB。"),
    )

    def prepare(self) -> None:
        if self.obj is None:
            return
        for leaf in self.obj.round.scheme.leaves:
            self.fields[f"words_{leaf['key']}"] = forms.CharField(
                label=gettext("%(title)s（%(weight)g 分）") % leaf,
                required=False,
                max_length=4000,
                help_text=leaf.get("evidence", ""),
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            self.initial.setdefault(f"words_{leaf['key']}", self.obj.report.get(leaf["key"], ""))
        self.order_fields([name for name in self.fields if name != "files"] + ["files"])

    def given(self) -> dict[str, Any]:
        words = {
            name.removeprefix("words_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("words_")
        }
        return {"words": words, "files": self.cleaned_data["files"]}
