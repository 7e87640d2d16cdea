"""Simulations of a scheme over the evidence of a past round."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluations.permissions import SEES_SIMULATIONS
from evaluations.rounds.models import Round
from evaluations.rounds.states import RoundStatus
from evaluations.schemes.models import Scheme
from evaluations.simulations.states import SIMULATION, SimulationStatus
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import ENDED
from foundation.parties import SeenQuerySet


class Simulation(LifecycleModel):
    """A scheme applied to the evidence of a past round. ``result`` has the shape that
    ``simulating.simulated`` gives.
    """

    lifecycle = SIMULATION
    seen_by = SEES_SIMULATIONS
    worklist_joins = ("scheme",)
    unjournaled = ("result",)

    scheme = models.ForeignKey(Scheme, models.CASCADE, verbose_name=_("方案"), related_name="+")
    round = models.ForeignKey(
        Round,
        models.PROTECT,
        verbose_name=_("用哪一轮的数据"),
        related_name="+",
        limit_choices_to={"status__in": RoundStatus.in_phase(ENDED)},
    )
    grades = models.JSONField(_("分数线"), default=dict)
    resamples = models.PositiveIntegerField(_("重抽次数"), default=1000)
    seed = models.BigIntegerField(_("随机种子"))
    result = models.JSONField(default=dict)
    status = models.CharField(
        _("状态"), max_length=20, choices=SimulationStatus.choices, default=SimulationStatus.DONE
    )

    objects = SeenQuerySet["Simulation"].as_manager()

    class Meta:
        ordering = ("-id",)
        triggers = [SIMULATION.trigger()]

    def __str__(self) -> str:
        return gettext("试算 %(scheme)s") % {"scheme": self.scheme}

    def get_absolute_url(self) -> str:
        return reverse("simulation", args=[self.pk])
