"""The checklist, the same whether the documents are accepted or returned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import DayField
from organizations.document_checks import knowing
from organizations.document_checks.items import Asked, CheckItem, Found, asked
from organizations.providers.states import PROVIDER

#: What is asked of each item.
PARTS = ("found", "where", "on", "words")


@dataclass(frozen=True)
class Group:
    """One item as the page shows it: what it is called, what is known of it here, and its fields; ``looked_at`` is the
    page on which a masked value of it is looked at.
    """

    label: Any
    known: list[str]
    fields: list[forms.BoundField]
    looked_at: str = ""


@form_for(PROVIDER, "check_documents", "return_documents", "check_again", "return_renewal")
class Checklist(ActionForm):
    """Of each item of the rule what was found, where and when, and what is to be said of it."""

    template = "organizations/document_checks/checklist.html"

    def prepare(self) -> None:
        if self.obj is not None and self.obj.last_check is not None:
            self.facts = "organizations/providers/last_check.html"
        self.items: list[Asked] = asked() if self.obj is not None else []
        for item in self.items:
            self.fields |= _fields_of(item)
            for part in PARTS:
                self.place_within(f"{item.code}_{part}", item.label)
            self.show_as_needed(f"{item.code}_where")

    @property
    def usual_places(self) -> list[str]:
        """Where items are looked up as a rule, to be chosen from while one types."""
        return list(dict.fromkeys(str(item.where) for item in self.items if item.where))

    @property
    def groups(self) -> list[Group]:
        """The items with what is known here of each."""
        known = knowing.known_of(self.obj)
        return [
            Group(
                item.label,
                known.get(item.code, []),
                [self[f"{item.code}_{part}"] for part in PARTS],
                self._page_of(item.code),
            )
            for item in self.items
        ]

    def _page_of(self, code: str) -> str:
        """The page on which the value behind an item is looked at; "" where none is masked."""
        masked = code == CheckItem.BANK_ACCOUNT and self.obj.bank_account
        return self.obj.get_absolute_url() if masked else ""

    def given(self) -> dict[str, Any]:
        given = self.cleaned_data
        findings = [
            {
                "item": item.code,
                "label": str(item.label),
                "found": given[f"{item.code}_found"],
                "where": given[f"{item.code}_where"],
                "on": given[f"{item.code}_on"].isoformat(),
                "words": given[f"{item.code}_words"],
            }
            for item in self.items
        ]
        return {"findings": findings}


def _fields_of(item: Asked) -> dict[str, forms.Field]:
    """The fields of one item."""
    choices = [choice for choice in Found.choices if not item.always or choice[0] != Found.NOT_NEEDED]
    return {
        f"{item.code}_found": forms.ChoiceField(
            label=_("查验结果"), choices=choices, widget=forms.RadioSelect
        ),
        f"{item.code}_where": forms.CharField(
            label=_("在哪里查的"),
            max_length=80,
            required=False,
            widget=forms.TextInput(attrs={"list": "usual-places"}),
            help_text=_("判为符合或不符合的必须写；不涉及的不写。"),
        ),
        f"{item.code}_on": DayField(label=_("查验日期"), ahead=False, initial=moments.today()),
        f"{item.code}_words": forms.CharField(
            label=_("情况说明"),
            max_length=200,
            required=False,
            help_text=_("不符合的必须写：哪里不符合、怎样补正。"),
        ),
    }
