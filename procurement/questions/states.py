"""States and transitions of a question."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import ASKED, ENDED
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.roles import Role
from procurement.permissions import any_provider, buyer


class QuestionStatus(States):
    ASKED = State(_("待答复"), ASKED, tone="soon")
    ANSWERED = State(_("已答复"), ENDED, tone="done")


Q = QuestionStatus


QUESTION = Lifecycle(
    label="procurement.Question",
    title=_("澄清"),
    states=QuestionStatus,
    phases=(ASKED, ENDED),
    starts=(Start("ask", Q.ASKED, (any_provider,), _("提问"), _("供应商提出问题"), "87号令第二十七条"),),
    transitions=(
        Transition(
            "answer",
            Q.in_phase(ASKED) >> Q.ANSWERED,
            (buyer,),
            _("答复并公开"),
            _("%(who)s答复并向所有供应商公开"),
            basis="87号令第二十七条",
            tells=(Role.COORDINATOR,),
        ),
    ),
    clocks={Q.ASKED: "procurement.answer"},
)
