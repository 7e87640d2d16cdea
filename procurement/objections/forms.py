"""Forms of the actions on objections."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, form_for
from procurement.objections.states import OBJECTION
from procurement.purchases.forms import open_to
from procurement.purchases.seeking import a_project


class About(ActionForm):
    """The purchase concerned; questions use it too."""

    project = a_project(_("采购项目"))

    def prepare(self) -> None:
        self.chooser("project").queryset = open_to(self.actor)


@form_for(OBJECTION, "raise")
class Raise(About):
    """The purchase, and the grounds of the objection."""

    grounds = forms.CharField(
        label=_("事实和理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("写明哪一点不符合规定、依据是什么。"),
    )
