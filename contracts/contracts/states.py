"""States and transitions of a contract."""

from django.utils.translation import gettext_lazy as _

from contracts.permissions import buyer, contracted_provider, finance
from foundation.lifecycle.states import AnyOf, States
from foundation.lifecycle.table import ClockFor, Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM


class ContractStatus(States):
    DRAFT = "draft", _("起草")
    OFFERED = "offered", _("待机构签署")
    SIGNED = "signed", _("已签署，待生效")
    IN_FORCE = "in_force", _("履行中")
    SUSPENDED = "suspended", _("已中止")
    DROPPED = "dropped", _("未签成，已撤销")
    TERMINATED = "terminated", _("已终止")
    COMPLETED = "completed", _("已期满")
    SETTLED = "settled", _("已结清")


C = ContractStatus


#: Begun and not ended: accepted work is delivered and paid.
RUNNING = (C.IN_FORCE, C.SUSPENDED)


#: New work may be accepted between the first and the last day.
SERVING = (C.SIGNED, C.IN_FORCE)


CONTRACT = Lifecycle(
    label="contracts.Contract",
    title=_("服务合同"),
    states=ContractStatus,
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
            C.DRAFT >> C.DRAFT,
            (buyer,),
            _("增加服务项目"),
            _("%(who)s增加了服务项目"),
            basis="S24",
            primary=False,
        ),
        Transition(
            "set_terms",
            C.DRAFT >> C.DRAFT,
            (buyer,),
            _("约定付款和扣款"),
            _("%(who)s约定了付款和扣款"),
            basis="S26",
            primary=False,
        ),
        Transition(
            "sign_as_buyer",
            C.DRAFT >> C.OFFERED,
            (buyer,),
            _("购买方签署"),
            _("%(who)s签署合同"),
            basis="S24",
            apart_from=("draft", "draft_awarded", "renew", "add_line", "set_terms"),
        ),
        Transition(
            "sign_as_provider",
            C.OFFERED >> C.SIGNED,
            (contracted_provider,),
            _("承接方签署"),
            _("%(who)s签署合同"),
            basis="S24",
        ),
        Transition(
            "come_into_force", C.SIGNED >> C.IN_FORCE, (THE_SYSTEM,), _("生效"), _("合同生效"), basis="S24"
        ),
        Transition(
            "cancel",
            AnyOf(C.DRAFT, C.OFFERED) >> C.DROPPED,
            (buyer, THE_SYSTEM),
            _("撤销"),
            _("%(who)s撤销了合同，预算已释放"),
            basis="S24",
            apart_from=("draft_awarded",),
            reason=True,
            primary=False,
            consequence=_("撤销后，预留的预算将全部释放。"),
        ),
        Transition(
            "suspend",
            C.IN_FORCE >> C.SUSPENDED,
            (buyer, THE_SYSTEM),
            _("中止履行"),
            _("%(who)s中止了合同的履行"),
            basis="S26",
            reason=True,
            primary=False,
            consequence=_("中止期间不再接受新的转介，已接受的服务照常完成和结算。"),
        ),
        Transition(
            "resume",
            C.SUSPENDED >> C.IN_FORCE,
            (buyer, THE_SYSTEM),
            _("恢复履行"),
            _("%(who)s恢复了合同的履行"),
            basis="S26",
        ),
        Transition(
            "terminate",
            AnyOf(C.SIGNED, C.IN_FORCE, C.SUSPENDED) >> C.TERMINATED,
            (buyer, THE_SYSTEM),
            _("终止合同"),
            _("%(who)s终止了合同"),
            basis="S26",
            reason=True,
            primary=False,
            consequence=_("终止后不再接受新的转介，已完成的服务照常结算。"),
        ),
        Transition(
            "complete",
            AnyOf(C.IN_FORCE, C.SUSPENDED) >> C.COMPLETED,
            (THE_SYSTEM,),
            _("期满"),
            _("合同期满"),
            basis="S24",
        ),
        Transition(
            "settle",
            AnyOf(C.COMPLETED, C.TERMINATED) >> C.SETTLED,
            (finance,),
            _("结清"),
            _("%(who)s结清了合同，余款已释放"),
            basis="S26",
        ),
    ),
    clocks={
        # After an award the days run from the award: ``signing`` starts that clock.
        C.OFFERED: ClockFor(lambda contract: bool(contract.awarded_at), "", "contract.signature"),
        C.TERMINATED: "contract.settlement",
    },
    # The days to sign are set by law, so nobody may pause them.
    unpaused=("contract.signature",),
)
