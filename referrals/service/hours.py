"""The check of a visit's hours: not in the future, and no worker in two places at once."""

from __future__ import annotations

from datetime import date, time
from typing import Any, NoReturn

from django.db.models import Q
from django.utils.translation import gettext as _

from foundation import moments
from foundation.advisory_locks import take_lock
from foundation.refusals import Invalid
from foundation.roles import Actor
from foundation.wording import day
from referrals.offers.models import Referral
from referrals.service.models import Venue, Visit

#: The places where one worker serves several households at a time, in a group.
TOGETHER = (Venue.AGENCY, Venue.OUTSIDE)


def possible(
    referral: Referral, *, by: Actor, on: date, began_at: time | None, ended_at: time | None, venue: str
) -> None:
    """Raise ``Invalid`` for hours that end before they begin, are in the future, or overlap another visit of
    the same worker.

    A group of one service, at the agency or outside, is one place.
    """
    if began_at and ended_at and ended_at <= began_at:
        _wrong("ended_at", _("结束时间应晚于开始时间。"))
    now = moments.now().astimezone(moments.SHANGHAI)
    if on == now.date():
        for field, at in (("began_at", began_at), ("ended_at", ended_at)):
            if at is not None and at > now.time():
                _wrong(field, _("还没有到这个时间，请在服务之后记录。"))
    if began_at is None and ended_at is None:
        return
    worker_id = referral.worker_id or by.user_id
    take_lock("visit.hours", str(worker_id), on.isoformat())
    mine = _span(began_at, ended_at)
    for other in _of_that_day(referral, worker_id, on):
        first, last = _span(other.began_at, other.ended_at)
        if mine[0] < last and first < mine[1] and not _together(referral, venue, other):
            _wrong("began_at" if began_at else "ended_at", _overlaps(referral, other))


def _of_that_day(referral: Referral, worker_id: int | None, on: date) -> list[Visit]:
    """The visits of the day with hours by the same person.

    A case has one worker, whoever enters its visits; without one it is whoever enters.
    """
    nobodys = Q(referral__worker=None, referral__provider_id=referral.provider_id, worker_id=worker_id)
    found = Visit.objects.filter(Q(referral__worker_id=worker_id) | nobodys, on=on)
    with_hours = found.exclude(began_at=None, ended_at=None)
    return list(with_hours.select_related("referral__offer__item").order_by("began_at", "pk"))


def _span(began_at: time | None, ended_at: time | None) -> tuple[int, int]:
    """The first and last minute of the day; the same minute where only one is known."""
    first = _minutes(began_at) if began_at else _minutes(ended_at) - 1
    return first, _minutes(ended_at) if ended_at else first + 1


def _minutes(at: time | None) -> int:
    return at.hour * 60 + at.minute if at else 0


def _together(referral: Referral, venue: str, other: Visit) -> bool:
    """Whether both are of one group: another household, the same service and kind of place."""
    same_service = other.referral.offer.item.code == referral.offer.item.code
    others = other.referral_id != referral.pk
    return others and same_service and venue in TOGETHER and other.venue == venue


def _overlaps(referral: Referral, other: Visit) -> str:
    hours = "–".join(f"{at:%H:%M}" for at in (other.began_at, other.ended_at) if at)
    told: dict[str, Any] = {"day": day(other.on), "hours": hours, "number": other.referral}
    if other.referral.provider_id != referral.provider_id:
        return _("服务人员 %(day)s %(hours)s 已记在另一家机构的服务里，同一时间不能在两处。") % told
    return _("服务人员 %(day)s %(hours)s 已记在 %(number)s 的服务里，同一时间不能在两处。") % told


def _wrong(field: str, message: str) -> NoReturn:
    raise Invalid(message, fields={field: message}, rule="S24")
