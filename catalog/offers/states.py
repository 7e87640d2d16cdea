"""States and transitions of an offer."""

from django.utils.translation import gettext_lazy as _

from catalog.permissions import civil_affairs, offering_provider
from foundation.lifecycle.phases import ASKED, DROPPED, SERVING
from foundation.lifecycle.states import State, States, Trait
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import Role

#: Civil affairs is to say whether the offer is good: the first time, or after a renewal.
TO_REVIEW = Trait("to be reviewed by civil affairs")


#: A newer edition has changed what was agreed to: it is not carried over, and the provider has to agree anew.
TO_AGREE_ANEW = Trait("the provider is to agree to the newer edition")


#: The edition has changed, and the renewal is not through: windows may not choose it meanwhile.
IN_RENEWAL = Trait("the renewal for the newer edition is not through")


class OfferStatus(States):
    APPLIED = State(_("待审核"), ASKED, tone="soon", traits=(TO_REVIEW,))
    ACCEPTED = State(_("可派单"), SERVING, tone="done")
    TO_RENEW = State(_("待续报"), SERVING, traits=(TO_AGREE_ANEW, IN_RENEWAL))
    RENEWED = State(_("续报待审"), SERVING, traits=(TO_REVIEW, IN_RENEWAL))
    REFUSED = State(_("未通过"), DROPPED, tone="late")
    WITHDRAWN = State(_("已撤销"), DROPPED, tone="late")


Of = OfferStatus

#: A newer edition carries the offer over by itself where nothing agreed to has changed.
CARRIED_OVER = Of.unfinished() - Of.with_trait(TO_AGREE_ANEW)

#: Windows may choose the offer.
TAKING_REFERRALS = Of.in_phase(SERVING) - Of.with_trait(IN_RENEWAL)

OFFER = Lifecycle(
    label="catalog.Offer",
    title=_("服务申报"),
    states=OfferStatus,
    phases=(ASKED, SERVING, DROPPED),
    starts=(
        Start("apply", Of.APPLIED, (offering_provider,), _("申报服务项目"), _("%(who)s申报了服务"), "S27"),
    ),
    transitions=(
        Transition(
            "accept",
            Of.with_trait(TO_REVIEW) >> Of.ACCEPTED,
            (civil_affairs,),
            _("审核通过"),
            _("%(who)s审核通过"),
            basis="S27",
            lacks_by_day=True,
            exactly=Of.in_phase(SERVING) & Of.with_trait(TO_REVIEW),
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "refuse",
            Of.with_trait(TO_REVIEW) >> Of.REFUSED,
            (civil_affairs,),
            _("不予通过"),
            _("%(who)s没有通过这项申报"),
            basis="S27",
            reason=True,
            primary=False,
            exactly=Of.in_phase(SERVING) & Of.with_trait(TO_REVIEW),
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "update_places",
            Of.ACCEPTED >> Of.ACCEPTED,
            (offering_provider,),
            _("更新空位"),
            _("%(who)s更新了空位"),
            basis="S28",
            primary=False,
            exactly=True,
        ),
        Transition(
            "ask_renewal",
            Of.ACCEPTED >> Of.TO_RENEW,
            (THE_SYSTEM,),
            _("请续报"),
            _("新版目录改了这个项目，请机构续报"),
            basis="S25",
            exactly=True,
        ),
        Transition(
            "need_no_renewal",
            Of.TO_RENEW >> Of.ACCEPTED,
            (THE_SYSTEM,),
            _("无须续报"),
            _("目录又与申报时一致，无须续报"),
            basis="S25",
            exactly=True,
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "renew",
            Of.TO_RENEW >> Of.RENEWED,
            (offering_provider,),
            _("按新版目录续报"),
            _("%(who)s按新版目录续报"),
            basis="S25",
            exactly=True,
        ),
        Transition(
            "withdraw",
            Of.unfinished() >> Of.WITHDRAWN,
            (offering_provider,),
            _("撤销申报"),
            _("%(who)s撤销了申报"),
            basis="S27",
            reason=True,
            primary=False,
            consequence=_("撤销后，这项服务不再收到新的转介。"),
            from_any=True,
            tells=(Role.CIVIL_AFFAIRS,),
        ),
    ),
    clocks={Of.TO_RENEW: "offer.renewal"},
)
