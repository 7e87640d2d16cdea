"""Questions of providers about a notice, before the deadline."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.roles import Actor, Role
from organizations.providers.models import Provider
from procurement.purchases.models import Project
from procurement.questions.states import QUESTION, QuestionStatus

OVERSIGHT = (Role.CIVIL_AFFAIRS, Role.FINANCE, Role.AUDITOR)


class AskedQuerySet(models.QuerySet["Question"]):
    def visible_to(self, actor: Actor) -> AskedQuerySet:
        """All for oversight, its own for a provider."""
        if actor.role in OVERSIGHT:
            return self
        if actor.role == Role.COORDINATOR:
            return self.filter(provider__organization_id=actor.organization_id)
        return self.none()


class Question(LifecycleModel):
    """A provider's question; the answer is public, the asker is not."""

    lifecycle = QUESTION
    worklist_joins = ("project",)

    project = models.ForeignKey(Project, models.PROTECT, related_name="questions", verbose_name=_("采购项目"))
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="questions")
    text = models.TextField(_("问题"), max_length=1000)
    answer_text = models.TextField(_("答复"), max_length=2000, blank=True)
    changes_bids = models.BooleanField(_("影响投标文件编制"), default=False)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=QuestionStatus.choices, default=QuestionStatus.ASKED
    )

    objects = AskedQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        triggers = [QUESTION.trigger()]

    def __str__(self) -> str:
        return f"{self.project} {self.text[:30]}"

    def get_absolute_url(self) -> str:
        return reverse("question", args=[self.pk])

    def audience(self, role: Role) -> tuple[int | None, int | None, int | None]:
        """Notices to coordinators go to the provider that asked."""
        own = role == Role.COORDINATOR
        return (self.provider.organization_id if own else None), None, None

    def row_title(self) -> str:
        return f"{self.project.title} · {self.text[:30]}"
