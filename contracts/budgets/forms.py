"""Forms of the actions on budget documents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contracts.budgets import year_end
from contracts.budgets.models import BudgetLine, ChangeKind
from contracts.budgets.states import BUDGET_CHANGE
from foundation import moments
from foundation.forms import typed
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.choosing import name_choices
from foundation.forms.fields import CountField, MoneyField
from foundation.forms.seeking import SoughtField
from foundation.refusals import Words
from organizations.bodies.models import Organization


def open_lines() -> models.QuerySet[BudgetLine]:
    """The budget lines whose year is not closed."""
    return BudgetLine.objects.filter(closed_on=None).select_related("body")


def _called(found: models.QuerySet[Any], text: str) -> models.QuerySet[Any]:
    """The budget lines of that year, or with the text in their source or in their body's name."""
    named = models.Q(source__icontains=text) | models.Q(body__name__icontains=text)
    year = typed.whole_number(text)
    return found.filter(named | models.Q(year=year) if year else named)


def budget_line_field(label: Words) -> SoughtField:
    """A field that finds an open budget line."""
    field = SoughtField(
        label=label,
        queryset=BudgetLine.objects.none(),
        seek=_called,
        hint=_("输入资金来源或责任部门的一部分"),
    )
    name_choices(field, budget_line_label)
    return field


class Document(ActionForm):
    """An amount (CNY), and the number of the document that orders it."""

    amount = MoneyField(label=_("金额（元）"))
    document_number = forms.CharField(
        label=_("文号"), max_length=60, help_text=_("例如 示财社〔2026〕12号。")
    )
    why = forms.CharField(label=_("说明"), max_length=300, required=False)

    def prepare(self) -> None:
        for name in ("line", "to_line"):
            if name in self.fields:
                self.chooser(name).queryset = open_lines()


def budget_line_label(line: BudgetLine) -> str:
    """The label of a line in a list of choices: source, body and what is free (CNY)."""
    return gettext("%(line)s · %(body)s · 可用 %(free)s 元") % {
        "line": line,
        "body": line.body,
        "free": f"{line.available:,.2f}",
    }


@form_for(BUDGET_CHANGE, "grant")
class Grant(Document):
    """Year, source and body of a grant."""

    field_order = ["year", "source", "body"]

    year = CountField(label=_("年度"), least=2000, most=2100)
    source = forms.CharField(
        label=_("资金来源"), max_length=60, help_text=_("写法与往年相同，年终才能结转到同一来源。")
    )
    body = forms.ModelChoiceField(label=_("责任部门"), queryset=Organization.objects.none())

    def prepare(self) -> None:
        self.chooser("body").queryset = Organization.objects.bodies().order_by("name")
        self.initial.setdefault("year", moments.today().year)


@form_for(BUDGET_CHANGE, "adjust")
class Adjust(Document):
    """The line, and whether it gets more or less."""

    field_order = ["line", "kind"]

    line = budget_line_field(_("预算"))
    kind = forms.ChoiceField(
        label=_("追加还是调减"),
        choices=[(kind.value, kind.label) for kind in (ChangeKind.ADD, ChangeKind.CUT)],
    )


@form_for(BUDGET_CHANGE, "shift")
class Shift(Document):
    """The line that gives and the line that gets."""

    field_order = ["line", "to_line"]

    line = budget_line_field(_("调出预算"))
    to_line = budget_line_field(_("调入预算"))


@form_for(BUDGET_CHANGE, "close")
class CloseYear(ActionForm):
    """The line whose year is to be closed."""

    line = budget_line_field(_("预算"))
    why = forms.CharField(label=_("说明"), max_length=300, required=False)

    def prepare(self) -> None:
        self.chooser("line").queryset = year_end.to_be_closed().select_related("body")
