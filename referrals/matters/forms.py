"""Forms of the actions on matters: acceptance at the window, own applications, reports and their acceptance."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric

from foundation.forms import typed as written
from foundation.forms.actions import ActionForm, DeclarationField, form_for
from foundation.forms.fields import CountField, IdNumberField, MoneyField, PhoneField
from foundation.forms.words import WordListField
from foundation.wording import day
from households.identity import lookups
from households.register import registration
from households.register.forms import OfHousehold, Recognition, why_field
from households.register.models import Category, Language, Sex
from organizations.places.models import Place
from organizations.places.seeking import a_place_in_the_city
from organizations.responsibilities import offered
from organizations.responsibilities.need_kinds import NeedKind
from referrals.matters.differences import DIFFERENCES, difference_field, differences_field
from referrals.matters.identifying import OF_A_NEW_HOUSEHOLD
from referrals.matters.reporting_forms import story_field
from referrals.matters.states import MATTER


def needs_offered() -> list[tuple[str, str]]:
    """The kinds of need that households may have, of those that the city takes."""
    return [choice for choice in offered.choices() if choice[0] != NeedKind.ADMINISTRATIVE]


@form_for(MATTER, "accept_application")
class AcceptApplication(ActionForm):
    """For a known household only its needs are asked; for a new one its situation too."""

    template = "referrals/matters/intake.html"
    on_demand = ("why", *DIFFERENCES)
    ABOUT_NEW = (*OF_A_NEW_HOUSEHOLD, "monthly_income", "phone", "address", "language")
    #: The fields that are compared with the register for a known household, where they are filled in.
    COMPARED = ("name", "phone", "address", *DIFFERENCES)

    id_number = IdNumberField(
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "hx-post": reverse_lazy("look-up-household"),
                "hx-trigger": "input changed delay:400ms",
                "hx-target": "#known",
                "hx-swap": "outerHTML",
                "hx-include": "closest form",
            }
        )
    )
    name = forms.CharField(label=_("姓名"), max_length=40, required=False)
    place = forms.ModelChoiceField(label=_("村（社区）"), queryset=Place.objects.none(), required=False)
    category = forms.ChoiceField(
        label=_("救助类别"), choices=[("", _("请选择")), *Category.choices], required=False
    )
    size = CountField(label=_("家庭人口"), most=30, required=False)
    monthly_income = MoneyField(
        label=_("月人均收入（元）"), least=0, required=False, help_text=_("说不清可以不填。")
    )
    phone = PhoneField(required=False)
    address = forms.CharField(label=_("住址"), max_length=120, required=False)
    language = forms.ChoiceField(
        label=_("沟通语言"), choices=Language.choices, initial=Language.MANDARIN, required=False
    )
    needs = forms.MultipleChoiceField(
        label=_("需要什么帮助"),
        choices=needs_offered,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少勾选一项需求。")},
    )
    story = story_field(required=False)
    urgent = forms.BooleanField(
        label=_("急难：需要立即处理"), required=False, help_text=_("48 小时内先行救助。")
    )
    papers_later = forms.BooleanField(
        label=_("急难：材料后补"), required=False, help_text=_("5 个工作日内补齐。")
    )
    worker_sex = forms.ChoiceField(
        label=_("希望的服务人员"), choices=[("", _("不限")), *Sex.choices], required=False
    )
    consent = DeclarationField(
        label=_("本人同意把姓名、电话、住址提供给接受转介的机构"),
        required=False,
        help_text=_("单独同意，可随时撤回；不同意不影响政府救助。"),
    )
    difference_name = difference_field(_("姓名不同时"))
    difference_phone = difference_field(_("电话不同时"))
    difference_address = difference_field(_("住址不同时"))
    differences = differences_field()
    why = why_field()

    def given(self) -> dict[str, Any]:
        """The action's arguments, after looking the number up, with a reason where the household belongs to
        another window.
        """
        given = super().given()
        answer = lookups.look_up(given["id_number"], by=self.by, reason=given["why"])
        lookups.ask_why(answer, given["why"])
        return given

    def prepare(self) -> None:
        if self.actor is not None:
            self.chooser("place").queryset = Place.objects.villages().filter(parent_id=self.actor.place_id)
        for name in OF_A_NEW_HOUSEHOLD:
            self.show_as_needed(name)  # of a new household only; the action asks for it

    @cached_property
    def recognition(self) -> Recognition:
        """The household of the number typed so far, as far as the window may know it."""
        return Recognition.of_number(str(self["id_number"].value() or ""), self.actor)

    @property
    def number_before(self) -> str:
        """The number that the rest of the form was filled in for; empty at first."""
        source = self.data if self.is_bound else self.initial
        return str(source.get("about", ""))

    @property
    def _number(self) -> str:
        """The number in the form if it is valid; otherwise empty."""
        return _valid(str(self["id_number"].value() or ""))

    @property
    def about(self) -> str:
        """The number that the form is about: the last valid one."""
        return self.number_before if self.is_anothers else self._number or self.number_before

    @cached_property
    def is_anothers(self) -> bool:
        """Whether the number is now another than the one that the form was filled in for, and nobody has said
        that it was only corrected. The register is not asked here, since its answer would disclose which
        numbers it knows.
        """
        before, now = _valid(self.number_before), self._number
        return bool(before and now) and before != now and not self.is_mended

    @property
    def is_mended(self) -> bool:
        """Whether the user says that the number was corrected, for the same household."""
        source = self.data if self.is_bound else self.initial
        return written.folded(str(source.get("mended", ""))).lower() in written.YES

    def clean(self) -> dict[str, Any]:
        """Refuse to send what was filled in for one household under the number of another."""
        given = super().clean()
        if given.get("id_number") and self.is_anothers:
            self.data = data = cast(QueryDict, self.data).copy()
            data["id_number"] = self.number_before
            message = _(
                "证件号换成了另一户的，下面填的还是前一户的内容，没有提交；证件号已改回。"
                "要受理另一户，请再改证件号，等页面换成空白后填写。"
            )
            self.add_error("id_number", message)
        elif self.errors and given.get("id_number"):
            self._add_missing_data(given)
        return given

    def _add_missing_data(self, given: dict[str, Any]) -> None:
        """Report what a new household lacks together with the other errors."""
        who = self.recognition
        if who.household is None and not who.fault:
            for name, words in OF_A_NEW_HOUSEHOLD.items():
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, words)

    @classmethod
    def as_kept(cls, typed: dict[str, list[str]]) -> dict[str, list[str]]:
        """The draft, stored under the number that it was filled in for."""
        kept, about = super().as_kept(typed), typed.get("about")
        kept.pop("mended", None)
        return {**kept, "id_number": about} if about and about[0] else kept

    def called(self, typed: dict[str, list[str]]) -> str:
        """The title of the draft: the household's own number where this user has found it, otherwise birthday
        and sex.
        """
        number = _valid(next(iter(typed.get("id_number", ())), ""))
        home = lookups.found_before(number, by=self.actor) if number and self.actor else None
        if home:
            return f"{home.head.person if home.head else ''} {home}".strip()
        if number and not any(typed.get("name", ())):  # the number itself tells both
            born, sex = ric.get_birth_date(number), registration.sex_of(number)
            return str(_("%(born)s出生的%(sex)s性") % {"born": day(born), "sex": sex.label})
        return super().called(typed)

    @property
    def about_new(self) -> list[forms.BoundField]:
        """The fields that are asked only of a household unknown to the city."""
        return [self[name] for name in self.ABOUT_NEW]

    @property
    def about_known(self) -> list[forms.BoundField]:
        """The fields of a known household that may have changed and are compared with the register."""
        return [self[name] for name in self.COMPARED if self.is_asked(name)]

    @property
    def said_anew(self) -> bool:
        """Whether one of those is filled in already."""
        return any(self[name].value() for name in self.COMPARED)

    @property
    def asks_why(self) -> bool:
        """Whether a reason is missing, which is then asked for beside the number."""
        return bool(self["why"].errors)

    @property
    def about_all(self) -> list[forms.BoundField]:
        """The fields that every applicant fills in, after the number."""
        apart = {*self.ABOUT_NEW, *self.COMPARED, "id_number"}
        if self.asks_why or not self.is_asked("why"):
            apart.add("why")
        return [self[name] for name in self.fields if name not in apart]


def _valid(text: str) -> str:
    """The number in its normal form; empty where it is invalid."""
    try:
        return IdNumberField(required=False).clean(text)
    except forms.ValidationError:
        return ""


def plain_needs() -> list[tuple[str, str]]:
    """The kinds of need that a household can choose itself; the others are for professionals."""
    for_professionals = (NeedKind.SUPPLEMENT, NeedKind.PRICE, NeedKind.HUMANITARIAN)
    return [choice for choice in needs_offered() if choice[0] not in for_professionals]


def wishes() -> forms.MultipleChoiceField:
    """The field in which a household ticks its needs."""
    return forms.MultipleChoiceField(
        label=_("需要什么帮助"),
        choices=plain_needs,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少勾选一项；说不清就选“其他或说不清”。")},
    )


@form_for(MATTER, "apply")
class Apply(ActionForm):
    """The application of a known household, which is asked only what it needs."""

    field_order = ["story", "urgent", "needs"]

    needs = wishes()
    story = forms.CharField(
        label=_("遇到了什么困难"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("想到什么写什么，窗口会再联系您。"),
    )
    urgent = forms.BooleanField(label=_("很急，今天就需要帮助"), required=False)


class ApplyAsNew(Apply):
    """The application of an unknown household, with its data; its phone was verified by a code."""

    field_order = ["story", "urgent", "name", "id_number", "place", "address", "size"]

    name = forms.CharField(label=_("您的姓名"), max_length=40)
    id_number = IdNumberField()
    place = a_place_in_the_city()
    address = forms.CharField(label=_("住址"), max_length=120, required=False)
    size = CountField(label=_("家里几口人"), most=30)


@form_for(MATTER, "find")
class Find(OfHousehold):
    kind = forms.ChoiceField(label=_("可能需要的帮助"), choices=needs_offered)
    story = story_field()


@form_for(MATTER, "accept")
class AcceptReport(ActionForm):
    """What was reported is compared with the document and the register before it is accepted."""

    on_demand = ("why", *DIFFERENCES)
    ABOUT_TOLD = ("id_number", "name", "phone", "address", *DIFFERENCES, "why")

    id_number = IdNumberField(help_text=_("请对照证件原件填写。申请里的号码是自己说的，没有核对过。"))
    name = forms.CharField(
        label=_("证件上的姓名"), max_length=40, required=False, help_text=_("与申请里相同可不填。")
    )
    phone = PhoneField(
        required=False,
        help_text=_("请当面或回拨核实后填写。网上申请的不填，原来的电话核实之前不能登录，也收不到短信。"),
    )
    address = forms.CharField(
        label=_("住址"), max_length=120, required=False, help_text=_("与申请里相同可不填。")
    )
    difference_name = difference_field(_("姓名不同时"))
    difference_phone = difference_field(_("电话不同时"))
    difference_address = difference_field(_("住址不同时"))
    differences = differences_field()
    why = why_field()
    category = forms.ChoiceField(
        label=_("救助类别"), choices=[("", _("请选择")), *Category.choices], required=False
    )
    needs = WordListField(
        label=_("需要什么帮助"), choices=needs_offered, error_messages={"required": _("请至少勾选一项需求。")}
    )
    papers_later = forms.BooleanField(
        label=_("急难：材料后补"), required=False, help_text=_("5 个工作日内补齐。")
    )

    def prepare(self) -> None:
        if self.obj is None:
            return
        if self.obj.household.verified:
            for name in self.ABOUT_TOLD:
                del self.fields[name]
        else:
            self.facts = "referrals/matters/told.html"
        if self.obj.household.category != Category.NONE:
            del self.fields["category"]
        if not self.obj.urgent:
            del self.fields["papers_later"]
        self.initial.setdefault("needs", self.obj.wishes)

    def given(self) -> dict[str, Any]:
        """The action's arguments, after looking the number up."""
        given = super().given()
        if "id_number" in given:
            reason = given["why"] or str(self.obj)
            lookups.look_up(given["id_number"], by=self.by, reason=reason)
        return given
