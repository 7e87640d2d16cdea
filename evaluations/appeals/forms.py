"""Forms of the actions on appeals."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluations.appeals.states import APPEAL
from evaluations.assessments.forms import FILES
from evaluations.assessments.models import Assessment
from evaluations.rounds.states import CONTESTABLE, RoundStatus
from evaluations.schemes.forms import points_field
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.uploads import UploadsField


@form_for(APPEAL, "file")
class FileAppeal(ActionForm):
    """The appeal of a provider; the query ``?assessment=`` preselects the result."""

    assessment = forms.ModelChoiceField(label=_("评估结果"), queryset=Assessment.objects.none())
    indicator = forms.ChoiceField(label=_("对哪一项有异议"))
    text = forms.CharField(label=_("事实和理由"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    files = UploadsField(  # type: ignore[assignment]  # the class keeps its own
        label=_("证据文件"), kinds=FILES, required=False
    )

    def prepare(self) -> None:
        own = Assessment.objects.none()
        if self.actor is not None:
            own = Assessment.objects.filter(
                provider__organization_id=self.by.organization,
                round__status__in=RoundStatus.with_trait(CONTESTABLE),
            ).select_related("round__scheme", "provider__organization")
        self.chooser("assessment").queryset = own
        choices: dict[str, str] = {}
        for assessment in own:
            choices |= {leaf["key"]: leaf["title"] for leaf in assessment.round.scheme.leaves}
            titles = {veto["key"]: veto["title"] for veto in assessment.round.scheme.vetoes}
            choices |= {key: titles.get(key, key) for key in assessment.vetoes}
        self.options("indicator").choices = list(choices.items())


@form_for(APPEAL, "propose")
class Propose(ActionForm):
    """The opinion of the first reviewer, in percent of the indicator's weight."""

    percent = points_field(
        _("应得权重的百分之几"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("成立的，填改正后的得分比例（0 到 100；一票否决不成立填 0）；不成立的留空。"),
    )
