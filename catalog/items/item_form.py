"""The form of an item, used by the page, the API and the import of sheets alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.items import editing
from catalog.items.kinds import Disability, Funding, Method, Residence, ServiceKind, TargetGroup
from catalog.items.models import ITEM_CODE, Item
from catalog.items.standards import StandardsField
from foundation.forms.actions import ActionForm
from foundation.forms.fields import CodeField, CountField, DayField, FoldedField, MoneyField
from foundation.forms.words import WordField, WordListField, spellings
from foundation.refusals import Words
from foundation.rules import reading
from households.register.models import Category
from organizations.bodies.models import Organization
from organizations.places.models import Place
from organizations.responsibilities import offered

#: The highest price of a unit (CNY) that the column can hold.
DEAREST = Decimal("99999999.99")


@dataclass(frozen=True)
class World:
    """What items refer to: bodies and places by code, and the percentage of the ceiling rule."""

    bodies: dict[str, Organization]
    places: dict[str, str]
    percent: int

    @classmethod
    def now(cls) -> World:
        """The present state, in three queries."""
        bodies = Organization.objects.bodies()
        towns = Place.objects.towns()
        return cls(
            bodies={body.code: body for body in bodies},
            places=dict(towns.values_list("code", "name")),
            percent=int(reading.current("catalog.ceiling").value["percent_above_guide"]),
        )

    @cached_property
    def choices(self) -> dict[str, list[tuple[str, Any]]]:
        """The choices of the fields that refer to bodies and places."""
        return {
            "body": [(code, body.name) for code, body in self.bodies.items()],
            "places": list(self.places.items()),
            "need_kind": offered.choices(),
        }

    @cached_property
    def known(self) -> dict[str, dict[str, str]]:
        """Every spelling of every choice, computed once for many rows."""
        fields = ItemForm.base_fields.items()
        worded = {n: f.choices for n, f in fields if isinstance(f, WordField | WordListField)}
        # The list that the city takes is made anew for each language.
        choices = worded | self.choices | {"need_kind": worded["need_kind"]}
        return {name: spellings(found) for name, found in choices.items()}


def _long(label: Words, longest: int, **more: Any) -> forms.CharField:
    """A text of several lines."""
    rows = 2 if longest < 700 else 3
    return forms.CharField(
        label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


class ItemForm(ActionForm):
    """Every field of an item but its edition, in the order of the sheet."""

    template = "catalog/items/item_form.html"

    code = CodeField(
        label=gettext_lazy("代码"),
        max_length=8,
        help_text=gettext_lazy("三级代码，例如 B01.02:B 是大类，B01 是小类。"),
    )
    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=80, required=False)
    kind = WordField(label=gettext_lazy("类别"), choices=ServiceKind.choices)
    need_kind = WordField(label=gettext_lazy("对应需求"), choices=offered.choices)
    directory_code = FoldedField(
        label=gettext_lazy("指导性目录代码"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("政府购买服务指导性目录中的三级代码。"),
    )
    description = _long(gettext_lazy("服务内容"), 1000)
    description_en = _long(gettext_lazy("服务内容（英文）"), 2000, required=False)
    includes = _long(gettext_lazy("包括"), 600, required=False)
    excludes = _long(gettext_lazy("不包括"), 600, required=False)
    target_groups = WordListField(label=gettext_lazy("服务人群"), choices=TargetGroup.choices)
    audience_text = forms.CharField(
        label=gettext_lazy("服务对象"), max_length=120, help_text=gettext_lazy("用百姓听得懂的话写。")
    )
    audience_en = forms.CharField(label=gettext_lazy("服务对象（英文）"), max_length=120, required=False)
    categories = WordListField(
        label=gettext_lazy("救助类别条件"),
        required=False,
        choices=[choice for choice in Category.choices if choice[0] != Category.NONE],
        help_text=gettext_lazy("不选表示不限。"),
    )
    age_from = CountField(label=gettext_lazy("年龄下限（岁）"), least=0, most=120, required=False)
    age_to = CountField(label=gettext_lazy("年龄上限（岁）"), least=0, most=120, required=False)
    disability = WordField(
        label=gettext_lazy("残疾条件"),
        choices=[("", gettext_lazy("不限")), *Disability.choices],
        required=False,
    )
    income_percent = CountField(
        label=gettext_lazy("人均收入不超过低保标准的百分比"),
        most=1000,
        required=False,
        help_text=gettext_lazy("例如 150 表示不超过低保标准的 1.5 倍；不填表示不限。"),
    )
    residence = WordField(
        label=gettext_lazy("居住条件"),
        choices=[("", gettext_lazy("不限")), *Residence.choices],
        required=False,
    )
    unit = forms.CharField(label=gettext_lazy("计量单位"), max_length=20)
    unit_en = forms.CharField(label=gettext_lazy("计量单位（英文）"), max_length=40, required=False)
    price_low = MoneyField(label=gettext_lazy("指导价下限"), most=DEAREST)
    price_high = MoneyField(label=gettext_lazy("指导价上限"), most=DEAREST)
    price_ceiling = MoneyField(
        label=gettext_lazy("最高限价"),
        most=DEAREST,
        required=False,
        help_text=gettext_lazy("不填则按规则在指导价上限之上自动计算。"),
    )
    standards = StandardsField(label=gettext_lazy("服务标准"))
    methods = WordListField(label=gettext_lazy("可用采购方式"), choices=Method.choices, required=False)
    funding = WordField(label=gettext_lazy("资金性质"), choices=Funding.choices)
    funding_source = forms.CharField(
        label=gettext_lazy("资金来源"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("例如 困难群众救助补助资金、福利彩票公益金。"),
    )
    body = WordField(label=gettext_lazy("责任部门"), choices=())
    places = WordListField(
        label=gettext_lazy("开展区域"), choices=(), required=False, help_text=gettext_lazy("不选表示全市。")
    )
    valid_from = DayField(
        label=gettext_lazy("有效期自"), required=False, help_text=gettext_lazy("不填表示随本版目录施行。")
    )
    valid_until = DayField(label=gettext_lazy("有效期至"), required=False)

    def __init__(self, *args: Any, world: World | None = None, **kwargs: Any) -> None:
        self.world = world or World.now()
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        for name, found in self.world.choices.items():
            self.options(name).choices = found
        for name in ("kind", "need_kind", "funding", "body"):
            field = self.options(name)
            field.widget.choices = [("", _("请选择")), *cast(list[Any], field.choices)]
        for name, known in self.world.known.items():
            cast(Any, self.fields[name]).known = known
        typed = self.fields["standards"].widget.value_from_datadict(self.initial, {}, "standards")
        if typed:  # a saved draft of the form holds the raw input
            self.initial["standards"] = typed
        if isinstance(self.obj, Item):
            self.fields["seen"] = forms.CharField(required=False, widget=forms.HiddenInput)
            self.initial.setdefault("seen", editing.stamp(self.obj))
            self.fields["code"].disabled = True
            self._keep_its_kind(self.obj)
            for name, value in as_given(self.obj, self.world.percent).items():
                self.initial.setdefault(name, value)

    def _keep_its_kind(self, item: Item) -> None:
        """An item of a kind that the city no longer takes may stay with it."""
        field = self.options("need_kind")
        if item.need_kind not in dict(cast(list[Any], field.choices)):
            field.choices = [*cast(list[Any], field.choices), (item.need_kind, item.get_need_kind_display())]
            cast(Any, field).known = None

    def faults_of(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is wrong with the values of another item, by field, as if this form had been given them.

        The fields are made once for all rows of a sheet.
        """
        self.data, self.is_bound = given, True
        self.full_clean()
        return self.errors

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The fields in sections of a few, for the page."""
        return [{"title": title, "fields": [self[name] for name in names]} for title, names in SECTIONS]

    def clean_code(self) -> str:
        """A code of the third level."""
        code = self.cleaned_data["code"]
        if not ITEM_CODE.fullmatch(code):
            raise forms.ValidationError(_("代码应像 B01.02：一个字母、两位数字、点、两位数字。"))
        return code

    def clean_body(self) -> Organization | None:
        """The responsible body of the code."""
        return self.world.bodies.get(self.cleaned_data["body"])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        low, high = found.get("price_low"), found.get("price_high")
        if low and high and low > high:
            self.add_error("price_low", _("下限不能高于上限。"))
        if high and not found.get("price_ceiling") and "price_ceiling" not in self.errors:
            found["price_ceiling"] = Item.ceiling_for(high, self.world.percent)
        if high and found.get("price_ceiling") and found["price_ceiling"] < high:
            self.add_error("price_ceiling", _("最高限价不能低于指导价上限。"))
        for first, last in (("age_from", "age_to"), ("valid_from", "valid_until")):
            begin, end = found.get(first), found.get(last)
            if begin is not None and end is not None and begin > end:
                self.add_error(last, _("不能早于（小于）起点。"))
        self._methods_fit(found)
        return found

    def _methods_fit(self, found: dict[str, Any]) -> None:
        """Purchased items need procurement methods; charity projects and relief funds must not have any."""
        funding, methods = found.get("funding"), found.get("methods")
        if funding == Funding.PURCHASED and not methods and "methods" not in self.errors:
            self.add_error("methods", _("政府购买的项目至少选一种采购方式。"))
        if funding and funding != Funding.PURCHASED and methods:
            self.add_error("methods", _("慈善项目和救助资金不经政府采购，请不要选采购方式。"))


SECTIONS = (
    (
        gettext_lazy("是什么服务"),
        (
            "code",
            "name",
            "name_en",
            "kind",
            "need_kind",
            "directory_code",
            "description",
            "description_en",
            "includes",
            "excludes",
        ),
    ),
    (
        gettext_lazy("给谁"),
        (
            "target_groups",
            "audience_text",
            "audience_en",
            "categories",
            "age_from",
            "age_to",
            "disability",
            "income_percent",
            "residence",
            "places",
        ),
    ),
    (
        gettext_lazy("价格和标准"),
        ("unit", "unit_en", "price_low", "price_high", "price_ceiling", "standards"),
    ),
    (
        gettext_lazy("怎么购买、谁负责"),
        ("funding", "funding_source", "methods", "body", "valid_from", "valid_until"),
    ),
)


def values_of(item: Item) -> dict[str, Any]:
    """An item's plain values by field; the body by its code."""
    values = {name: getattr(item, name) for name in ItemForm.base_fields}
    return values | {"body": item.body.code}


def as_given(item: Item, percent: int) -> dict[str, Any]:
    """An item's values as the form takes them.

    A ceiling that the rule has computed (``percent`` above the guide price) is left out, so that it follows
    the price.
    """
    values = values_of(item)
    if item.price_ceiling == Item.ceiling_for(item.price_high, percent):
        values["price_ceiling"] = None
    return values
