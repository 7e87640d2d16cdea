"""An edition of the catalog, and comments on its draft."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.lifecycle import COMMENT, EDITION, CommentStatus, EditionStatus
from foundation.lifecycle.model import LivedModel
from foundation.roles import Actor, Role
from organizations.models import Organization

PUBLISHED = (
    EditionStatus.SCHEDULED,
    EditionStatus.IN_FORCE,
    EditionStatus.SUPERSEDED,
    EditionStatus.WITHDRAWN,
)


class EditionQuerySet(models.QuerySet["Edition"]):
    def visible_to(self, actor: Actor) -> EditionQuerySet:
        """Drafts are for civil affairs and the audit; consultations for bodies too."""
        if actor.role in (Role.CIVIL_AFFAIRS, Role.AUDITOR, Role.FINANCE):
            return self
        if actor.role == Role.HANDLER:
            return self.exclude(status=EditionStatus.DRAFT)
        return self.published()

    def published(self) -> EditionQuerySet:
        """What anybody may read."""
        return self.filter(status__in=PUBLISHED)

    def in_force(self) -> EditionQuerySet:
        """The one edition in force, if there is one."""
        return self.filter(status=EditionStatus.IN_FORCE)


class Edition(LivedModel):
    """One edition with the metadata of its public notice."""

    lifecycle = EDITION

    title = models.CharField(_("标题"), max_length=120)
    document_number = models.CharField(_("文件编号"), max_length=40, blank=True)
    index_number = models.CharField(_("信息索引号"), max_length=40, blank=True)
    published_on = models.DateField(_("公开日期"), null=True, blank=True)
    in_force_from = models.DateField(_("施行日期"), null=True, blank=True)
    in_force_to = models.DateField(_("停止施行日期"), null=True, blank=True)
    note = models.TextField(_("说明"), blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=EditionStatus.choices, default=EditionStatus.DRAFT
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["status"],
                condition=models.Q(status=EditionStatus.IN_FORCE),
                name="edition_one_in_force",
            )
        ]
        triggers = [EDITION.trigger()]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("edition", args=[self.pk])


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, actor: Actor) -> CommentQuerySet:
        """A body sees its own comments; civil affairs and the audit see all."""
        if actor.role in (Role.CIVIL_AFFAIRS, Role.AUDITOR):
            return self
        return self.filter(body_id=actor.organization_id)


class Comment(LivedModel):
    """What a responsible body says of a draft, and the answer to it."""

    lifecycle = COMMENT
    worklist_joins = ("edition", "body")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="comments")
    body = models.ForeignKey(Organization, models.PROTECT, verbose_name=_("责任部门"))
    text = models.TextField(_("意见"), max_length=2000)
    answer = models.TextField(_("答复"), max_length=2000, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=CommentStatus.choices, default=CommentStatus.GIVEN
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        triggers = [COMMENT.trigger()]

    def __str__(self) -> str:
        return f"{self.body}:{self.text[:30]}"

    def get_absolute_url(self) -> str:
        return self.edition.get_absolute_url()

    def row_title(self) -> str:
        return f"{self.edition.title} · {self.body.name}"

    def moves_at(self) -> str:
        """Its moves have pages of their own, while it is read on its edition's."""
        return f"/comments/{self.pk}/"
