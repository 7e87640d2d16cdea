"""Forms of the actions on exits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from evaluations.assessments.forms import FILES
from evaluations.exits import panel
from evaluations.exits.causes import Cause
from evaluations.exits.models import Exit
from evaluations.exits.states import EXIT
from foundation import moments
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import DayField
from foundation.forms.seeking import SoughtListField
from foundation.forms.uploads import UploadsField
from foundation.lifecycle.phases import SERVING, SUSPENDED
from foundation.refusals import Words
from foundation.rules import reading
from organizations.people.models import User
from organizations.people.seeking import some_people
from organizations.providers.models import Provider
from organizations.providers.seeking import a_provider
from organizations.providers.states import Standing


def reasons_field(label: Words = "") -> forms.CharField:
    """A field for facts and reasons."""
    label = label or _("事实和理由")
    return forms.CharField(
        label=label,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("退出决定后会向社会公开，不要写家庭的姓名和住址。"),
    )


def words_field(label: Words) -> forms.CharField:
    """A field for words that are not made public."""
    return forms.CharField(label=label, max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))


def panel_field() -> SoughtListField:
    """A field for the members of the panel."""
    return some_people(
        _("合议组"), help_text=_("至少 3 人、单数；提出退出、告知和批准移交的人和有利害关系的人不在名单里。")
    )


def members() -> QuerySet[Provider]:
    """The providers for which an exit can be proposed."""
    return Provider.objects.filter(status__in=Standing.in_phase(SERVING, SUSPENDED)).select_related(
        "organization"
    )


def _fill(field: forms.ModelChoiceField, exit_: Exit | None, but: int | None) -> None:
    provider = exit_.provider if exit_ is not None else None
    people = [pk for pk in panel.candidates(exit_, provider) if pk != but]
    field.queryset = User.objects.filter(pk__in=people)


@form_for(EXIT, "propose")
class Propose(ActionForm):
    provider = a_provider(_("机构"))
    cause = forms.ChoiceField(
        label=_("事由"), choices=[(cause.value, cause.label) for cause in (Cause.BREACH, Cause.LOST_LICENCE)]
    )
    reasons = reasons_field()

    def prepare(self) -> None:
        self.chooser("provider").queryset = members()


@form_for(EXIT, "ask_to_leave")
class AskToLeave(ActionForm):
    leaves_on = DayField(label=_("拟退出日期"), ahead=True)
    reasons = reasons_field(_("原因，以及在服务的家庭打算怎么交接"))

    def prepare(self) -> None:
        ahead = int(reading.current(panel.RULES).value["ahead"])
        self.initial.setdefault("leaves_on", moments.today() + timedelta(days=ahead))


@form_for(EXIT, "stop_at_once")
class StopAtOnce(ActionForm):
    provider = a_provider(
        _("机构"),
        help_text=_(
            "停止后：不再派给它新的转介，履行中的合同中止，在服务的家庭立即安排移交；随后由合议组听取申辩并决定。"
        ),
    )
    reasons = reasons_field(_("发生了什么"))
    panel = panel_field()

    def prepare(self) -> None:
        self.chooser("provider").queryset = members()
        _fill(self.chooser("panel"), None, self.actor.user_id if self.actor else None)

    def given(self) -> dict[str, Any]:
        return {**self.cleaned_data, "panel": [member.pk for member in self.cleaned_data["panel"]]}


@form_for(EXIT, "give_notice")
class GiveNotice(ActionForm):
    reasons = reasons_field()
    panel = panel_field()

    def prepare(self) -> None:
        if self.obj is not None:
            self.initial.setdefault("reasons", self.obj.reasons)
            _fill(self.chooser("panel"), self.obj, self.actor.user_id if self.actor else None)

    def given(self) -> dict[str, Any]:
        return {
            "reasons": self.cleaned_data["reasons"],
            "panel": [member.pk for member in self.cleaned_data["panel"]],
        }


@form_for(EXIT, "speak")
class Speak(ActionForm):
    statement = words_field(_("陈述和申辩"))
    files = UploadsField(  # type: ignore[assignment]  # the class keeps its own
        label=_("证据文件"), kinds=FILES, required=False
    )


@form_for(EXIT, "vote")
class CastVote(ActionForm):
    leaves = forms.TypedChoiceField(
        label=_("意见"),
        coerce=lambda value: value == "yes",
        choices=[("yes", _("应当退出")), ("no", _("不应退出"))],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(label=_("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
