"""The lifecycle of a list of staff: read, being invited, done or discarded."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ASKED, DROPPED, ENDED, SERVING
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from organizations.permissions import having_invited, listing

BASIS = "S34"


class StaffListStatus(States):
    """The states of a list of staff."""

    READ = State(_("待确认"), ASKED, tone="soon")
    SENDING = State(_("正在发出"), SERVING, tone="soon")
    SENT = State(_("已发出"), ENDED, tone="done")
    DISCARDED = State(_("已丢弃"), DROPPED)


S = StaffListStatus


STAFF_LIST = Lifecycle(
    label="organizations.StaffList",
    title=_("导入的名单"),
    states=StaffListStatus,
    phases=(ASKED, SERVING, ENDED, DROPPED),
    starts=(Start("upload", S.READ, listing, _("从表格导入"), _("%(who)s上传了一份名单"), BASIS),),
    transitions=(
        Transition(
            "invite",
            S.in_phase(ASKED) >> S.SENDING,
            having_invited,
            _("发出邀请"),
            _("%(who)s给名单上的人发出邀请"),
            basis=BASIS,
            consequence=_("给名单上的每个人发出链接；没有手机和邮箱的打印成信。"),
            lacks_by_day=True,
        ),
        Transition(
            "discard",
            S.in_phase(ASKED) >> S.DISCARDED,
            (*listing, THE_SYSTEM),
            _("丢弃"),
            _("%(who)s丢弃了这份名单"),
            basis=BASIS,
            primary=False,
        ),
        Transition(
            "finish", S.in_phase(SERVING) >> S.SENT, (THE_SYSTEM,), _("发完"), _("名单已办完"), basis=BASIS
        ),
    ),
)
