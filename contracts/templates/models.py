"""Contract templates in versions."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contracts.permissions import SEES_BUDGETS
from contracts.templates.states import TEMPLATE, TemplateStatus
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import SERVING
from foundation.parties import SeenQuerySet


class Template(LifecycleModel):
    """A text with variables in 【】. The text never changes; a change is a new version."""

    lifecycle = TEMPLATE
    seen_by = SEES_BUDGETS
    at_a_glance = ("title", "note", "body")
    unjournaled = ("body",)

    version = models.PositiveIntegerField(_("版本"), unique=True)
    title = models.CharField(_("标题"), max_length=60)
    body = models.TextField(_("正文"))
    note = models.CharField(_("修改说明"), max_length=300, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=TemplateStatus.choices, default=TemplateStatus.DRAFT
    )

    objects = SeenQuerySet["Template"].as_manager()

    class Meta:
        ordering = ("-version",)
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(status__in=TemplateStatus.in_phase(SERVING)),
                name="one_template_in_use",
            )
        ]
        triggers = [
            TEMPLATE.trigger(),
            pgtrigger.ReadOnly(name="text_stays", fields=["version", "title", "body"]),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return gettext("%(title)s 第 %(n)s 版") % {"title": self.title, "n": self.version}

    def get_absolute_url(self) -> str:
        return reverse("template", args=[self.pk])
