"""Forms of the actions of key holders, and of naming them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import CountField
from foundation.forms.seeking import SoughtListField
from foundation.roles import HOLDS_KEYS
from organizations.people.models import Membership
from procurement.bids.sealing import Passphrase
from procurement.key_holders.states import KEY_HOLDER
from procurement.purchases.states import PROJECT

#: The least length of a passphrase; shorter ones can be guessed.
LEAST_LETTERS = 8


class PassphraseField(forms.CharField):
    """A passphrase that is never shown, stored or logged."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.PasswordInput(attrs={"autocomplete": "off"}))
        super().__init__(max_length=200, strip=False, **kwargs)


@form_for(KEY_HOLDER, "take")
class Take(ActionForm):
    """A new passphrase, typed twice."""

    sealed_passphrase = PassphraseField(
        label=_("开标口令"),
        min_length=LEAST_LETTERS,
        help_text=_("至少 8 个字符，只有您知道，系统不保存、不能找回。请记牢，开标时要用。"),
    )
    sealed_again = PassphraseField(label=_("再输一遍"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("sealed_passphrase") != data.get("sealed_again"):
            self.add_error("sealed_again", _("两次输入不一样。"))
        return data

    def given(self) -> dict[str, Any]:
        return {"passphrase": Passphrase(self.cleaned_data["sealed_passphrase"])}


@form_for(KEY_HOLDER, "turn")
class Turn(ActionForm):
    """The passphrase that opens the holder's share."""

    sealed_passphrase = PassphraseField(label=_("开标口令"))

    def given(self) -> dict[str, Any]:
        return {"passphrase": Passphrase(self.cleaned_data["sealed_passphrase"])}


def _called(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    """The memberships of people, or in organizations, whose name contains the text."""
    return found.filter(Q(user__full_name__icontains=text) | Q(organization__name__icontains=text))


@form_for(PROJECT, "name_key_holders")
class NameKeyHolders(ActionForm):
    """Who holds the key, and how many of them are needed."""

    people = SoughtListField(
        label=_("开标小组"),
        queryset=Membership.objects.none(),
        seek=_called,
        hint=_("输入姓名或单位的一部分"),
        help_text=_("每人自设口令，口令谁也查不到；忘记口令的人多了就开不了标。"),
    )
    keys_needed = CountField(label=_("开标需要几人到场"), least=2, most=15)

    def prepare(self) -> None:
        held = Membership.objects.on(moments.today()).filter(role__in=HOLDS_KEYS)
        self.chooser("people").queryset = held.select_related("user", "organization", "place")
        self.call_choices("people", lambda person: f"{person.user.full_name} · {person}")
        if self.obj is not None:
            seats = self.obj.keyholders.on_duty()
            people = held.filter(user_id__in=seats.values("person_id"))
            self.initial.setdefault("people", [person.pk for person in people])
            self.initial.setdefault("keys_needed", self.obj.keys_needed)

    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"people": list(data["people"]), "keys_needed": data["keys_needed"]}
