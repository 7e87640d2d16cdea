"""The lifecycle of a household: registered, closed."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ENDED, SERVING
from foundation.lifecycle.states import STAYS, State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.refusals import Words
from foundation.roles import AROUND_A_HOME
from households.permissions import BRINGS, assistant, grid_worker, itself, window, window_of_the_place


class HouseholdStatus(States):
    """The states of a household."""

    KNOWN = State(_("在册"), SERVING)
    CLOSED = State(_("已注销"), ENDED, tone="done")


H = HouseholdStatus


def the_work_of(household_id: int) -> str:
    """The word for ``alone`` by which actions on a household, on what waits with windows about it, and the
    acceptance of its matters wait for one another.
    """
    return f"household:{household_id}"


def its_own_work(household: Any) -> str:
    """The word of the household itself."""
    return the_work_of(household.pk)


def work_of_its_household(asked: Any) -> str:
    """The word of the household that something is asked for."""
    return the_work_of(asked.household_id)


def _keeping_status(name: str, by: tuple, label: Words, sentence: Words, **more: Any) -> Transition:
    """A transition that keeps the status."""
    return Transition(
        name, H.in_phase(SERVING) >> STAYS, by, label, sentence, primary=False, alone=its_own_work, **more
    )


HOUSEHOLD = Lifecycle(
    label="households.Household",
    title=_("家庭"),
    states=HouseholdStatus,
    phases=(SERVING, ENDED),
    starts=(Start("register", H.KNOWN, BRINGS, _("登记家庭"), _("%(who)s登记了家庭"), "S22"),),
    transitions=(
        _keeping_status(
            "update",
            (window,),
            _("更新情况"),
            _("%(who)s更新了家庭情况"),
            basis="S6",
            otherwise=_("%(who)s更新了家庭情况和联系电话"),
        ),
        _keeping_status(
            "add_member",
            (window,),
            _("添加成员"),
            _("%(who)s添加了家庭成员"),
            basis="S22",
            otherwise=_("%(who)s已请此人所在窗口确认，确认前没有加入"),
        ),
        _keeping_status(
            "end_membership", (window,), _("成员离开"), _("%(who)s登记成员离开这户"), basis="S22"
        ),
        _keeping_status(
            "record_death",
            (window, assistant),
            _("登记去世"),
            _("%(who)s登记了一位成员去世"),
            basis="S22",
            consequence=_("他的待办需求会妥善收尾，不再做满意度回访；已完成的服务照常结算。"),
        ),
        _keeping_status(
            "change_guardian",
            (window,),
            _("另定监护人"),
            _("%(who)s为未成年人另定了监护人"),
            basis="民法典第二十七条",
        ),
        _keeping_status("move_house", (window,), _("镇内迁居"), _("%(who)s登记了迁居"), basis="S3"),
        _keeping_status(
            "give_consent",
            (window, itself),
            _("记录单独同意"),
            _("%(who)s记录了家庭的单独同意"),
            basis="个人信息保护法第二十三条",
        ),
        _keeping_status(
            "withdraw_consent",
            (window, itself),
            _("撤回同意"),
            _("家庭撤回了同意"),
            basis="个人信息保护法第十五条",
            consequence=_(
                "依法应得的政府救助不受影响；只停止向机构提供信息，已提供的会通知机构停止使用并删除。"
            ),
        ),
        _keeping_status(
            "tell_help",
            (window, assistant, grid_worker),
            _("登记已得到的帮助"),
            _("%(who)s登记了家庭已得到的帮助"),
            basis="S22",
        ),
        Transition(
            "close",
            H.in_phase(SERVING) >> H.CLOSED,
            (window_of_the_place,),
            _("注销家庭"),
            _("%(who)s注销了家庭"),
            basis="S22",
            reason=True,
            primary=False,
            alone=its_own_work,
            consequence=_("注销后不再受理这户的事项；记录保留。"),
            tells=AROUND_A_HOME,
        ),
        Transition(
            "verify",
            H.in_phase(SERVING) >> STAYS,
            (THE_SYSTEM,),
            _("核对证件"),
            _("窗口核对了证件，登记为正式家庭"),
            basis="S22",
            primary=False,
            alone=its_own_work,
        ),
        Transition(
            "merge",
            H.in_phase(SERVING) >> H.CLOSED,
            (THE_SYSTEM,),
            _("并入"),
            _("窗口核对了证件，求助并入已登记的家庭"),
            basis="S22",
            primary=False,
            alone=its_own_work,
        ),
    ),
)
