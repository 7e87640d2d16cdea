"""States and transitions of an edition."""

from django.utils.translation import gettext_lazy as _

from catalog.permissions import civil_affairs
from foundation.lifecycle.phases import ASKED, DROPPED, ENDED, PREPARED, SERVING, Phase
from foundation.lifecycle.states import STAYS, State, States, Trait
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM, Party, everybody_in
from foundation.roles import SEES_MONEY, Role

#: Published, and not in force yet.
ANNOUNCED = Phase("announced")

#: Published, and no longer in force; it stays readable.
LAID_DOWN = Phase("laid_down", over=True)

#: What anybody may read, and nobody may change.
PUBLISHED = ANNOUNCED | SERVING | LAID_DOWN

#: What was agreed to under the edition goes on: contracts, and referrals to their offers.
BINDING = Trait("what was agreed to under it goes on")

#: Responsible bodies and finance may comment on it.
OPEN_TO_COMMENTS = Trait("bodies may comment on it")

#: The header of a superseded edition says so.
REPLACED = Trait("a newer edition has taken its place")

#: Its reason is written as it is laid down, when nothing else of it may change.
SAYS_WHY = Trait("why it no longer applies is written with it")


class EditionStatus(States):
    DRAFT = State(_("起草"), PREPARED)
    CONSULTATION = State(_("征求意见"), ASKED, traits=(OPEN_TO_COMMENTS,))
    APPROVAL = State(_("待审批"), ASKED, tone="soon")
    SCHEDULED = State(_("已发布，待施行"), ANNOUNCED)
    IN_FORCE = State(_("施行"), SERVING, tone="done", traits=(BINDING,))
    SUPERSEDED = State(_("已被替代"), LAID_DOWN, traits=(BINDING, REPLACED))
    WITHDRAWN = State(_("已撤回"), LAID_DOWN, tone="late", traits=(SAYS_WHY,))


class EffectStatus(States):
    """How far the effect of an edition is counted, which is no lifecycle: nobody acts on it."""

    QUEUED = State(_("排队中"), ASKED)
    COUNTING = State(_("计算中"), SERVING)
    READY = State(_("已算好"), ENDED)
    FAILED = State(_("计算失败"), DROPPED)


E = EditionStatus


#: Who sees an edition: those who see all money from its draft on, bodies once they are consulted,
#: everybody what is published.
SEES_EDITIONS = (
    *everybody_in(SEES_MONEY),
    Party(Role.HANDLER, everybody=True, phases=~PREPARED),
    *everybody_in((role for role in Role if role not in SEES_MONEY), phases=PUBLISHED),
)


#: The lock under which all transitions run that decide which edition is in force.
_FORCE = "catalog.in_force"


EDITION = Lifecycle(
    label="catalog.Edition",
    title=_("目录版本"),
    states=EditionStatus,
    phases=(PREPARED, ASKED, ANNOUNCED, SERVING, LAID_DOWN),
    starts=(
        Start("draft", E.DRAFT, (civil_affairs,), _("起草新版目录"), _("%(who)s起草了新版目录"), "S25"),
        Start(
            "correct",
            E.DRAFT,
            (civil_affairs,),
            _("起草更正版"),
            _("%(who)s为更正已发布的目录起草了新版"),
            "S25",
        ),
    ),
    transitions=(
        Transition(
            "open_consultation",
            E.in_phase(PREPARED) >> E.CONSULTATION,
            (civil_affairs,),
            _("征求意见"),
            _("%(who)s向各责任部门征求意见"),
            basis="S25",
        ),
        Transition(
            "submit",
            E.CONSULTATION >> E.APPROVAL,
            (civil_affairs,),
            _("送审"),
            _("%(who)s把目录送审"),
            basis="S25",
            exactly=True,
            lacks_by_day=True,
        ),
        Transition(
            "submit_early",
            E.CONSULTATION >> E.APPROVAL,
            (civil_affairs,),
            _("提前送审"),
            _("%(who)s没有等征求意见期满，提前把目录送审"),
            basis="S25",
            reason=True,
            primary=False,
            exactly=True,
            fits="still_consulted",
            consequence=_("征求意见还没有期满。送审以后各部门不能再提意见，理由会给审批的人看到。"),
        ),
        Transition(
            "approve",
            E.APPROVAL >> E.SCHEDULED,
            (civil_affairs,),
            _("批准并发布"),
            _("%(who)s批准并发布了目录"),
            basis="S25",
            apart_from=(
                "draft",
                "correct",
                "describe",
                "submit",
                "submit_early",
                "add_item",
                "change_item",
                "remove_item",
                "name_heading",
                "remove_heading",
                "import",
            ),
            alone=_FORCE,
            exactly=True,
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition(
            "describe",
            E.in_phase(PREPARED) >> STAYS,
            (civil_affairs,),
            _("修改说明和公开信息"),
            _("%(who)s修改了目录的说明和公开信息"),
            basis="S25",
            primary=False,
        ),
        Transition(
            "send_back",
            E.in_phase(ASKED) >> E.DRAFT,
            (civil_affairs,),
            _("退回修改"),
            _("%(who)s把目录退回修改"),
            basis="S25",
            reason=True,
            primary=False,
        ),
        Transition(
            "come_into_force",
            E.in_phase(ANNOUNCED) >> E.IN_FORCE,
            (THE_SYSTEM,),
            _("施行"),
            _("目录开始施行"),
            basis="S25",
            alone=_FORCE,
        ),
        Transition(
            "supersede",
            E.in_phase(SERVING) >> E.SUPERSEDED,
            (THE_SYSTEM,),
            _("被替代"),
            _("新版目录施行，本版不再适用于新的事项"),
            basis="S25",
        ),
        Transition(
            "restore",
            E.SUPERSEDED >> E.IN_FORCE,
            (THE_SYSTEM,),
            _("恢复施行"),
            _("新版目录撤回，本版恢复施行"),
            basis="S25",
            alone=_FORCE,
            exactly=True,
        ),
        Transition(
            "withdraw",
            E.in_phase(ANNOUNCED, SERVING) >> E.WITHDRAWN,
            (civil_affairs,),
            _("撤回"),
            _("%(who)s撤回了目录"),
            basis="S25",
            reason=True,
            primary=False,
            consequence=_(
                "撤回后，新的转介和合同不能再引用本版目录，已签合同不受影响；"
                "施行中的目录撤回后，上一版立即恢复施行。"
            ),
            alone=_FORCE,
        ),
    ),
    clocks={E.CONSULTATION: "edition.consultation"},
    periods=("edition.consultation",),
)
