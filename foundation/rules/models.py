"""Versions of the rules that the city may set: days, thresholds, weights."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import ASKED, SERVING
from foundation.parties import SeenQuerySet
from foundation.roles import Actor
from foundation.rules.defaults import defaults
from foundation.rules.states import RULE, SEES_RULES, RuleStatus


class RuleVersionQuerySet(SeenQuerySet["RuleVersion"]):
    def visible_to(self, actor: Actor) -> Self:
        """Versions of rules that exist, to those who see versions; everybody else reads rules in the docs."""
        return super().visible_to(actor).filter(key__in=list(defaults()))

    def in_force(self) -> Self:
        """The versions in force: one of a key at most."""
        return self.filter(status__in=RuleStatus.in_phase(SERVING))


class RuleVersion(LifecycleModel):
    """One version of one rule; the default in ``rules.yaml`` is version 0."""

    lifecycle = RULE
    seen_by = SEES_RULES
    at_a_glance = ("note",)

    key = models.CharField(_("规则"), max_length=60)
    version = models.PositiveIntegerField(_("版本"))
    value = models.JSONField(_("参数"))
    note = models.TextField(_("修改说明"))
    in_force_from = models.DateTimeField(_("生效时间"), null=True, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=RuleStatus.choices, default=RuleStatus.PROPOSED
    )

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        ordering = ("key", "-version")
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="rule_version_once"),
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(status__in=RuleStatus.in_phase(SERVING)),
                name="rule_one_in_force",
            ),
        ]
        triggers = [RULE.trigger()]

    def __str__(self) -> str:
        return gettext("%(title)s 第 %(n)s 次修订") % {"title": self._title, "n": self.version}

    def get_absolute_url(self) -> str:
        return reverse("rule", args=[self.pk])

    @property
    def known(self) -> bool:
        """Whether this release still has the rule."""
        return self.key in defaults()

    @property
    def _title(self) -> str:
        """The title of the rule; words for one that this release no longer has."""
        rule = defaults().get(self.key)
        return str(rule.title) if rule else gettext("已停用的规则")

    def beside(self) -> list[LifecycleModel]:
        """The other proposals for its rule: one that is put in force overtakes them."""
        return list(
            RuleVersion.objects.filter(key=self.key, status__in=RuleStatus.in_phase(ASKED)).exclude(
                pk=self.pk
            )
        )

    def row_title(self) -> str:
        return gettext("规则修改：%(title)s") % {"title": self._title}
