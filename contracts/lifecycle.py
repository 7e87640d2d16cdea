"""The lives of a budget document, a contract and an invoice."""

from django.utils.translation import gettext_lazy as _

from contracts.access import (
    amended_provider,
    buyer,
    contracted_provider,
    finance,
    invoicing_provider,
)
from foundation.lifecycle.table import THE_SYSTEM, AnyOf, Lifecycle, Move, Start, States


class BudgetChangeStatus(States):
    PROPOSED = "proposed", _("待复核")
    APPROVED = "approved", _("已入账")
    REJECTED = "rejected", _("已退回")


B = BudgetChangeStatus

BUDGET_CHANGE = Lifecycle(
    label="contracts.BudgetChange",
    title=_("预算指标"),
    states=BudgetChangeStatus,
    starts=(
        Start("grant", B.PROPOSED, (finance,), _("下达预算"), _("%(who)s提出下达预算"), "S33"),
        Start("adjust", B.PROPOSED, (finance,), _("追加或调减"), _("%(who)s提出调整预算"), "S33"),
        Start("shift", B.PROPOSED, (finance,), _("调剂"), _("%(who)s提出调剂预算"), "S33"),
        Start("close", B.PROPOSED, (finance,), _("年终结转"), _("%(who)s提出年终结转"), "S33"),
    ),
    moves=(
        Move(
            "approve",
            B.PROPOSED >> B.APPROVED,
            (finance,),
            _("复核入账"),
            _("%(who)s复核并入账"),
            basis="S33",
            apart_from=("grant", "adjust", "shift", "close"),
        ),
        Move(
            "reject",
            B.PROPOSED >> B.REJECTED,
            (finance,),
            _("退回"),
            _("%(who)s退回了这份指标"),
            basis="S33",
            reason=True,
            primary=False,
        ),
    ),
    clocks={B.PROPOSED: "budget.approval"},
)


class ContractStatus(States):
    DRAFT = "draft", _("起草")
    OFFERED = "offered", _("待机构签署")
    SIGNED = "signed", _("已签署,待生效")
    IN_FORCE = "in_force", _("履行中")
    SUSPENDED = "suspended", _("已中止")
    TERMINATED = "terminated", _("已终止")
    COMPLETED = "completed", _("已期满")
    SETTLED = "settled", _("已结清")


C = ContractStatus
#: Signed, begun, and not ended: what was accepted is delivered and paid.
RUNNING = (C.IN_FORCE, C.SUSPENDED)

CONTRACT = Lifecycle(
    label="contracts.Contract",
    title=_("服务合同"),
    states=ContractStatus,
    starts=(
        Start("draft", C.DRAFT, (buyer,), _("起草合同"), _("%(who)s起草合同并预留预算"), "S24"),
        Start("renew", C.DRAFT, (buyer,), _("续签合同"), _("%(who)s起草续签的合同"), "S24"),
    ),
    moves=(
        Move(
            "add_line",
            C.DRAFT >> C.DRAFT,
            (buyer,),
            _("增加服务项目"),
            _("%(who)s增加了服务项目"),
            basis="S24",
            primary=False,
        ),
        Move(
            "sign_as_buyer",
            C.DRAFT >> C.OFFERED,
            (buyer,),
            _("购买方签署"),
            _("%(who)s签署合同"),
            basis="S24",
        ),
        Move(
            "sign_as_provider",
            C.OFFERED >> C.SIGNED,
            (contracted_provider,),
            _("承接方签署"),
            _("%(who)s签署合同"),
            basis="S24",
        ),
        Move(
            "come_into_force",
            C.SIGNED >> C.IN_FORCE,
            (THE_SYSTEM,),
            _("生效"),
            _("合同生效"),
            basis="S24",
        ),
        Move(
            "cancel",
            AnyOf(C.DRAFT, C.OFFERED) >> C.TERMINATED,
            (buyer,),
            _("撤销"),
            _("%(who)s撤销了合同,预算已释放"),
            basis="S24",
            reason=True,
            primary=False,
            consequence=_("撤销后,预留的预算将全部释放。"),
        ),
        Move(
            "suspend",
            C.IN_FORCE >> C.SUSPENDED,
            (buyer,),
            _("中止履行"),
            _("%(who)s中止了合同的履行"),
            basis="S26",
            reason=True,
            primary=False,
            consequence=_("中止期间不再接受新的转介,已接受的服务照常完成和结算。"),
        ),
        Move(
            "resume",
            C.SUSPENDED >> C.IN_FORCE,
            (buyer,),
            _("恢复履行"),
            _("%(who)s恢复了合同的履行"),
            basis="S26",
        ),
        Move(
            "terminate",
            AnyOf(C.IN_FORCE, C.SUSPENDED) >> C.TERMINATED,
            (buyer,),
            _("终止合同"),
            _("%(who)s终止了合同"),
            basis="S26",
            reason=True,
            primary=False,
            consequence=_("终止后不再接受新的转介,已完成的服务照常结算。"),
        ),
        Move(
            "complete",
            AnyOf(C.IN_FORCE, C.SUSPENDED) >> C.COMPLETED,
            (THE_SYSTEM,),
            _("期满"),
            _("合同期满"),
            basis="S24",
        ),
        Move(
            "settle",
            AnyOf(C.COMPLETED, C.TERMINATED) >> C.SETTLED,
            (finance,),
            _("结清"),
            _("%(who)s结清了合同,余款已释放"),
            basis="S26",
        ),
    ),
    clocks={C.OFFERED: "contract.signature", C.TERMINATED: "contract.settlement"},
)


