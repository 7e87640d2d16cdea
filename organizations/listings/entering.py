"""Entering organizations in the lists, removing them, and taking over a file in the background."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from foundation import moments
from foundation.advisory_locks import held_alone
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

    Raises ``Invalid`` for a day that is still to come, and for an organization that stands in the list already.
    """
    _require_past("listed_on", listed_on)
    standing = Listing.objects.filter(
        credit_code=credit_code, kind=kind, status__in=ListingStatus.in_phase(SERVING)
    ).first()
    if standing is not None:
        message = _("这家机构已在“%(list)s”中，%(day)s列入，还没有移出。") % {
            "list": ListKind(kind).label,
            "day": day(standing.listed_on),
        }
        raise Invalid(message, fields={"credit_code": message}, rule=BASIS)
    listing = Listing.objects.create(
        credit_code=credit_code, name=name, kind=kind, listed_on=listed_on, source=source
    )
    events.changed.call(listing)
    return listing


def _require_past(field: str, on: date) -> None:
    """Raise ``Invalid`` for a day after today."""
    if on > moments.today():
        message = _("日期不能晚于今天。")
        raise Invalid(message, fields={field: message}, rule=BASIS)


@LISTING.transition("remove")
def remove(listing: Listing, *, by: Actor, removed_on: date, reason: str) -> None:
    """Record that the organization was removed; from that day on it stands in the list no more.

    Raises ``Invalid`` for a day that is still to come or before it was listed.
    """
    _require_past("removed_on", removed_on)
    if removed_on < listing.listed_on:
        message = _("移出日期不能早于列入日期（%(day)s）。") % {"day": day(listing.listed_on)}
        raise Invalid(message, fields={"removed_on": message}, rule=BASIS)
    listing.removed_on = removed_on


@remove.then
def _removed(listing: Listing, **given: object) -> None:
    events.changed.call(listing)


@LISTING.transition("withdraw")
def withdraw(listing: Listing, *, by: Actor, reason: str) -> None:
    """Withdraw an entry that was wrong, by a second person: it counts for no day."""


withdraw.then(_removed)


# --- files ------------------------------------------------------------------------------


@LISTING_FILE.start("upload")
def upload(
    *, by: Actor, rows: Sequence[dict[str, Any]], source: str, file_name: str, notes: Sequence[Note] = ()
) -> ListingFile:
    """Keep a file that was read and found right; nothing counts before it is taken over."""
    return ListingFile.objects.create(
        file_name=file_name[-120:],
        source=source,
        uploaded_by_id=by.person,
        rows=list(rows),
        notes=list(notes),
        count=len(rows),
    )


@LISTING_FILE.transition("take_over")
def take_over(listing_file: ListingFile, *, by: Actor) -> None:
    """Enter all rows, in the background, in the name of whoever takes the file over."""
    listing_file.uploaded_by_id = by.person


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
    found = entering.select_for_update().select_related("uploaded_by").first()
    if found is None:
        return False
    person = found.uploaded_by
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
    """Enter one row, or remove what it says was removed; nothing for what is known already."""
    listed_on, removed_on = date.fromisoformat(row["listed_on"]), row["removed_on"]
    same = Listing.objects.filter(credit_code=row["credit_code"], kind=row["kind"], listed_on=listed_on)
    listing = same.exclude(status__in=ListingStatus.in_phase(DROPPED)).first()
    if listing is None:
        listing = once(key, enter)(
            by=by,
            credit_code=row["credit_code"],
            name=row["name"],
            kind=row["kind"],
            listed_on=listed_on,
            source=source,
        )
    if removed_on and listing.status in ListingStatus.in_phase(SERVING):
        once(f"{key}:removed", remove)(
            listing, by=by, removed_on=date.fromisoformat(removed_on), reason=source
        )


def take_up() -> None:
    """Queue the files that a killed worker has left in the middle."""
    left = ListingFile.objects.filter(status__in=ListingFileStatus.in_phase(SERVING))
    for pk in left.values_list("pk", flat=True):
        with apart("listing_file.take_up", listing_file=pk):
            _queue(pk)
