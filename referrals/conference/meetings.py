"""The actions of the joint conference, which decides on needs that no body is clearly responsible for (S15,
S31).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.numbering import numbers
from foundation.numbering.series import Series
from foundation.refusals import Invalid, NotNow, Refused
from foundation.roles import Actor
from foundation.wording import filled, on_record
from foundation.work_items import settling
from households.register import registration
from organizations.bodies.models import Organization
from referrals.conference.models import AgendaItem, Decision, Meeting
from referrals.conference.states import MEETING, MeetingStatus
from referrals.needs.models import Need
from referrals.needs.states import NEED


@NEED.transition("bring_to_conference")
def bring_to_conference(need: Need, *, by: Actor, reason: str) -> None:
    """Bring a need without a clearly responsible body to the joint conference (S15)."""
    registration.lived_in(need.matter.household)
    need.conference_asked = True


@NEED.transition("decide_transfer")
def decide_transfer(need: Need, *, by: Actor, body: Organization, reason: str) -> None:
    """The conference decides which body handles the need; the minutes are the reason."""
    need.body = body


@NEED.transition("decide_refer")
def decide_refer(need: Need, *, by: Actor, reason: str, later: bool = False) -> None:
    """Social organizations help, or (``later``) the conference needs to know more: the need goes back to the window."""
    if later:
        need.done_otherwise = NEED.otherwise("decide_refer")


@decide_transfer.lacks
@decide_refer.lacks
def on_an_agenda(needs: Sequence[Need]) -> dict[int, Refused]:
    """Why needs are not decided by themselves: they are on the agenda of a meeting, which decides them."""
    items = AgendaItem.objects.to_decide().filter(need__in=needs).select_related("meeting")
    words = gettext_lazy("已列入会议 %(meeting)s 的议题，请在会上议定。")
    return {item.need_id: NotNow(filled(words, meeting=item.meeting.number), rule="S31") for item in items}


@MEETING.start("convene")
def convene(*, by: Actor, level: str, held_on: date, venue: str, bodies: list[Organization]) -> Meeting:
    """Convene a meeting; every waiting need is put on its agenda, oldest first.

    Raises ``Invalid`` for a day that has passed.
    """
    if held_on < moments.today():
        message = _("会议日期不能早于今天。")
        raise Invalid(message, fields={"held_on": message})
    meeting = Meeting.objects.create(
        number=numbers.next_number(Series.MEETING), level=level, held_on=held_on, venue=venue
    )
    meeting.bodies.set(bodies)
    for need in waiting():
        _add(meeting, need)
    return meeting


def waiting() -> QuerySet[Need]:
    """The needs that wait for a meeting, oldest first, and are on no agenda of a coming one."""
    return (
        Need.objects.for_the_conference()
        .exclude(agenda_items__meeting__status__in=MeetingStatus.unfinished())
        .select_related("matter__household__place", "matter__town")
        .order_by("pk")
    )


@MEETING.transition("put_on_agenda")
def put_on_agenda(meeting: Meeting, *, by: Actor, need: Need) -> None:
    """Put one more waiting need on the agenda."""
    if not need.for_the_conference:
        raise NotNow(_("这项需求没有提交联席会议。"), rule="S15")
    if need.agenda_items.filter(meeting__status__in=MeetingStatus.unfinished()).exists():
        message = _("已在一次会议的议题中。")
        raise Invalid(message, fields={"need": message})
    _add(meeting, need)


@put_on_agenda.foreseen
def nothing_to_add(meetings: Sequence[Meeting]) -> dict[int, Refused]:
    """Why nothing is put on agendas: no need waits for one."""
    if waiting().exists():
        return {}
    return {meeting.pk: NotNow(gettext_lazy("没有等待上会的需求。"), rule="S15") for meeting in meetings}


def _add(meeting: Meeting, need: Need) -> None:
    AgendaItem.objects.create(meeting=meeting, need=need, position=meeting.items.count() + 1)
    settling.touch(need)


open_meeting = MEETING.act("open", Meeting)


@open_meeting.lacks
def missing_for_opening(meetings: Sequence[Meeting]) -> dict[int, Refused]:
    """Why meetings are not opened: they have nothing to decide."""
    items = AgendaItem.objects.to_decide().filter(meeting__in=meetings)
    having = set(items.values_list("meeting_id", flat=True))
    words = gettext_lazy("还没有议题，不能开会。")
    return {meeting.pk: Refused(words, rule="S15") for meeting in meetings if meeting.pk not in having}


@MEETING.transition("decide")
def decide(
    meeting: Meeting,
    *,
    by: Actor,
    item: AgendaItem,
    discussion: str,
    decision: str,
    body: Organization | None = None,
) -> None:
    """Decide one item: transfer to a body, help by social organizations, or more to be found out first.

    The need goes back into the flow at once; the discussion is its reason. What is to be found out is the window's,
    which then brings the need to a conference again. Raises ``Invalid`` for an item
    that was decided already, or a transfer without a body.
    """
    if item.meeting_id != meeting.pk or not item.waits:
        message = _("这个议题已经议定，或者不用再议。")
        raise Invalid(message, fields={"item": message})
    if decision == Decision.TRANSFER and body is None:
        message = _("请选择责任部门。")
        raise Invalid(message, fields={"body": message}, rule="S31")
    item.discussion, item.decision = discussion, decision
    item.body = body if decision == Decision.TRANSFER else None
    item.save()
    reason = on_record(filled(gettext_lazy("%(number)s：%(words)s"), number=meeting.number, words=discussion))
    if decision == Decision.TRANSFER and body is not None:
        decide_transfer(item.need, by=by, body=body, reason=reason)
    else:
        decide_refer(item.need, by=by, reason=reason, later=decision == Decision.LATER)


@decide.lacks
def all_decided(meetings: Sequence[Meeting]) -> dict[int, Refused]:
    """Why meetings decide nothing more: no item is left."""
    left = set(AgendaItem.objects.to_decide().filter(meeting__in=meetings).values_list("meeting", flat=True))
    words = gettext_lazy("议题都已议定。")
    return {meeting.pk: NotNow(words, rule="S31") for meeting in meetings if meeting.pk not in left}


# Its minutes are final.
close = MEETING.act("close", Meeting)


@close.lacks
def missing_for_closing(meetings: Sequence[Meeting]) -> dict[int, Refused]:
    """Why meetings are not closed: items are undecided, which is the secretary's own to see to."""
    open_items = AgendaItem.objects.to_decide().filter(meeting__in=meetings).order_by()
    words = gettext_lazy("还有 %(left)s 个议题没有议定。")
    counts = open_items.values_list("meeting").annotate(count=Count("pk"))
    return {meeting: Refused(filled(words, left=count), rule="S31") for meeting, count in counts}


cancel = MEETING.act("cancel", Meeting)


@cancel.then
def _take_off_the_agenda(meeting: Meeting, *, by: Actor, reason: str) -> None:
    """Its needs wait for another meeting, or are decided by themselves."""
    settling.touch(*Need.objects.filter(agenda_items__meeting=meeting))


@NEED.changed.register
def _follow_what_was_asked(need: Need) -> None:
    """A need that ended, with a death, is no longer to be decided by the meeting on whose agenda it is."""
    if need.conference_asked and not need.for_the_conference:
        coming = Meeting.objects.filter(status__in=MeetingStatus.unfinished(), items__need=need)
        settling.touch(*coming)
