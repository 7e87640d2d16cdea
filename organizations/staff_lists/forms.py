"""Form of the action that uploads a list of staff."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, form_for
from foundation.forms.uploads import UploadField
from foundation.messaging.senders import takes_mail
from foundation.refusals import Words
from foundation.sheets.unpacked import Unreadable
from foundation.wording import said_together
from organizations.people import giving
from organizations.staff_lists import reading
from organizations.staff_lists.heads import HEADS
from organizations.staff_lists.states import STAFF_LIST

#: Faults that are shown at most.
MOST_FAULTS = 30


@form_for(STAFF_LIST, "upload")
class UploadStaffList(ActionForm):
    """The sheet; a row that is wrong is told, and nothing is kept until all are right."""

    keeps_draft = False
    facts = "organizations/staff_lists/template.html"

    file = UploadField(label=_("名单文件"), kinds=("xlsx", "csv"), largest_mib=5)

    def prepare(self) -> None:
        said: list[Words] = [_("XLSX 或 CSV，一人一行。列：%(heads)s。") % {"heads": HEADS.asked()}]
        if self.actor is not None:
            roles = reading.words_of(giving.roles_given_by(self.actor))
            said.append(_("身份可以写：%(roles)s。") % {"roles": roles})
        if takes_mail():
            said.append(_("没有手机的写邮箱，都没有的打印成信。"))
        else:
            said.append(_("没有手机的打印成信；本系统没有接邮件服务器，不能只写邮箱。"))
        self.fields["file"].help_text = said_together(*said)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if "file" not in given:
            return given
        given["file_name"] = str(given["file"].name)
        try:
            given["people"], faults, given["notes"] = reading.read(given["file"], self.by)
        except Unreadable as why:
            self.add_error("file", str(why))
            return given
        for fault in reading.told(faults, MOST_FAULTS):
            self.add_error("file", fault)
        return given

    def given(self) -> dict[str, Any]:
        found = super().given()
        del found["file"]
        return found
