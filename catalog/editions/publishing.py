"""Actions on editions (S25): drafted, consulted on, approved by a second person, in force, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app as worker

from catalog.comments.models import Comment
from catalog.comments.states import CommentStatus
from catalog.editions import counting
from catalog.editions.models import Edition, Term, consulted_until
from catalog.editions.states import EDITION
from catalog.items.models import Heading, Item
from catalog.offers import renewal
from foundation import moments
from foundation.inbox import notices
from foundation.isolation import apart
from foundation.refusals import Invalid, NotNow, Refused, Unsaid
from foundation.roles import CONSULTED, SYSTEM, WORKS_BY_THE_CATALOG, Actor, Role
from foundation.wording import filled, said_when_shown, until

_OWN = ("id", "edition_id", "search")


_COPIED = {
    model: [f.attname for f in model._meta.concrete_fields if f.attname not in _OWN]
    for model in (Heading, Item)
}


#: The fields that describe an edition besides its items; a correction copies them.
DESCRIPTION = (
    "title",
    "title_en",
    "note",
    "valid_until",
    "disclosure_form",
    "disclosure_manner",
    "disclosure_scope",
    "disclosure_period",
    "procedure",
    "genre",
    "topic",
    "keywords",
)


@EDITION.start("draft")
def draft(*, by: Actor, title: str, note: str = "") -> Edition:
    """Begin a new edition with the items of the one in force."""
    edition = Edition.objects.create(title=title, note=note, issuer_id=by.organization)
    _copy(Edition.objects.in_force().first(), edition)
    return edition


@EDITION.start("correct")
def correct(*, by: Actor, edition: Edition, correction_reason: str) -> Edition:
    """Begin an edition that corrects a published one, with its content and a reason.

    The published one stays as it is; raises ``Invalid`` for an edition that was never published.
    """
    if not edition.published:
        message = _("只有已发布的目录需要更正；草稿直接修改即可。")
        raise Invalid(message, fields={"edition": message}, rule="S25")
    described = {name: getattr(edition, name) for name in DESCRIPTION}
    described["title"] = _("%(title)s（更正）") % {"title": edition.title[:100]}
    correction = Edition.objects.create(
        **described, issuer_id=by.organization, corrects=edition, correction_reason=correction_reason
    )
    _copy(edition, correction)
    return correction


def _copy(source: Edition | None, target: Edition) -> None:
    """Copy the headings and items of one edition into another."""
    if source is None:
        return
    for model, names in _COPIED.items():
        rows: Any = model._default_manager
        rows.bulk_create(
            model(edition=target, **{name: getattr(row, name) for name in names})
            for row in rows.filter(edition=source)
        )


@EDITION.transition("describe")
def describe(edition: Edition, *, by: Actor, **described: Any) -> None:
    """Set title, note and the fields of the notice's header (``DESCRIPTION``)."""
    for name in DESCRIPTION:
        if name in described:
            setattr(edition, name, described[name])
    edition.revision += 1


@EDITION.transition("open_consultation")
def open_consultation(edition: Edition, *, by: Actor) -> None:
    """Open the consultation."""


@open_consultation.lacks
def missing_for_consultation(editions: Sequence[Edition]) -> dict[int, Refused]:
    """Why no comments are asked for: there is nothing in the edition yet."""
    having = set(
        Item.objects.filter(edition__in=editions).order_by().values_list("edition", flat=True).distinct()
    )
    words = gettext_lazy("目录里还没有服务项目，请先添加。")
    return {edition.pk: Refused(words, rule="S25") for edition in editions if edition.pk not in having}


@open_consultation.then
def _ask_for_comments(edition: Edition, *, by: Actor) -> None:
    """Ask the responsible bodies and finance for comments."""
    text = filled(gettext_lazy("%(title)s开始征求意见，请提出意见。"), title=edition.title)
    _notify(edition, CONSULTED, text)


def _notify(edition: Edition, roles: tuple[Role, ...], text: Unsaid) -> None:
    """Send a notice about the edition to each role."""
    for role in roles:
        notices.send(edition, role, text)


# Submitted for approval once the consultation has run its days and every comment is answered.
submit = EDITION.act("submit", Edition)

# The same before its last day, with a reason that the second person reads.
submit_early = EDITION.act("submit_early", Edition)


@submit.lacks
def missing_for_submission(editions: Sequence[Edition]) -> dict[int, Refused]:
    """Why editions are not submitted: comments are not answered, or there is time left to make some."""
    words = gettext_lazy("征求意见到%(until)s为止，期满以后送审。")
    consulted = {
        pk: NotNow(filled(words, until=said_when_shown(until, ends)), rule="S25")
        for pk, ends in consulted_until(editions).items()
    }
    return {**consulted, **unanswered(editions)}


@submit_early.lacks
def unanswered(editions: Sequence[Edition]) -> dict[int, Refused]:
    """The comments on editions that are not answered yet."""
    waiting = Comment.objects.filter(edition__in=editions, status__in=CommentStatus.unfinished())
    return {
        edition: NotNow(
            filled(gettext_lazy("还有 %(count)s 条意见没有答复，请先逐条答复。"), count=count), rule="S25"
        )
        for edition, count in waiting.values_list("edition").annotate(count=Count("pk"))
    }


