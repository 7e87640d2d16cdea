"""Forms of the actions on consents."""

from __future__ import annotations

from functools import partial

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import DayField
from foundation.forms.seeking import SoughtField
from households.consents.models import Consent, ConsentForm, ConsentPurpose
from households.register.forms import a_person, people_of
from households.register.states import HOUSEHOLD
from organizations.bodies.models import Organization
from organizations.providers.models import in_good_standing
from organizations.providers.seeking import HINT, called

#: The kinds of data that may be handed to a provider.
SCOPE = [("contact_name", _("姓名")), ("contact_phone", _("联系电话")), ("contact_address", _("住址"))]


@form_for(HOUSEHOLD, "give_consent")
class GiveConsent(ActionForm):
    """Separate consent: the receiver, the purpose, the kinds of data and the form in which it was given."""

    keeps_draft = False

    purpose_code = forms.ChoiceField(
        label=_("用途"), choices=ConsentPurpose.choices, initial=ConsentPurpose.REFERRAL
    )
    scope = forms.MultipleChoiceField(
        label=_("同意提供的信息"),
        widget=forms.CheckboxSelectMultiple,
        choices=SCOPE,
        initial=[name for name, _label in SCOPE],
    )
    provider_body = SoughtField(
        label=_("只提供给"),
        queryset=Organization.objects.none(),
        required=False,
        seek=partial(called, path="provider__"),
        hint=HINT,
        help_text=_("不选：提供给窗口转介的机构。"),
    )
    person = a_person(_("谁的信息"), required=False, help_text=_("不选：全家。"))
    given_by = a_person(_("由谁同意"), required=False, help_text=_("不满 14 周岁的，由监护人同意。"))
    form = forms.ChoiceField(label=_("同意的形式"), choices=ConsentForm.choices)
    valid_to = DayField(label=_("有效期至"), required=False, ahead=True, help_text=_("不填：到事项办结。"))

    def prepare(self) -> None:
        self.chooser("person").queryset = self.chooser("given_by").queryset = people_of(self.obj)
        self.chooser("provider_body").queryset = Organization.objects.filter(
            in_good_standing(through="provider__")
        )


@form_for(HOUSEHOLD, "withdraw_consent")
class WithdrawConsent(ActionForm):
    """The consent to be ended."""

    consent = forms.ModelChoiceField(label=_("同意"), queryset=Consent.objects.none())

    def prepare(self) -> None:
        self.chooser("consent").queryset = Consent.objects.filter(household=self.obj, withdrawn_at=None)
