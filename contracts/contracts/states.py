"""States and transitions of a contract."""

from django.utils.translation import gettext_lazy as _

from contracts.permissions import buyer, contracted_provider, finance
from foundation.lifecycle.phases import ANSWERING, ASKED, DROPPED, ENDED, PREPARED, SERVING, SUSPENDED, Phase
from foundation.lifecycle.states import STAYS, State, States, Trait
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import AGREES, BUYING_AND_PAYING, BUYING_PAID_AND_PAYING, Role

#: Signed by both sides; its first day has not come.
AGREED = Phase("agreed")

#: Not yet signed by both sides.
NOT_SIGNED = PREPARED | ASKED

#: Signed by both sides, and not ended.
IN_EFFECT = AGREED | SERVING | SUSPENDED

#: Signed by both sides, whatever came after; the public may read it.
SIGNED_BY_BOTH = IN_EFFECT | ANSWERING | ENDED

#: New work may be accepted, between the first and the last day.
TAKING_WORK = AGREED | SERVING

#: Begun and not ended: accepted work is delivered and paid.
UNDER_WAY = SERVING | SUSPENDED

#: Begun and not settled: work may be invoiced, breaches fined.
BILLABLE = SERVING | SUSPENDED | ANSWERING

#: Ended, or cancelled before it began.
OVER = ANSWERING | ENDED | DROPPED

#: It is not renewed.
BROKEN_OFF = Trait("ended before its last day")


class ContractStatus(States):
    DRAFT = State(_("起草"), PREPARED)
    OFFERED = State(_("待机构签署"), ASKED, tone="soon")
    SIGNED = State(_("已签署，待生效"), AGREED)
    IN_FORCE = State(_("履行中"), SERVING, tone="done")
    SUSPENDED = State(_("已中止"), SUSPENDED, tone="late")
    DROPPED = State(_("未签成，已撤销"), DROPPED)
    TERMINATED = State(_("已终止"), ANSWERING, tone="late", traits=(BROKEN_OFF,))
    COMPLETED = State(_("已期满"), ANSWERING, tone="done")
    SETTLED = State(_("已结清"), ENDED, tone="done")


C = ContractStatus


CONTRACT = Lifecycle(
    label="contracts.Contract",
    title=_("服务合同"),
    states=ContractStatus,
    phases=(PREPARED, ASKED, AGREED, SERVING, SUSPENDED, DROPPED, ANSWERING, ENDED),
    starts=(
        Start("draft", C.DRAFT, (buyer,), _("起草合同"), _("%(who)s起草合同并预留预算"), "S24"),
        Start(
            "draft_awarded",
            C.DRAFT,
            (THE_SYSTEM,),
            _("按成交结果起草合同"),
            _("%(who)s按成交结果起草合同并预留预算"),
            "政府采购法第四十六条",
        ),
        Start("renew", C.DRAFT, (buyer,), _("续签合同"), _("%(who)s起草续签的合同"), "S24"),
    ),
    transitions=(
        Transition(
            "add_line",
            C.in_phase(PREPARED) >> STAYS,
            (buyer,),
            _("增加服务项目"),
            _("%(who)s增加了服务项目"),
            basis="S24",
            primary=False,
            fits="takes_lines",
        ),
        Transition(
            "set_terms",
            C.in_phase(PREPARED) >> STAYS,
            (buyer,),
            _("约定付款和扣款"),
            _("%(who)s约定了付款和扣款"),
            basis="S26",
            primary=False,
        ),
        Transition(
            "sign_as_buyer",
            C.in_phase(PREPARED) >> C.OFFERED,
            (buyer,),
            _("购买方签署"),
            _("%(who)s签署合同"),
            basis="S24",
            apart_from=("draft", "draft_awarded", "renew", "add_line", "set_terms"),
            lacks_by_day=True,
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition(
            "sign_as_provider",
            C.in_phase(ASKED) >> C.SIGNED,
            (contracted_provider,),
            _("承接方签署"),
            _("%(who)s签署合同"),
            basis="S24",
            lacks_by_day=True,
            tells=BUYING_AND_PAYING,
        ),
        Transition(
            "come_into_force",
            C.in_phase(AGREED) >> C.IN_FORCE,
            (THE_SYSTEM,),
            _("生效"),
            _("合同生效"),
            basis="S24",
        ),
        Transition(
            "cancel",
            C.in_phase(NOT_SIGNED) >> C.DROPPED,
            (buyer, THE_SYSTEM),
            _("撤销"),
            _("%(who)s撤销了合同，预算已释放"),
            basis="S24",
            apart_from=("draft_awarded",),
            reason=True,
            primary=False,
            consequence=_("撤销后，预留的预算将全部释放。"),
            tells=BUYING_PAID_AND_PAYING,
        ),
        Transition(
            "suspend",
            C.in_phase(SERVING) >> C.SUSPENDED,
            (buyer, THE_SYSTEM),
            _("中止履行"),
            _("%(who)s中止了合同的履行"),
            basis="S26",
            reason=True,
            primary=False,
            consequence=_("中止期间不再接受新的转介，已接受的服务照常完成和结算。"),
            tells=(Role.COORDINATOR,),
        ),
        Transition(
            "resume",
            C.in_phase(SUSPENDED) >> C.IN_FORCE,
            (buyer, THE_SYSTEM),
            _("恢复履行"),
            _("%(who)s恢复了合同的履行"),
            basis="S26",
            lacks_by_day=True,
            tells=BUYING_PAID_AND_PAYING,
        ),
        Transition(
            "terminate",
            C.in_phase(IN_EFFECT) >> C.TERMINATED,
            (buyer, THE_SYSTEM),
            _("终止合同"),
            _("%(who)s终止了合同"),
            basis="S26",
            reason=True,
            primary=False,
            from_any=True,
            besides=(PREPARED, ASKED, ANSWERING),
            consequence=_("终止后不再接受新的转介，已完成的服务照常结算。"),
            tells=AGREES,
        ),
        Transition(
            "complete",
            C.in_phase(UNDER_WAY) >> C.COMPLETED,
            (THE_SYSTEM,),
            _("期满"),
            _("合同期满"),
            basis="S24",
            tells=AGREES,
        ),
        Transition(
            "settle",
            C.in_phase(ANSWERING) >> C.SETTLED,
            (finance,),
            _("结清"),
            _("%(who)s结清了合同，余款已释放"),
            basis="S26",
            lacks_by_day=True,
            tells=AGREES,
        ),
    ),
    clocks={C.OFFERED: "contract.signature", C.TERMINATED: "contract.settlement"},
    # The days to sign are set by law: they run from the award, and nobody may pause them.
    counts_from={"contract.signature": "awarded_at"},
    unpaused=("contract.signature",),
    looks_at=("provider__organization",),
)
