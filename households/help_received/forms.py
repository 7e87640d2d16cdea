"""Forms of the actions on help received."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import DayField, MoneyField
from households.register.forms import a_person
from households.register.models import Person
from households.register.states import HOUSEHOLD
from organizations.responsibilities import offered


@form_for(HOUSEHOLD, "tell_help")
class TellHelp(ActionForm):
    """Help that the system did not arrange, as the household reports it."""

    told_giver = forms.CharField(
        label=_("提供方"), max_length=80, help_text=_("例如 某基金会、亲戚所在单位。")
    )
    what = forms.CharField(label=_("内容"), max_length=120)
    on = DayField(label=_("日期"), ahead=False)
    amount = MoneyField(label=_("折合金额（元）"), required=False)
    need_kind = forms.ChoiceField(label=_("解决的需求"), choices=offered.one_or_none, required=False)
    person = a_person(_("给谁的"), required=False, help_text=_("不选：全家。"))

    def prepare(self) -> None:
        self.chooser("person").queryset = Person.objects.filter(
            homes__household=self.obj, homes__valid_to=None
        )
        self.initial.setdefault("on", moments.today())
