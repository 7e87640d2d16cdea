"""Comments of responsible bodies on draft editions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.comments.states import COMMENT, CommentStatus
from catalog.editions.models import Edition
from catalog.permissions import SEES_COMMENTS
from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet
from foundation.wording import labelled
from organizations.bodies.models import Organization


class Comment(LifecycleModel):
    """A responsible body's comment on a draft or on one item of it, and the answer."""

    lifecycle = COMMENT
    seen_by = SEES_COMMENTS
    at_a_glance = ("body", "item_code", "text")
    worklist_joins = ("edition", "body")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="comments")
    body = models.ForeignKey(Organization, models.PROTECT, verbose_name=_("责任部门"))
    item_code = models.CharField(_("服务项目"), max_length=8, blank=True)
    text = models.TextField(_("意见"), max_length=2000)
    answer = models.TextField(_("答复"), max_length=2000, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=CommentStatus.choices, default=CommentStatus.GIVEN
    )

    objects = SeenQuerySet["Comment"].as_manager()

    class Meta:
        ordering = ("id",)
        triggers = [COMMENT.trigger()]

    def __str__(self) -> str:
        return labelled(self.body, self.text[:30])

    def get_absolute_url(self) -> str:
        return self.edition.get_absolute_url()

    def beside(self) -> list[LifecycleModel]:
        """The edition, which is not submitted before every comment is answered."""
        return [self.edition]

    def due_with(self) -> list[LifecycleModel]:
        return [self.edition]

    def case_key(self) -> str:
        return self.edition.case_key()

    def row_title(self) -> str:
        return f"{self.edition.title} · {self.body.name}"

    def transitions_at(self) -> str:
        """The address of its transitions; the comment itself is read on the page of its edition."""
        return f"/comments/{self.pk}/"
