"""The verbs of an edition: drafted, consulted on, approved by another, in force."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as worker

from catalog.lifecycle import EDITION, CommentStatus, EditionStatus
from catalog.models import Edition, Item
from foundation import moments
from foundation.refusals import Invalid, Refused
from foundation.roles import SYSTEM, Actor

_COPIED = [
    field.attname
    for field in Item._meta.concrete_fields
    if field.attname not in ("id", "edition_id")
]


@EDITION.start("draft")
def draft(*, by: Actor, title: str, note: str = "") -> Edition:
    """Begin a new edition with the items of the one in force."""
    edition = Edition.objects.create(title=title, note=note)
    Item.objects.bulk_create(
        Item(edition=edition, **{name: getattr(item, name) for name in _COPIED})
        for item in Item.objects.in_force()
    )
    return edition


@EDITION.move("open_consultation")
def open_consultation(edition: Edition, *, by: Actor) -> None:
    """Ask the responsible bodies; refused for an edition without items."""
    if not edition.items.exists():
        raise Refused(_("目录里还没有服务项目,请先添加。"), rule="S25")


@EDITION.move("submit")
def submit(edition: Edition, *, by: Actor) -> None:
    """Send to approval; every comment must have its answer."""
    waiting = edition.comments.exclude(status=CommentStatus.ANSWERED).count()
    if waiting:
        raise Refused(
            _("还有 %(count)s 条意见没有答复,请先逐条答复。") % {"count": waiting}, rule="S25"
        )


@EDITION.move("approve")
def approve(
    edition: Edition, *, by: Actor, document_number: str, index_number: str, in_force_from: date
) -> None:
    """Publish with its number and first day (today or later), by a second person."""
    if in_force_from < moments.today():
        message = _("施行日期不能早于今天。")
        raise Invalid(message, fields={"in_force_from": message})
    if Edition.objects.filter(document_number=document_number).exists():
        message = _("这个文件编号已经用过。")
        raise Invalid(message, fields={"document_number": message})
    edition.document_number = document_number
    edition.index_number = index_number
    edition.published_on = moments.today()
    edition.in_force_from = in_force_from
    worker.configure_task("catalog.jobs.bring_into_force").defer()


@EDITION.move("send_back")
def send_back(edition: Edition, *, by: Actor, reason: str) -> None:
    """Back to the draft, with words."""


@EDITION.move("come_into_force")
def come_into_force(edition: Edition, *, by: Actor) -> None:
    """The first day has come; the edition before gives way in the same transaction."""
    earlier = Edition.objects.in_force().select_for_update().first()
    if earlier:
        supersede(earlier, by=by)


@EDITION.move("supersede")
def supersede(edition: Edition, *, by: Actor) -> None:
    """Give way to a newer edition; running contracts keep this one."""
    edition.in_force_to = moments.today() - timedelta(days=1)


@EDITION.move("withdraw")
def withdraw(edition: Edition, *, by: Actor, reason: str) -> None:
    """Take a published edition back, with reasons."""
    edition.in_force_to = moments.today()


def bring_into_force() -> int:
    """Bring every scheduled edition whose day has come into force, oldest first."""
    due = Edition.objects.filter(
        status=EditionStatus.SCHEDULED, in_force_from__lte=moments.today()
    ).order_by("in_force_from", "id")
    for edition in due:
        come_into_force(edition, by=SYSTEM)
    return len(due)
