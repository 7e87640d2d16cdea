"""Forms of reports from outside: assistants, grid workers, providers, the hotline."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import CountField, FoldedField, IdNumberField, PhoneField
from households.register.models import Category
from organizations.places.seeking import a_place_in_the_city
from referrals.matters.states import MATTER


def story_field(**kwargs: Any) -> forms.CharField:
    """The household's situation in its own words."""
    return forms.CharField(
        label=_("情况说明"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("记下来人说的困难，不必重复已填的内容。"),
        **kwargs,
    )


HARM = forms.BooleanField(
    label=_("发现未成年人受侵害迹象"), required=False, help_text=_("强制报告：立即报民政部门处理。")
)


class About(ActionForm):
    """The data that whoever reports a household gives."""

    id_number = IdNumberField()
    name = forms.CharField(label=_("姓名"), max_length=40)
    size = CountField(label=_("家庭人口"), most=30)
    phone = PhoneField(required=False)
    address = forms.CharField(label=_("住址"), max_length=120, required=False)
    story = story_field()
    urgent = forms.BooleanField(label=_("急难：需要立即处理"), required=False)
    harm = HARM


@form_for(MATTER, "report")
class Report(About):
    field_order = ["id_number", "name", "category", "size"]

    category = forms.ChoiceField(label=_("救助类别"), choices=[("", _("请选择")), *Category.choices])


@form_for(MATTER, "report_as_provider")
class ReportAsProvider(About):
    field_order = ["place"]

    place = a_place_in_the_city()


@form_for(MATTER, "report_by_hotline")
class HotlineOrder(ActionForm):
    """An order of the hotline; ``place`` is the code of a village or a town, where a town stands for its
    first village.
    """

    order = FoldedField(label=_("12345 工单号"), max_length=40)
    place = a_place_in_the_city(to_field_name="code")
    name = forms.CharField(label=_("姓名"), max_length=40)
    phone = PhoneField()
    id_number = IdNumberField(required=False)
    address = forms.CharField(label=_("住址"), max_length=120, required=False)
    story = story_field()
    urgent = forms.BooleanField(label=_("急难：需要立即处理"), required=False)
    harm = HARM
