"""Form of the action that uploads a list of staff."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import form_for
from foundation.forms.sheets import SheetForm
from foundation.forms.uploads import UploadField
from foundation.refusals import Words
from foundation.wording import said_together
from organizations.invitations.models import Channel
from organizations.people import giving
from organizations.staff_lists import reading
from organizations.staff_lists.heads import HEADS
from organizations.staff_lists.states import STAFF_LIST


@form_for(STAFF_LIST, "upload")
class UploadStaffList(SheetForm):
    """The sheet; a row that is wrong is told, and nothing is kept until all are right."""

    facts = "organizations/staff_lists/template.html"

    file = UploadField(label=_("名单文件"), kinds=("xlsx", "csv"), largest_mib=5)

    def prepare(self) -> None:
        said: list[Words] = [_("XLSX 或 CSV，一人一行。列：%(heads)s。") % {"heads": HEADS.asked()}]
        if self.actor is not None:
            roles = reading.words_of(giving.roles_given_by(self.actor))
            said.append(_("身份可以写：%(roles)s。") % {"roles": roles})
        if Channel.TEXT.served and Channel.MAIL.served:
            said.append(_("没有手机的写邮箱，都没有的打印成信。"))
        else:
            said.append(_("短信或邮件发不到的，打印成信。"))
        self.fields["file"].help_text = said_together(*said)

    def read(self, file: Any) -> tuple[dict[str, Any], list[str]]:
        people, faults, notes = reading.read(file, self.by)
        return {"people": people, "notes": notes, "file_name": str(file.name)}, faults
