"""Schemes of evaluation: indicators, vetoes, grades and what each grade brings."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pgtrigger
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluations.permissions import SEES_SCHEMES
from evaluations.schemes import defaults
from evaluations.schemes.states import SCHEME, SchemeStatus
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import PREPARED, SERVING
from foundation.parties import SeenQuerySet
from foundation.sql_lists import quoted_list
from foundation.wording import figure

#: The fields of a scheme that are frozen once it is in use.
SAID = ("name", "indicators", "vetoes", "grades", "survey", "consequences")


_OLD, _NEW = (", ".join(f'{row}."{name}"' for name in SAID) for row in ("OLD", "NEW"))


_DRAFTED = quoted_list(SchemeStatus.in_phase(PREPARED))


_FROZEN = f'OLD."status" NOT IN ({_DRAFTED}) AND ROW({_OLD}) IS DISTINCT FROM ROW({_NEW})'


class SchemeQuerySet(SeenQuerySet["Scheme"]):
    def in_use(self) -> SchemeQuerySet:
        """The one that new rounds are judged by."""
        return self.filter(status__in=SchemeStatus.in_phase(SERVING))


class Scheme(LifecycleModel):
    """One version of the scheme: a tree of indicators with weights (leaves sum to 100). Frozen in use.

    ``indicators`` is a list of groups ``{key, title, children}`` and of indicators ``{key, title, weight,
    source}``; source is automatic (``figure`` names the measure, ``zero`` and ``full`` its scale), survey, or
    scored (``rubric`` by level or as text, ``by`` case or provider); ``evidence`` says what the provider has
    to show. ``vetoes`` is a list of ``{key, title}``, ``grades`` the thresholds, ``survey`` ``{smallest,
    prior, enough}``, ``consequences`` what each grade brings (see ``evaluations.consequences.applying``).
    """

    lifecycle = SCHEME
    seen_by = SEES_SCHEMES
    at_a_glance = (("content_in_words", _("内容")),)

    name = models.CharField(_("名称"), max_length=80)
    indicators = models.JSONField(_("指标"))
    vetoes = models.JSONField(_("一票否决项"), default=defaults.vetoes)
    grades = models.JSONField(_("等级分数线"), default=defaults.grades)
    survey = models.JSONField(_("满意度规则"), default=defaults.survey)
    consequences = models.JSONField(_("后果"), default=defaults.consequences)
    status = models.CharField(
        _("状态"), max_length=20, choices=SchemeStatus.choices, default=SchemeStatus.DRAFT
    )

    objects = SchemeQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["status"],
                condition=models.Q(status__in=SchemeStatus.in_phase(SERVING)),
                name="one_scheme_in_use",
            )
        ]
        triggers = [
            SCHEME.trigger(),
            pgtrigger.Protect(
                name="frozen_in_use", operation=pgtrigger.Update, condition=pgtrigger.Condition(_FROZEN)
            ),
            pgtrigger.Protect(
                name="kept_for_good",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__status__in=SchemeStatus.in_phase(~PREPARED)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("scheme", args=[self.pk])

    @property
    def in_use(self) -> bool:
        """Whether new rounds are judged by it."""
        return self.status in SchemeStatus.in_phase(SERVING)

    @property
    def leaves(self) -> list[dict[str, Any]]:
        """The indicators without their groups, in order, each with ``group`` (the title of its group)."""
        return list(leaves_of(self.indicators))

    @property
    def content_in_words(self) -> list[str]:
        """How much it judges by, and its thresholds."""
        size = gettext("%(n)s 个指标，权重合计 %(weight)s；%(vetoes)s 项一票否决")
        return [
            size
            % {
                "n": len(self.leaves),
                "weight": figure(Decimal(str(self.weight))),
                "vetoes": len(self.vetoes),
            },
            *(leaf["title"] for leaf in self.leaves),
        ]

    @property
    def weight(self) -> float:
        """The sum of the weights; it must be 100 before the scheme can be adopted."""
        return sum(float(leaf["weight"]) for leaf in self.leaves)

    def leaf(self, key: str) -> dict[str, Any] | None:
        """The indicator of that key; None for none."""
        return next((leaf for leaf in self.leaves if leaf["key"] == key), None)


def leaves_of(tree: list[dict[str, Any]], group: str = "") -> Iterator[dict[str, Any]]:
    """The indicators of a tree, in order."""
    for node in tree:
        if "children" in node:
            yield from leaves_of(node["children"], node.get("title", ""))
        else:
            yield {**node, "group": group}
