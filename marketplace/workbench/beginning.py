"""What somebody reads on an empty workbench: what the role is for, in a sentence; where, the menu says."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from foundation.refusals import Words
from foundation.roles import Actor, Role

#: What each role does here, as its people would be told on their first morning.
WHAT_ONE_DOES: Mapping[str, Words] = {
    Role.CIVIL_AFFAIRS: _(
        "您管服务目录、机构准入、采购和评估。等您审批的会按时限出现在这里；规则由两人一起改。"
    ),
    Role.WINDOW: _("有人来求助，点“受理申请”。政府帮不了或帮了还不够的，转介给机构，结果由您核实后办结。"),
    Role.ASSISTANT: _("看到有困难的家庭，点“报告家庭”，由窗口受理。要您上门核实和陪同的，会出现在这里。"),
    Role.GRID_WORKER: _("走访时看到有困难的家庭，点“报告家庭”，由窗口受理；办到哪一步在“事项”里看。"),
    Role.HOTLINE: _("来电要救助的，登记成工单，系统派给窗口；到期没有答复的会在这里提醒您。"),
    Role.HANDLER: _("窗口转来属于贵部门的需求会出现在这里，写明处理结果和依据，按时答复。"),
    Role.SECRETARY: _("几个部门都管或都不管的需求到您这里，列入联席会议议程，会后写明由谁办。"),
    Role.COORDINATOR: _("先在“服务申报”里写明能做什么、有多少空位。转介来了在这里答复，按时接受或说明原因。"),
    Role.SOCIAL_WORKER: _("派给您的家庭会出现在这里。上门后在手机上记录服务，没有网络也能写，有网再传。"),
    Role.EVALUATOR: _("分给您打分的机构会出现在这里；与您有利害关系的请先申报回避。"),
    Role.FINANCE: _("下达预算、复核结算单。每一笔都要两个人；等您复核的会出现在这里。"),
    Role.AUDITOR: _("您能看到全部办理记录和资金，不办理业务。风险提示和要您复核的会出现在这里。"),
    Role.ADMINISTRATOR: _("您邀请人员、给和收回身份，维护地点、部门和窗口。平台还缺什么，看“设立平台”。"),
    Role.STAFF_MANAGER: _("您邀请本机构的人员、给和收回身份，并保持本机构的登记信息是新的。"),
    Role.HOUSEHOLD: _("有困难点“我要求助”；办到哪一步、谁看过您家的信息，都在这里看得到。"),
}


def what_one_does(actor: Actor) -> Words:
    """What the role of a person is for."""
    return WHAT_ONE_DOES[actor.role]
