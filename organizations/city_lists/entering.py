"""Uploading a list of places, bodies or windows, and entering all of it by one act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from foundation.refusals import Invalid, Refused
from foundation.roles import Actor
from foundation.sheets.faults import in_order, told
from foundation.sheets.notes import Note
from organizations.city_lists.kinds import Outcome
from organizations.city_lists.models import CityList
from organizations.city_lists.plans import plan_of
from organizations.city_lists.states import CITY_LIST
from organizations.places.states import BASIS


@CITY_LIST.start("upload")
def upload(
    *, by: Actor, kind: str, file_name: str, rows: Sequence[dict[str, Any]], notes: Sequence[Note] = ()
) -> CityList:
    """Keep a list that was read; nothing is entered before it is confirmed. Raises ``Invalid`` for one with faults."""
    plan = plan_of(kind, rows)
    if plan.faults:
        message = " ".join(told(in_order(plan.faults)))
        raise Invalid(message, fields={"file": message}, rule=BASIS)
    counts = Counter(row.outcome for row in plan.rows)
    return CityList.objects.create(
        kind=kind,
        file_name=file_name[-120:],
        uploaded_by_id=by.person,
        rows=list(rows),
        notes=list(notes),
        shown=[row.shown for row in plan.rows],
        new=counts[Outcome.NEW],
        changed=counts[Outcome.CHANGED],
        unchanged=counts[Outcome.UNCHANGED],
    )


@CITY_LIST.transition("confirm")
def confirm(city_list: CityList, *, by: Actor) -> None:
    """Enter everything on a list, or nothing; raises ``Refused`` where the city has changed since it was shown, so
    that something else would come of it.
    """
    plan = plan_of(city_list.kind, city_list.rows)
    if plan.faults or [row.shown for row in plan.rows] != city_list.shown:
        raise Refused(_("上传以后又有变动，结果和核对时不一样了。请丢弃这份清单，重新上传。"), rule=BASIS)
    plan.carry_out(by)


discard = CITY_LIST.act("discard", CityList)