class AmendmentStatus(States):
    PROPOSED = "proposed", _("待机构签署")
    AGREED = "agreed", _("已生效")
    DECLINED = "declined", _("机构未同意")
    WITHDRAWN = "withdrawn", _("已撤回")


A = AmendmentStatus

AMENDMENT = Lifecycle(
    label="contracts.Amendment",
    title=_("补充协议"),
    states=AmendmentStatus,
    starts=(
        Start("propose", A.PROPOSED, (buyer,), _("补充协议"), _("%(who)s提出补充协议"), "S24"),
    ),
    moves=(
        Move(
            "agree",
            A.PROPOSED >> A.AGREED,
            (amended_provider,),
            _("签署补充协议"),
            _("%(who)s签署了补充协议"),
            basis="S24",
        ),
        Move(
            "decline",
            A.PROPOSED >> A.DECLINED,
            (amended_provider,),
            _("不同意"),
            _("%(who)s不同意补充协议"),
            basis="S24",
            reason=True,
            primary=False,
        ),
        Move(
            "withdraw",
            A.PROPOSED >> A.WITHDRAWN,
            (buyer,),
            _("撤回补充协议"),
            _("%(who)s撤回了补充协议"),
            basis="S24",
            reason=True,
            primary=False,
        ),
    ),
    clocks={A.PROPOSED: "contract.amendment"},
)


class InvoiceStatus(States):
    SUBMITTED = "submitted", _("待验收")
    ACCEPTED = "accepted", _("已验收,待复核")
    ENDORSED = "endorsed", _("已复核,待支付")
    RETURNED = "returned", _("已退回")
    PAID = "paid", _("已支付")


V = InvoiceStatus

INVOICE = Lifecycle(
    label="contracts.Invoice",
    title=_("结算单"),
    states=InvoiceStatus,
    starts=(
        Start(
            "draw_up",
            V.SUBMITTED,
            (invoicing_provider,),
            _("提交结算单"),
            _("%(who)s按已交付的服务提交结算单"),
            "S24",
        ),
    ),
    moves=(
        Move(
            "check",
            V.SUBMITTED >> V.SUBMITTED,
            (buyer,),
            _("登记抽查结果"),
            _("%(who)s登记了一次抽查"),
            basis="S24",
        ),
        Move(
            "accept_work",
            V.SUBMITTED >> V.ACCEPTED,
            (buyer,),
            _("验收通过"),
            _("%(who)s验收了服务"),
            basis="S24",
        ),
        Move(
            "endorse",
            V.ACCEPTED >> V.ENDORSED,
            (buyer,),
            _("复核同意支付"),
            _("%(who)s复核并同意支付"),
            basis="S33",
            apart_from=("check", "accept_work"),
        ),
        Move(
            "return",
            AnyOf(V.SUBMITTED, V.ACCEPTED) >> V.RETURNED,
            (buyer,),
            _("退回"),
            _("%(who)s退回了结算单"),
            basis="S24",
            reason=True,
            primary=False,
        ),
        Move(
            "approve",
            V.ENDORSED >> V.PAID,
            (finance,),
            _("批准支付"),
            _("%(who)s批准支付"),
            basis="S33",
            apart_from=("check", "accept_work", "endorse"),
        ),
    ),
    clocks={
        V.SUBMITTED: "invoice.acceptance",
        V.ACCEPTED: "invoice.endorsement",
        V.ENDORSED: "invoice.payment",
    },
)


class ClawBackStatus(States):
    DEMANDED = "demanded", _("待退款")
    RECEIVED = "received", _("已追回")
    WAIVED = "waived", _("已撤销")


K = ClawBackStatus

CLAW_BACK = Lifecycle(
    label="contracts.ClawBack",
    title=_("追回款项"),
    states=ClawBackStatus,
    starts=(
        Start(
            "demand",
            K.DEMANDED,
            (buyer,),
            _("追回款项"),
            _("%(who)s要求退回多付的款项"),
            "S33",
        ),
    ),
    moves=(
        Move(
            "receive",
            K.DEMANDED >> K.RECEIVED,
            (finance,),
            _("确认到账"),
            _("%(who)s确认款项已退回"),
            basis="S33",
        ),
        Move(
            "waive",
            K.DEMANDED >> K.WAIVED,
            (buyer,),
            _("撤销追回"),
            _("%(who)s撤销了追回"),
            basis="S33",
            reason=True,
            primary=False,
        ),
    ),
    clocks={K.DEMANDED: "claw_back.receipt"},
)
