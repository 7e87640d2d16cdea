"""Questions of providers about a notice, before the deadline."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet
from organizations.providers.models import Provider
from procurement.permissions import SEES_WHAT_IS_ASKED
from procurement.purchases.models import Project
from procurement.questions.states import QUESTION, QuestionStatus


class Question(LifecycleModel):
    """A provider's question; the answer is public, the asker is not."""

    lifecycle = QUESTION
    seen_by = SEES_WHAT_IS_ASKED
    at_a_glance = ("project", "text")
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

    objects = SeenQuerySet["Question"].as_manager()

    class Meta:
        ordering = ("id",)
        triggers = [QUESTION.trigger()]

    def __str__(self) -> str:
        return f"{self.project} {self.text[:30]}"

    def get_absolute_url(self) -> str:
        return reverse("question", args=[self.pk])

    def case_key(self) -> str:
        return self.project.case_key()

    def row_title(self) -> str:
        return f"{self.project.title} · {self.text[:30]}"
