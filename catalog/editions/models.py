"""Editions of the catalog with the data of their notices, and the terms in which they were in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.comments.states import CommentStatus
from catalog.editions import law
from catalog.editions.states import (
    ANNOUNCED,
    BINDING,
    EDITION,
    LAID_DOWN,
    OPEN_TO_COMMENTS,
    PUBLISHED,
    REPLACED,
    SEES_EDITIONS,
    EditionStatus,
    EffectStatus,
)
from foundation import moments
from foundation.deadlines.models import Clock
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import DROPPED, ENDED, PREPARED, SERVING
from foundation.parties import SeenQuerySet
from foundation.wording import day, in_the_readers_language
from organizations.bodies.models import Organization


def consulted_until(editions: Sequence[Edition]) -> dict[int, datetime]:
    """By primary key until when editions are open to comments, of those whose consultation has not run its days."""
    running, now = Clock.objects.running_on(editions), moments.now()
    ends = {pk: [clock.due_at for clock in clocks if clock.due_at > now] for pk, clocks in running.items()}
    return {pk: max(found) for pk, found in ends.items() if found}


class EditionQuerySet(SeenQuerySet["Edition"]):
    def published(self) -> EditionQuerySet:
        """Editions that anybody may read."""
        return self.filter(status__in=EditionStatus.in_phase(PUBLISHED))

    def in_force(self) -> EditionQuerySet:
        """The one edition in force, if there is one."""
        return self.filter(status__in=EditionStatus.in_phase(SERVING))

    def announced(self) -> EditionQuerySet:
        """Editions that are published, and are not in force yet."""
        return self.filter(status__in=EditionStatus.in_phase(ANNOUNCED))

    def drafted(self) -> EditionQuerySet:
        """Editions that civil affairs is still writing."""
        return self.filter(status__in=EditionStatus.in_phase(PREPARED))

    def open_to_comments(self) -> EditionQuerySet:
        """Editions on which bodies may comment."""
        return self.filter(status__in=EditionStatus.with_trait(OPEN_TO_COMMENTS))

    def in_force_on(self, day: date) -> EditionQuerySet:
        """The edition in force on a day, by the terms known now."""
        return self.filter(
            models.Q(terms__until=None) | models.Q(terms__until__gt=day), terms__starts__lte=day
        )


class Edition(LifecycleModel):
    """One edition with the data of its public notice (its header).

    After publication only ``status`` changes, which the database enforces; when it was in force stands in
    its ``terms``.
    """

    lifecycle = EDITION
    seen_by = SEES_EDITIONS
    at_a_glance = (
        "issuer",
        "document_number",
        "in_force_from",
        "valid_until",
        ("content_in_words", _("内容")),
        ("comments_in_words", _("意见")),
        "note",
    )

    title = models.CharField(_("标题"), max_length=120)
    title_en = models.CharField(_("英文标题"), max_length=160, blank=True)
    note = models.TextField(_("说明"), blank=True)
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("更正的版本"),
    )
    correction_reason = models.TextField(_("更正理由"), blank=True)
    #: Counts the changes of a draft, so that nobody acts on an outdated view of it.
    revision = models.PositiveIntegerField(_("修订次数"), default=0)

    issuer = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("发布机构"))
    document_number = models.CharField(_("文件编号"), max_length=40, blank=True)
    index_number = models.CharField(_("信息索引号"), max_length=40, blank=True)
    dated_on = models.DateField(_("生成日期"), null=True, blank=True)
    published_on = models.DateField(_("公开日期"), null=True, blank=True)
    in_force_from = models.DateField(_("施行日期"), null=True, blank=True)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    disclosure_form = models.CharField(_("公开形式"), max_length=40, default="网站、文件、政府公报")
    disclosure_manner = models.CharField(_("公开方式"), max_length=20, default="主动公开")
    disclosure_scope = models.CharField(_("公开范围"), max_length=20, default="面向社会")
    disclosure_period = models.CharField(_("公开时限"), max_length=20, default="长期公开")
    procedure = models.CharField(_("公开程序"), max_length=60, default="部门编制，征求意见并经审批后公开")
    genre = models.CharField(_("体裁"), max_length=20, default="目录")
    topic = models.CharField(_("主题"), max_length=40, default="民政、扶贫、救灾")
    keywords = models.CharField(_("关键词"), max_length=60, default="救助，政府购买服务，目录")
    withdrawal = models.TextField(_("撤回理由"), blank=True)

    status = models.CharField(
        _("状态"), max_length=20, choices=EditionStatus.choices, default=EditionStatus.DRAFT
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(status__in=EditionStatus.in_phase(SERVING)),
                name="edition_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["document_number"],
                condition=~models.Q(document_number=""),
                name="edition_document_number_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=EditionStatus.in_phase(PUBLISHED))
                | (
                    ~models.Q(document_number="")
                    & ~models.Q(index_number="")
                    & models.Q(
                        dated_on__isnull=False, published_on__isnull=False, in_force_from__isnull=False
                    )
                ),
                name="edition_published_with_its_notice",
            ),
            models.CheckConstraint(
                condition=models.Q(corrects=None) | ~models.Q(correction_reason=""),
                name="edition_corrects_with_a_reason",
            ),
        ]
        triggers = [EDITION.trigger(), law.only_status_changes(), law.no_truncate()]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("edition", args=[self.pk])

    def public_address(self) -> str:
        """The stable address at which anybody reads a published edition."""
        return reverse("public-edition", args=[self.pk])

    def beside(self) -> list[LifecycleModel]:
        """The comments and the sheets that wait for somebody, which bear its title."""
        return [
            waiting
            for found in (self.comments, self.imports)
            for waiting in found.filter(status__in=found.model.lifecycle.states_that_wait()).only("pk")
        ]

    @property
    def published(self) -> bool:
        """Whether anybody may read it."""
        return EditionStatus(self.status).phase in PUBLISHED

    @property
    def applies(self) -> bool:
        """Whether it is in force."""
        return EditionStatus(self.status).phase == SERVING

    @property
    def drafted(self) -> bool:
        """Whether civil affairs is still writing it."""
        return EditionStatus(self.status).phase == PREPARED

    @property
    def takes_comments(self) -> bool:
        """Whether bodies may comment on it."""
        return self.status in EditionStatus.with_trait(OPEN_TO_COMMENTS)

    @property
    def still_consulted(self) -> bool:
        """Whether the working days of its consultation are not over."""
        return self.pk in consulted_until([self])

    @property
    def local_title(self) -> str:
        """The title in the reader's language."""
        return in_the_readers_language(self.title, self.title_en)

    @property
    def days_in_words(self) -> SafeString:
        """The days on which it is or was in force as HTML, a term a line; "" if none are known."""
        terms = [(term.in_words,) for term in self.terms.all()]
        if not terms and self.in_force_from:
            terms = [(_since(self.in_force_from),)]
        return format_html_join(SafeString("<br>"), "{}", terms)

    @property
    def content_in_words(self) -> str:
        """How many services it lists."""
        return gettext("%(n)s 个服务项目") % {"n": self.items.count()}

    @property
    def comments_in_words(self) -> str:
        """How many comments were made on it, and how many of them are not answered; "" for none."""
        statuses = list(self.comments.values_list("status", flat=True))
        left = sum(status in CommentStatus.unfinished() for status in statuses)
        words = gettext("%(n)s 条，其中 %(left)s 条没有答复")
        return words % {"n": len(statuses), "left": left} if statuses else ""

    @property
    def validity(self) -> str:
        """效力状况: whether it is in force, in the words of the disclosure header."""
        if self.applies:
            expired = self.valid_until and self.valid_until < moments.today()
            return str(_("有效期已过")) if expired else str(_("有效"))
        state = EditionStatus(self.status)
        if state.phase == ANNOUNCED:
            return str(_("已公布，尚未施行"))
        return _laid_down(state) if state.phase == LAID_DOWN else str(_("未公布"))


