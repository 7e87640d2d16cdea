"""Form of a simulation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluations.rounds.models import Round
from evaluations.rounds.seeking import a_round
from evaluations.schemes.forms import points_field
from evaluations.schemes.models import Scheme
from evaluations.simulations.states import SIMULATION
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import CountField


@form_for(SIMULATION, "run")
class Simulate(ActionForm):
    """A scheme, a past round, and optionally other thresholds."""

    scheme = forms.ModelChoiceField(label=_("方案"), queryset=Scheme.objects.none())
    round_ = a_round(_("用哪一轮的数据"))
    excellent = points_field(_("优秀线（不填用方案的）"), required=False)
    good = points_field(_("良好线"), required=False)
    passing = points_field(_("合格线"), required=False)
    resamples = CountField(label=_("重抽次数"), least=100, most=5000, required=False)

    def prepare(self) -> None:
        self.chooser("scheme").queryset = Scheme.objects.all()
        self.chooser("round_").queryset = Round.objects.told().filter(formulas__gte=1)
        self.initial.setdefault("resamples", 1000)

    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        lines = {"excellent": "excellent", "good": "good", "pass": "passing"}
        grades = {name: float(data[field]) for name, field in lines.items() if data[field] is not None}
        return {
            "scheme": data["scheme"],
            "round_": data["round_"],
            "grades": grades,
            "resamples": data["resamples"] or 1000,
        }
