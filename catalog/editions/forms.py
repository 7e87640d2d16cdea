"""Forms of the actions on editions."""

from datetime import timedelta

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from catalog.editions import counting
from catalog.editions.effects import Effect
from catalog.editions.models import Edition, EditionEffect
from catalog.editions.publishing import DESCRIPTION
from catalog.editions.states import EDITION
from foundation import moments
from foundation.city import reading
from foundation.columns import column_of
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import DayField, TitleField


def _column(name: str) -> forms.Field:
    """The form field of a column of ``Edition``."""
    found = column_of(Edition, name).formfield()
    if found is None:
        raise TypeError(f"{name} has no field in forms")
    return found


@form_for(EDITION, "draft")
class Draft(ActionForm):
    """Title and note of a new edition."""

    title = TitleField(label=_("标题"), max_length=120)
    note = forms.CharField(
        label=_("说明"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def prepare(self) -> None:
        year = moments.today().year + 1
        self.initial.setdefault(
            "title",
            _("%(city)s社会救助政府购买服务目录（%(year)s年版）")
            % {"city": reading.current().name, "year": year},
        )


@form_for(EDITION, "correct")
class Correct(ActionForm):
    """The edition to correct, and why."""

    edition = forms.ModelChoiceField(label=_("更正的版本"), queryset=Edition.objects.none())
    correction_reason = forms.CharField(
        label=_("更正理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("会写进公告：哪里有误，为什么改。"),
    )

    def prepare(self) -> None:
        self.chooser("edition").queryset = Edition.objects.published()


@form_for(EDITION, "describe")
class Describe(ActionForm):
    """Title, note and header of the notice, filled in from the edition."""

    changes = True

    title = _column("title")
    title_en = _column("title_en")
    note = _column("note")
    valid_until = DayField(label=_("有效期至"), required=False, help_text=_("不填表示长期有效。"))
    disclosure_form = _column("disclosure_form")
    disclosure_manner = _column("disclosure_manner")
    disclosure_scope = _column("disclosure_scope")
    disclosure_period = _column("disclosure_period")
    procedure = _column("procedure")
    genre = _column("genre")
    topic = _column("topic")
    keywords = _column("keywords")

    def prepare(self) -> None:
        for name in DESCRIPTION if self.obj is not None else ():
            self.initial.setdefault(name, getattr(self.obj, name))


@form_for(EDITION, "approve")
class Approve(ActionForm):
    """The numbers and dates of publication, beside a summary of the edition's effect."""

    facts = "catalog/editions/effect_summary.html"

    document_number = forms.CharField(
        label=_("文件编号"), max_length=40, help_text=_("例如 示民发〔2026〕88号。")
    )
    index_number = forms.CharField(
        label=_("信息索引号"), max_length=40, help_text=_("例如 00000000X/2026-00088。")
    )
    dated_on = DayField(label=_("生成日期"), required=False, help_text=_("公文落款的日期，不填为今天。"))
    in_force_from = DayField(label=_("施行日期"), help_text=_("今天或以后的某一天。"))

    def prepare(self) -> None:
        self.initial.setdefault("in_force_from", moments.today() + timedelta(days=7))

    @cached_property
    def kept_effect(self) -> EditionEffect | None:
        """How far the effect of what is to be published is counted."""
        return counting.effect_kept(self.obj)

    @cached_property
    def effect(self) -> Effect | None:
        """The effect of the edition, shown to whoever publishes it; None before it is counted."""
        kept = self.kept_effect
        return counting.read(kept, self.obj) if kept and kept.ready else None
