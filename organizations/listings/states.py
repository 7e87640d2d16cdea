"""The lifecycles of an entry in one of the lists, and of a file with many of them."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.duties import Bar
from foundation.lifecycle.phases import ASKED, DROPPED, ENDED, SERVING
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import Role
from organizations.listings.bars import LEFT_TO_ANOTHER, who_entered_a_breach
from organizations.permissions import civil_affairs

#: Who may not supply: providers need a good record (财政部令102号, article 6).
BASIS = "102号令第六条"


class ListingStatus(States):
    """The states of an entry in a list."""

    LISTED = State(_("在册"), SERVING, tone="late")
    REMOVED = State(_("已移出"), ENDED)
    WITHDRAWN = State(_("录错作废"), DROPPED)


L = ListingStatus


LISTING = Lifecycle(
    label="organizations.Listing",
    title=_("异常和失信名录"),
    states=ListingStatus,
    phases=(SERVING, ENDED, DROPPED),
    starts=(
        Start("enter", L.LISTED, (civil_affairs,), _("登记列入名录"), _("%(who)s登记了列入名录"), BASIS),
        Start(
            "record",
            L.REMOVED,
            (civil_affairs,),
            _("补登已移出的记录"),
            _("%(who)s补登了一条已经移出的记录"),
            BASIS,
        ),
    ),
    transitions=(
        Transition(
            "remove",
            L.in_phase(SERVING) >> L.REMOVED,
            (civil_affairs,),
            _("登记移出"),
            _("%(who)s登记了移出名录"),
            basis=BASIS,
            reason=True,
            primary=False,
            bars=(Bar(who_entered_a_breach, LEFT_TO_ANOTHER, _("不相容职责分离")),),
            second=True,
        ),
        Transition(
            "withdraw",
            L.in_phase(SERVING, ENDED) >> L.WITHDRAWN,
            (civil_affairs,),
            _("录错作废"),
            _("%(who)s把这一条作废：录错了"),
            basis=BASIS,
            reason=True,
            primary=False,
            apart_from=("enter", "record"),
            consequence=_("作废后，等于这家机构从来没有列入过。确实移出的，请登记移出。"),
        ),
    ),
)


class ListingFileStatus(States):
    """The states of a file."""

    READ = State(_("待确认"), ASKED, tone="soon")
    ENTERING = State(_("正在登记"), SERVING, tone="soon")
    ENTERED = State(_("已登记"), ENDED, tone="done")
    DISCARDED = State(_("已丢弃"), DROPPED)


F = ListingFileStatus


LISTING_FILE = Lifecycle(
    label="organizations.ListingFile",
    title=_("导入的名录"),
    states=ListingFileStatus,
    phases=(ASKED, SERVING, ENDED, DROPPED),
    starts=(Start("upload", F.READ, (civil_affairs,), _("导入名录"), _("%(who)s上传了一份名录"), BASIS),),
    transitions=(
        Transition(
            "take_over",
            F.in_phase(ASKED) >> F.ENTERING,
            (civil_affairs,),
            _("登记这份名录"),
            _("%(who)s登记了这份名录"),
            basis=BASIS,
            consequence=_("在册的承接主体从现在起不能接新的工作；写了移出日期的恢复。"),
        ),
        Transition(
            "discard",
            F.in_phase(ASKED) >> F.DISCARDED,
            (civil_affairs,),
            _("丢弃"),
            _("%(who)s丢弃了这份名录"),
            basis=BASIS,
            primary=False,
        ),
        Transition(
            "finish",
            F.in_phase(SERVING) >> F.ENTERED,
            (THE_SYSTEM,),
            _("登记完"),
            _("名录都已登记"),
            basis=BASIS,
            tells=(Role.CIVIL_AFFAIRS,),
        ),
    ),
)
