"""Forms of the actions on responsibilities."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import DayField
from organizations.bodies.models import Organization
from organizations.responsibilities import offered
from organizations.responsibilities.states import RESPONSIBILITY


@form_for(RESPONSIBILITY, "assign")
class AssignResponsibility(ActionForm):
    """The body, the kind of need, and the basis of a responsibility."""

    organization = forms.ModelChoiceField(label=_("责任部门"), queryset=Organization.objects.none())
    need_kind = forms.ChoiceField(label=_("哪类需求转给它"), choices=offered.one_or_none)
    text = forms.CharField(label=_("职责"), max_length=200, help_text=_("办理的人和群众都会看到。"))
    basis = forms.CharField(label=_("依据"), max_length=60, help_text=_("文件名称或文号。"))
    valid_from = DayField(label=_("自哪天起"))

    def prepare(self) -> None:
        self.chooser("organization").queryset = Organization.objects.bodies()
        self.initial.setdefault("valid_from", moments.today())


@form_for(RESPONSIBILITY, "end")
class EndResponsibility(ActionForm):
    """The last day of a responsibility."""

    last_day = DayField(label=_("到哪天为止"))

    def prepare(self) -> None:
        self.initial.setdefault("last_day", moments.today())
