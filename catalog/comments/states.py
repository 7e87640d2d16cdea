"""States and transitions of a comment."""

from django.utils.translation import gettext_lazy as _

from catalog.permissions import civil_affairs, commenting_body
from foundation.lifecycle.phases import ASKED, ENDED
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.roles import CONSULTED


class CommentStatus(States):
    GIVEN = State(_("待答复"), ASKED, tone="soon")
    ANSWERED = State(_("已答复"), ENDED, tone="done")


COMMENT = Lifecycle(
    label="catalog.Comment",
    title=_("目录意见"),
    states=CommentStatus,
    phases=(ASKED, ENDED),
    starts=(Start("give", CommentStatus.GIVEN, commenting_body, _("提出意见"), _("%(who)s提出意见"), "S25"),),
    transitions=(
        Transition(
            "answer",
            CommentStatus.in_phase(ASKED) >> CommentStatus.ANSWERED,
            (civil_affairs,),
            _("答复"),
            _("%(who)s答复了意见"),
            basis="S25",
            tells=CONSULTED,
        ),
    ),
)