def _laid_down(state: EditionStatus) -> str:
    """Why an edition is not in force any more, in words."""
    traits = state.meaning.traits
    if REPLACED in traits:
        return str(_("失效（已被新版替代）"))
    words = _("失效（%(state)s）") if BINDING in traits else _("废止（%(state)s）")
    return str(words % {"state": state.label})


#: The days of a term as a range that the database compares.
_DAYS = models.Func("starts", "until", function="daterange", output_field=DateRangeField())


class Term(models.Model):
    """Days on which an edition was in force: from ``starts``, before ``until`` (``None``: still running).

    Terms never overlap, which the database enforces. A term without a day (``until`` = ``starts``) belongs
    to an edition that was replaced on its first day.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="terms")
    starts = models.DateField(_("施行首日"))
    until = models.DateField(_("不再施行的首日"), null=True, blank=True)

    class Meta:
        ordering = ("starts", "id")
        constraints = [
            ExclusionConstraint(name="one_edition_a_day", expressions=[(_DAYS, RangeOperators.OVERLAPS)]),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("starts")),
                name="term_ends_later",
            ),
        ]
        triggers = [law.term_only_ends(), law.no_truncate()]

    def __str__(self) -> str:
        return f"{self.starts}–{self.until or ''}"

    @property
    def last(self) -> date | None:
        """The last day in force; ``None`` while it runs. Before ``starts`` for a term without a day."""
        return self.until - timedelta(days=1) if self.until else None

    @property
    def in_words(self) -> str:
        """Its first day, and its last one if it has ended."""
        if not self.until:
            return _since(self.starts)
        return gettext("%(first)s起，至%(last)s") % {"first": day(self.starts), "last": day(self.last)}


def _since(first: date) -> str:
    """From that day on, in words."""
    return gettext("%(day)s起") % {"day": day(first)}


class EditionEffect(models.Model):
    """The effect of an edition, counted by the worker for one content of it.

    The content is named by the edition's ``revision``; ``against`` was in force and is compared with.
    ``result`` has the shape that ``counting.count`` writes. ``touched_at`` is the time of the last
    progress, ``tries`` how often counting was begun.
    """

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="effect")
    revision = models.PositiveIntegerField()
    against = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="+")
    status = models.CharField(
        _("状态"), max_length=12, choices=EffectStatus.choices, default=EffectStatus.QUEUED
    )
    progress = models.PositiveSmallIntegerField(_("进度"), default=0)
    fault = models.TextField(blank=True)
    result = models.JSONField(default=dict)
    touched_at = models.DateTimeField(default=moments.now)
    ready_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(progress__lte=100), name="effect_progress_to_100"),
            models.CheckConstraint(
                condition=~models.Q(status__in=EffectStatus.in_phase(ENDED))
                | models.Q(ready_at__isnull=False),
                name="effect_ready_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.revision}"

    @property
    def waiting(self) -> bool:
        """Whether the worker has not ended yet."""
        return self.status in EffectStatus.unfinished()

    @property
    def ready(self) -> bool:
        """Whether it is counted."""
        return self.status in EffectStatus.in_phase(ENDED)

    @property
    def failed(self) -> bool:
        """Whether it could not be counted."""
        return self.status in EffectStatus.in_phase(DROPPED)
