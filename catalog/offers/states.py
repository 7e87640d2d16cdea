"""States and transitions of an offer."""

from django.utils.translation import gettext_lazy as _

from catalog.permissions import civil_affairs, offering_provider
from foundation.lifecycle.states import AnyOf, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM


class OfferStatus(States):
    APPLIED = "applied", _("待审核")
    ACCEPTED = "accepted", _("可派单")
    TO_RENEW = "to_renew", _("待续报")
    RENEWED = "renewed", _("续报待审")
    REFUSED = "refused", _("未通过")
    WITHDRAWN = "withdrawn", _("已撤销")


Of = OfferStatus


OFFER = Lifecycle(
    label="catalog.Offer",
    title=_("服务申报"),
    states=OfferStatus,
    starts=(
        Start("apply", Of.APPLIED, (offering_provider,), _("申报服务项目"), _("%(who)s申报了服务"), "S27"),
    ),
    transitions=(
        Transition(
            "accept",
            AnyOf(Of.APPLIED, Of.RENEWED) >> Of.ACCEPTED,
            (civil_affairs,),
            _("审核通过"),
            _("%(who)s审核通过"),
            basis="S27",
        ),
        Transition(
            "refuse",
            AnyOf(Of.APPLIED, Of.RENEWED) >> Of.REFUSED,
            (civil_affairs,),
            _("不予通过"),
            _("%(who)s没有通过这项申报"),
            basis="S27",
            reason=True,
            primary=False,
        ),
        Transition(
            "update_places",
            Of.ACCEPTED >> Of.ACCEPTED,
            (offering_provider,),
            _("更新空位"),
            _("%(who)s更新了空位"),
            basis="S28",
            primary=False,
        ),
        Transition(
            "ask_renewal",
            Of.ACCEPTED >> Of.TO_RENEW,
            (THE_SYSTEM,),
            _("请续报"),
            _("新版目录改了这个项目，请机构续报"),
            basis="S25",
        ),
        Transition(
            "need_no_renewal",
            Of.TO_RENEW >> Of.ACCEPTED,
            (THE_SYSTEM,),
            _("无须续报"),
            _("目录又与申报时一致，无须续报"),
            basis="S25",
        ),
        Transition(
            "renew",
            Of.TO_RENEW >> Of.RENEWED,
            (offering_provider,),
            _("按新版目录续报"),
            _("%(who)s按新版目录续报"),
            basis="S25",
        ),
        Transition(
            "withdraw",
            AnyOf(Of.APPLIED, Of.ACCEPTED, Of.TO_RENEW, Of.RENEWED) >> Of.WITHDRAWN,
            (offering_provider,),
            _("撤销申报"),
            _("%(who)s撤销了申报"),
            basis="S27",
            reason=True,
            primary=False,
            consequence=_("撤销后，这项服务不再收到新的转介。"),
        ),
    ),
    clocks={Of.TO_RENEW: "offer.renewal"},
)
