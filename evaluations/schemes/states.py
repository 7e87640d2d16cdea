"""States and transitions of a scheme."""

from django.utils.translation import gettext_lazy as _

from evaluations.permissions import civil_affairs
from foundation.lifecycle.phases import ENDED, PREPARED, SERVING
from foundation.lifecycle.states import STAYS, State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.refusals import Words
from foundation.roles import Role


class SchemeStatus(States):
    DRAFT = State(_("起草"), PREPARED)
    IN_USE = State(_("使用中"), SERVING, tone="done")
    SUPERSEDED = State(_("已被新方案替代"), ENDED)


S = SchemeStatus


def _edit(name: str, label: Words, sentence: Words) -> Transition:
    """A transition that changes the draft and keeps its state."""
    return Transition(
        name, S.in_phase(PREPARED) >> STAYS, (civil_affairs,), label, sentence, basis="S26", primary=False
    )


SCHEME = Lifecycle(
    label="evaluations.Scheme",
    title=_("评估方案"),
    states=SchemeStatus,
    phases=(PREPARED, SERVING, ENDED),
    starts=(Start("draft", S.DRAFT, (civil_affairs,), _("起草方案"), _("%(who)s起草了评估方案"), "S26"),),
    transitions=(
        Transition(
            "adopt",
            S.in_phase(PREPARED) >> S.IN_USE,
            (civil_affairs,),
            _("启用"),
            _("%(who)s启用了评估方案，此后不再改动"),
            basis="S26",
            apart_from=(
                "draft",
                "set_indicator",
                "drop_indicator",
                "set_grades",
                "set_consequence",
                "set_vetoes",
                "set_survey",
                "load",
            ),
            consequence=_("启用后方案冻结，原来的方案由它替代；已经开始的评估仍按原方案。"),
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        _edit("set_indicator", _("增改指标"), _("%(who)s增改了一项指标")),
        _edit("drop_indicator", _("删除指标"), _("%(who)s删除了一项指标")),
        _edit("set_vetoes", _("设定一票否决项"), _("%(who)s设定了一票否决项")),
        _edit("set_grades", _("设定分数线"), _("%(who)s设定了等级分数线")),
        _edit("set_survey", _("设定满意度规则"), _("%(who)s设定了满意度规则")),
        _edit("set_consequence", _("设定后果"), _("%(who)s设定了一个等级的后果")),
        _edit("load", _("整体替换指标"), _("%(who)s整体替换了指标")),
        Transition(
            "supersede",
            S.in_phase(SERVING) >> S.SUPERSEDED,
            (THE_SYSTEM,),
            _("替代"),
            _("新方案启用，这一版不再用于新的评估"),
            basis="S26",
        ),
    ),
)
