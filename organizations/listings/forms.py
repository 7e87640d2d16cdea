"""Forms of the actions on the lists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import CreditCodeField, DayField
from foundation.forms.sheets import SheetForm
from foundation.forms.uploads import UploadField
from organizations.listings import reading
from organizations.listings.heads import HEADS
from organizations.listings.kinds import ListKind
from organizations.listings.states import LISTING, LISTING_FILE


def a_source() -> forms.CharField:
    """Where the list was published."""
    return forms.CharField(
        label=_("出处"),
        max_length=200,
        help_text=_("在哪里查到的，例如登记管理机关的信用信息公示平台和公告文号。"),
    )


@form_for(LISTING, "enter")
class Enter(ActionForm):
    """Who stands in which list since when, and where that was published."""

    kind = forms.ChoiceField(label=_("名录"), choices=ListKind.choices, widget=forms.RadioSelect)
    credit_code = CreditCodeField()
    name = forms.CharField(label=_("机构名称"), max_length=80)
    listed_on = DayField(label=_("列入日期"), ahead=False)
    source = a_source()


@form_for(LISTING, "record")
class Record(Enter):
    """The same of one that was removed already."""

    removed_on = DayField(label=_("移出日期"), ahead=False)
    field_order = ("kind", "credit_code", "name", "listed_on", "removed_on", "source")


@form_for(LISTING, "remove")
class Remove(ActionForm):
    """The day from which it stands in the list no more."""

    removed_on = DayField(label=_("移出日期"), ahead=False)

    def prepare(self) -> None:
        self.initial.setdefault("removed_on", moments.today())


@form_for(LISTING_FILE, "upload")
class Upload(SheetForm):
    """The sheet; a row that is wrong is told, and nothing is kept until all are right."""

    facts = "organizations/listings/template.html"

    file = UploadField(label=_("名录文件"), kinds=("xlsx", "csv"), largest_mib=5)
    source = a_source()

    def prepare(self) -> None:
        self.fields["file"].help_text = _("XLSX 或 CSV，一家一行。列：%(heads)s；移出日期可以不写。") % {
            "heads": HEADS.asked()
        }

    def read(self, file: Any) -> tuple[dict[str, Any], list[str]]:
        rows, faults, notes = reading.read(file)
        return {"rows": rows, "notes": notes, "file_name": str(file.name)}, faults
