"""The lifecycle of an organization: in use, closed."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ENDED, SERVING
from foundation.lifecycle.states import STAYS, State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from organizations.permissions import keeping_bodies
from organizations.places.states import ALONE

#: The clause behind which body answers for what.
BASIS = "S3"


class OrganizationStatus(States):
    """The states of an organization; how a provider stands is told by its accreditation."""

    IN_USE = State(_("使用中"), SERVING, tone="done")
    CLOSED = State(_("已停用"), ENDED)


S = OrganizationStatus


ORGANIZATION = Lifecycle(
    label="organizations.Organization",
    title=_("部门与窗口"),
    states=OrganizationStatus,
    phases=(SERVING, ENDED),
    starts=(
        Start("establish", S.IN_USE, keeping_bodies, _("录入部门或窗口"), _("%(who)s录入了这个机构"), BASIS),
    ),
    transitions=(
        Transition(
            "change",
            S.in_phase(SERVING) >> STAYS,
            keeping_bodies,
            _("修改联系方式和资格"),
            _("%(who)s修改了这个机构的资料"),
            basis=BASIS,
            primary=False,
            alone=ALONE,
        ),
        Transition(
            "rename",
            S.in_phase(SERVING) >> STAYS,
            keeping_bodies,
            _("改名"),
            _("%(who)s登记了新的名称"),
            basis=BASIS,
            otherwise=_("%(who)s收回了还没有开始用的名称"),
            primary=False,
            alone=ALONE,
            consequence=_("从那天起用新的名称；以前的日子仍是原来的名称。"),
        ),
        Transition(
            "close",
            S.in_phase(SERVING) >> S.CLOSED,
            keeping_bodies,
            _("停用机构"),
            _("%(who)s停用了这个机构"),
            basis=BASIS,
            reason=True,
            primary=False,
            alone=ALONE,
            consequence=_(
                "停用之后，不能再把人员、职责和需求交给它，还没有用的邀请和名单作废；以前的记录不变。"
            ),
        ),
        Transition(
            "release",
            S.in_phase(SERVING) >> S.CLOSED,
            (THE_SYSTEM,),
            _("随登记结束停用"),
            _("登记没有准入就结束了，这个机构停用，统一社会信用代码可以重新登记"),
            basis="102号令第六条",
        ),
    ),
)
