"""Entering organizations in the lists, removing them, and taking over a file in the background."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from foundation import moments
from foundation.advisory_locks import held_alone, take_lock
from foundation.isolation import apart, one_of_many
from foundation.lifecycle.acting import once
from foundation.lifecycle.phases import DROPPED, SERVING
from foundation.refusals import Invalid
from foundation.roles import SYSTEM, Actor, Role
from foundation.scheduling.stalled import queue_once
from foundation.sheets.notes import Note
from foundation.transactions import whole
from foundation.wording import day
from organizations.listings import events
from organizations.listings.kinds import ListKind
from organizations.listings.models import Listing, ListingFile
from organizations.listings.states import BASIS, LISTING, LISTING_FILE, ListingFileStatus, ListingStatus

#: How many rows of a file are entered in one transaction.
AT_ONCE = 50


@LISTING.start("enter")
def enter(*, by: Actor, credit_code: str, name: str, kind: str, listed_on: date, source: str) -> Listing:
    """Enter an organization in one of the lists, whether it is known here or not.

    Raises ``Invalid`` for a day that is still to come, and for an organization that stands in the list already or stood
    in it on one of these days.
    """
    _require_past("listed_on", listed_on)
    _require_apart(credit_code, kind, listed_on, None)
    listing = Listing.objects.create(
        credit_code=credit_code, name=name, kind=kind, listed_on=listed_on, source=source
    )
    events.changed.call(listing)
    return listing


@LISTING.start("record")
def record(
    *, by: Actor, credit_code: str, name: str, kind: str, listed_on: date, removed_on: date, source: str
) -> Listing:
    """Enter one that stood in one of the lists and was removed: it bars nobody now, and nobody is told.

    Raises ``Invalid`` as ``enter`` and ``remove`` do.
    """
    _require_past("listed_on", listed_on)
    _require_removal(listed_on, removed_on)
    _require_apart(credit_code, kind, listed_on, removed_on)
    return Listing.objects.create(
        credit_code=credit_code,
        name=name,
        kind=kind,
        listed_on=listed_on,
        removed_on=removed_on,
        source=source,
        status=ListingStatus.REMOVED,
    )


def _require_apart(credit_code: str, kind: str, first: date, removed_on: date | None) -> None:
    """Raise ``Invalid`` where an organization stands in a list on one of several days, up to the one before
    ``removed_on``; one enters it at a time.
    """
    take_lock("listing", credit_code, kind)
    same = Listing.objects.filter(credit_code=credit_code, kind=kind)
    later = Q(removed_on=None) | Q(removed_on__gt=first)
    meeting = same.filter(later).exclude(status__in=ListingStatus.in_phase(DROPPED))
    if removed_on is not None:
        meeting = meeting.filter(listed_on__lt=removed_on)
    other = meeting.first()
    if other is None:
        return
    said = {"list": ListKind(kind).label, "day": day(other.listed_on)}
    if other.removed_on is None:
        message = _("这家机构已在“%(list)s”中，%(day)s列入，还没有移出。") % said
        raise Invalid(message, fields={"credit_code": message}, rule=BASIS)
    message = _("这家机构在“%(list)s”中已有%(day)s列入、%(removed)s移出的记录，日子重叠。") % {
        **said,
        "removed": day(other.removed_on),
    }
    raise Invalid(message, fields={"listed_on": message}, rule=BASIS)


def _require_past(field: str, on: date) -> None:
    """Raise ``Invalid`` for a day after today."""
    if on > moments.today():
        message = _("日期不能晚于今天。")
        raise Invalid(message, fields={field: message}, rule=BASIS)


def _require_removal(listed_on: date, removed_on: date) -> None:
    """Raise ``Invalid`` for a removal that is still to come, or before the entry."""
    _require_past("removed_on", removed_on)
    if removed_on < listed_on:
        message = _("移出日期不能早于列入日期（%(day)s）。") % {"day": day(listed_on)}
        raise Invalid(message, fields={"removed_on": message}, rule=BASIS)


@LISTING.transition("remove")
def remove(listing: Listing, *, by: Actor, removed_on: date, reason: str) -> None:
    """Record that the organization was removed; from that day on it stands in the list no more.

    Raises ``Invalid`` for a day that is still to come or before it was listed.
    """
    _require_removal(listing.listed_on, removed_on)
    listing.removed_on = removed_on


@remove.then
def _removed(listing: Listing, **given: object) -> None:
    events.changed.call(listing)


@LISTING.transition("withdraw")
def withdraw(listing: Listing, *, by: Actor, reason: str) -> None:
    """Withdraw an entry that was wrong, by a second person: it counts for no day."""


@withdraw.then
def _withdrawn(listing: Listing, **given: object) -> None:
    if listing.removed_on is None:  # of one that was removed nothing is to be told
        events.changed.call(listing)


# --- files ------------------------------------------------------------------------------


@LISTING_FILE.start("upload")
def upload(
    *, by: Actor, rows: Sequence[dict[str, Any]], source: str, file_name: str, notes: Sequence[Note] = ()
) -> ListingFile:
    """Keep a file that was read and found right, by the day of the entry; nothing counts before it is taken over."""
    return ListingFile.objects.create(
        file_name=file_name[-120:],
        source=source,
        uploaded_by_id=by.person,
        rows=sorted(rows, key=lambda row: row["listed_on"]),
        notes=list(notes),
        count=len(rows),
    )


@LISTING_FILE.transition("take_over")
def take_over(listing_file: ListingFile, *, by: Actor) -> None:
    """Enter all rows, in the background, in the name of whoever takes the file over."""
    listing_file.taken_over_by_id = by.person


@take_over.then
def _begin(listing_file: ListingFile, **given: object) -> None:
    _queue(listing_file.pk)


discard = LISTING_FILE.act("discard", ListingFile)
finish = LISTING_FILE.act("finish", ListingFile)


def _queue(pk: int) -> None:
    # By name, since the task imports this module.
    queue_once("organizations.tasks.enter_listing_file", lock=f"listing-file:{pk}", listing_file_id=pk)


def enter_file(pk: int) -> None:
    """Enter the rows of a file that were not yet, unless another worker does."""
    with held_alone("listing-file", str(pk)) as acquired:
        while acquired and _enter_some(pk):
            pass


@whole
def _enter_some(pk: int) -> bool:
    """Enter the next rows; whether there are more. A row that is refused by now is told, the others go on."""
    entering = ListingFile.objects.filter(pk=pk, status__in=ListingFileStatus.in_phase(SERVING))
    found = entering.select_for_update(of=("self",)).select_related("taken_over_by").first()
    if found is None or found.taken_over_by is None:
        return False
    person = found.taken_over_by
    by = Actor(role=Role.CIVIL_AFFAIRS, user_id=person.pk, name=person.full_name)
    rows = found.rows[found.done : found.done + AT_ONCE]
    for number, row in enumerate(rows, found.done + 1):
        with one_of_many(number, found.refused, "listing_file.row", listing_file=pk, row=number):
            _enter_row(row, source=found.source, by=by, key=f"listing-file:{pk}:{number}")
    found.done += len(rows)
    ListingFile.objects.filter(pk=pk).update(done=found.done, refused=found.refused)
    if found.done < found.count:
        return True
    finish(found, by=SYSTEM)
    return False


def _enter_row(row: dict[str, str], *, source: str, by: Actor, key: str) -> None:
    """Enter one row as it stands now, or remove what it says was removed; nothing for what is known already."""
    listed_on = date.fromisoformat(row["listed_on"])
    removed_on = date.fromisoformat(row["removed_on"]) if row["removed_on"] else None
    same = Listing.objects.filter(credit_code=row["credit_code"], kind=row["kind"], listed_on=listed_on)
    listing = same.exclude(status__in=ListingStatus.in_phase(DROPPED)).first()
    given: dict[str, Any] = {
        **{name: row[name] for name in ("credit_code", "name", "kind")},
        "listed_on": listed_on,
        "source": source,
    }
    if removed_on is None:
        if listing is None:
            once(key, enter)(by=by, **given)
    elif listing is None:
        once(key, record)(by=by, removed_on=removed_on, **given)
    elif listing.status in ListingStatus.in_phase(SERVING):
        once(f"{key}:removed", remove)(listing, by=by, removed_on=removed_on, reason=source)


def take_up() -> None:
    """Queue the files that a killed worker has left in the middle."""
    left = ListingFile.objects.filter(status__in=ListingFileStatus.in_phase(SERVING))
    for pk in left.values_list("pk", flat=True):
        with apart("listing_file.take_up", listing_file=pk):
            _queue(pk)