@EDITION.transition("approve")
def approve(
    edition: Edition,
    *,
    by: Actor,
    document_number: str,
    index_number: str,
    in_force_from: date,
    dated_on: date | None = None,
) -> None:
    """Publish as a second person, with document number and first day (today or later).

    ``dated_on`` is the day of the document (生成日期), by default today. Raises ``Invalid`` for days in the
    wrong order and a document number that is used already.
    """
    today = moments.today()
    faults = {}
    if in_force_from < today:
        faults["in_force_from"] = _("施行日期不能早于今天。")
    if dated_on and dated_on > today:
        faults["dated_on"] = _("生成日期不能晚于今天。")
    if Edition.objects.filter(document_number=document_number).exists():
        faults["document_number"] = _("这个文件编号已经用过。")
    if edition.valid_until and edition.valid_until < in_force_from:
        faults["in_force_from"] = _("施行日期晚于目录的有效期。")
    if faults:
        raise Invalid(_("请先改正。"), fields=faults)
    edition.document_number = document_number
    edition.index_number = index_number
    edition.dated_on = dated_on or today
    edition.published_on = today
    edition.in_force_from = in_force_from
    worker.configure_task("catalog.tasks.bring_into_force").defer()
    worker.configure_task("catalog.tasks.make_notice").defer(edition_id=edition.pk)


approve.lacks(counting.not_counted)


@approve.then
def _announce_publication(edition: Edition, *, by: Actor, in_force_from: date, **given: object) -> None:
    """Notify providers, windows and bodies of the publication."""
    words = gettext_lazy("%(title)s已发布，%(day)s起施行。机构请到“服务申报”看哪些申报要续报。")
    text = filled(words, title=edition.title, day=in_force_from)
    _notify(edition, WORKS_BY_THE_CATALOG, text)


send_back = EDITION.act("send_back", Edition)


@EDITION.transition("come_into_force")
def come_into_force(edition: Edition, *, by: Actor) -> None:
    """Come into force; the edition before is superseded in the same transaction.

    Offers are carried over where nothing agreed to has changed; the others have to be renewed.
    """
    starts = edition.in_force_from or moments.today()
    running = Term.objects.filter(until=None).first()
    if running:
        starts = max(starts, running.starts)
        supersede(running.edition, by=by)
        Term.objects.filter(pk=running.pk).update(until=starts)
    Term.objects.create(edition=edition, starts=starts)


# Running contracts keep the superseded edition.
supersede = EDITION.act("supersede", Edition)


@EDITION.transition("restore")
def restore(edition: Edition, *, by: Actor) -> None:
    """Come into force again, since the edition after it was withdrawn."""
    Term.objects.create(edition=edition, starts=moments.today())


@come_into_force.then
@restore.then
def _carry_offers_over(edition: Edition, *, by: Actor) -> None:
    """Carry the providers' offers over to this edition."""
    renewal.carry_over(edition, by=by)


@EDITION.transition("withdraw")
def withdraw(edition: Edition, *, by: Actor, reason: str) -> None:
    """Withdraw a published edition, with a reason.

    If it is in force, the edition before is restored in the same transaction, so that there is always one
    in force; raises ``Refused`` where there was none before.
    """
    edition.withdrawal = reason
    running = edition.terms.filter(until=None).first()
    if running is not None:
        _previous_edition()
        Term.objects.filter(pk=running.pk).update(until=max(moments.today(), running.starts))


@withdraw.foreseen
def without_another(editions: Sequence[Edition]) -> dict[int, Refused]:
    """Why an edition in force is not withdrawn: there is none before it to be restored."""
    running = set(
        Term.objects.filter(edition__in=editions, until=None).order_by().values_list("edition", flat=True)
    )
    if not running or _before() is not None:
        return {}
    return {edition.pk: Refused(NONE_BEFORE, rule="S25") for edition in editions if edition.pk in running}


@withdraw.then
def _restore_previous(edition: Edition, *, by: Actor, reason: str) -> None:
    """Restore the edition before, if this one was ever in force."""
    if edition.terms.exists():
        restore(_previous_edition(), by=SYSTEM)


#: Why the edition in force stays.
NONE_BEFORE = gettext_lazy("没有上一版目录可以恢复施行。请先起草更正版，由它替代本版。")


def _previous_edition() -> Edition:
    """The edition last in force before this one; raises ``Refused`` where there was none."""
    before = _before()
    if before is None:
        raise Refused(NONE_BEFORE, rule="S25")
    return before.edition


def _before() -> Term | None:
    """When the edition was in force that would be restored; None where there is none."""
    return (
        Term.objects.filter(edition__status__in=EDITION.get_transition("restore").arrow.sources)
        .order_by("-starts", "-id")
        .select_related("edition")
        .first()
    )


def bring_into_force() -> int:
    """Bring all scheduled editions whose first day has come into force, oldest first; returns how many.

    May run twice at once: what another run has brought into force meanwhile is skipped.
    """
    due = Edition.objects.announced().filter(in_force_from__lte=moments.today())
    brought = 0
    for edition in due.order_by("in_force_from", "id"):
        with apart("edition.come_into_force", edition=edition.pk):
            come_into_force(edition, by=SYSTEM)
            brought += 1
    return brought
