"""What acts on the catalog take."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from catalog import effects, offers, renewal
from catalog.editions import DESCRIPTION
from catalog.kinds import Funding
from catalog.lifecycle import COMMENT, EDITION, IMPORT, OFFER, EditionStatus
from catalog.models import Edition, Heading, Item
from catalog.models.offer import Weekday, both_sexes, common_language, working_week
from foundation import moments
from foundation.columns import column_of
from foundation.inputs import (
    CodeField,
    CountField,
    DayField,
    DeclarationField,
    HourField,
    Input,
    MoneyField,
    UploadField,
    UploadsField,
    inputs_for,
)
from households.models.household import Language, Sex


def _column(name: str) -> forms.Field:
    found = column_of(Edition, name).formfield()
    if found is None:
        raise TypeError(f"{name} has no field in forms")
    return found


@inputs_for(EDITION, "draft")
class Draft(Input):
    title = forms.CharField(label=_("标题"), max_length=120)
    note = forms.CharField(
        label=_("说明"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def prepare(self) -> None:
        year = moments.today().year + 1
        self.initial.setdefault("title", _("江阴市社会救助政府购买服务目录（%(year)s年版）") % {"year": year})


@inputs_for(EDITION, "correct")
class Correct(Input):
    edition = forms.ModelChoiceField(label=_("更正的版本"), queryset=Edition.objects.none())
    correction_reason = forms.CharField(
        label=_("更正理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("会写进公告：哪里有误，为什么改。"),
    )

    def prepare(self) -> None:
        self.chooser("edition").queryset = Edition.objects.published()


@inputs_for(EDITION, "describe")
class Describe(Input):
    """The title, the note and the header of the notice, as the model has them."""

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


@inputs_for(EDITION, "approve")
class Approve(Input):
    facts = "catalog/effect_summary.html"

    document_number = forms.CharField(
        label=_("文件编号"), max_length=40, help_text=_("例如 澄民发〔2026〕88号。")
    )
    index_number = forms.CharField(
        label=_("信息索引号"), max_length=40, help_text=_("例如 01404053X/2026-00088。")
    )
    dated_on = DayField(label=_("生成日期"), required=False, help_text=_("公文落款的日期，不填为今天。"))
    in_force_from = DayField(label=_("施行日期"), help_text=_("今天或以后的某一天。"))

    def prepare(self) -> None:
        self.initial.setdefault("in_force_from", moments.today() + timedelta(days=7))

    @cached_property
    def effect(self) -> effects.Effect:
        """What the edition would touch, for whoever is about to publish it."""
        return effects.of(self.obj)


class NameHeading(Input):
    code = CodeField(
        label=_("代码"), max_length=3, help_text=_("大类一个字母（B），小类再加两位数字（B01）。")
    )
    name = forms.CharField(label=_("名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), max_length=80, required=False)

    def prepare(self) -> None:
        if isinstance(self.obj, Heading):
            self.fields["code"].disabled = True
            for name in ("code", "name", "name_en"):
                self.initial.setdefault(name, getattr(self.obj, name))


@inputs_for(IMPORT, "upload")
class Upload(Input):
    facts = "catalog/upload_help.html"

    edition = forms.ModelChoiceField(label=_("目录版本"), queryset=Edition.objects.none())
    file = UploadField(
        label=_("目录文件"),
        kinds=("xlsx", "csv"),
        help_text=_("XLSX 或 CSV。可以先导出一份作样子；先看预览，确认后才写入草稿。"),
    )
    replace = forms.BooleanField(
        label=_("文件就是全部内容：草稿里有而文件里没有的，从草稿中删除"), required=False
    )

    def prepare(self) -> None:
        self.chooser("edition").queryset = Edition.objects.filter(status=EditionStatus.DRAFT)

    @property
    def models(self) -> list[Edition]:
        """Editions whose sheet shows how a file should look."""
        return list(Edition.objects.in_force())


@inputs_for(IMPORT, "apply")
class ApplyImport(Input):
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


@inputs_for(COMMENT, "give")
class Give(Input):
    edition = forms.ModelChoiceField(label=_("目录版本"), queryset=Edition.objects.none())
    item_code = CodeField(
        label=_("针对的项目"),
        max_length=8,
        required=False,
        help_text=_("填代码，例如 B01.02；不填表示针对整个目录。"),
    )
    text = forms.CharField(label=_("意见"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))

    def prepare(self) -> None:
        self.chooser("edition").queryset = Edition.objects.filter(status=EditionStatus.CONSULTATION)


@inputs_for(COMMENT, "answer")
class Answer(Input):
    text = forms.CharField(label=_("答复"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class _Capacity(Input):
    """What a provider says of itself, when it applies and when it renews."""

    places = CountField(label=_("同时服务名额"), most=10_000, help_text=_("同一时间能服务多少人（户）。"))
    weekly = CountField(label=_("每周服务量"), most=100_000, help_text=_("一周能提供多少个计量单位。"))
    price = MoneyField(label=_("单价（元）"), help_text=_("不超过目录的最高限价。"))
    staff = forms.CharField(label=_("人员资质"), max_length=200, help_text=_("例如 助理社工师 3 名。"))


PAPERS = UploadsField(
    label=_("证明材料"),
    kinds=("pdf", "jpg", "png"),
    required=False,
    help_text=_("资质证书、人员名单等，PDF 或照片，最多 6 份，加密保存。"),
)


@inputs_for(OFFER, "apply")
class Apply(_Capacity):
    field_order = ["item", "places", "weekly", "price", "staff"]

    item = forms.ModelChoiceField(label=_("服务项目"), queryset=Item.objects.none())
    weekdays = forms.MultipleChoiceField(
        label=_("服务日"),
        choices=Weekday.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=working_week,
        required=False,
        help_text=_("不选为周一至周五。"),
    )
    opens_at = HourField(
        label=_("开始时间"),
        initial="08:30",
        required=False,
        widget=forms.TimeInput(format="%H:%M"),
        help_text=_("不填为 08:30。"),
    )
    closes_at = HourField(
        label=_("结束时间"),
        initial="17:30",
        required=False,
        widget=forms.TimeInput(format="%H:%M"),
        help_text=_("不填为 17:30。"),
    )
    speaks = forms.MultipleChoiceField(
        label=_("服务语言"),
        choices=Language.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=common_language,
        required=False,
        help_text=_("不选为普通话。"),
    )
    sexes = forms.MultipleChoiceField(
        label=_("服务人员性别"),
        choices=Sex.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=both_sexes,
        required=False,
        help_text=_("不选为男女都有。"),
    )
    stock = CountField(
        label=_("自有资金或物资够几份"),
        least=0,
        required=False,
        help_text=_("只有慈善项目填：按计量单位还能提供多少。不填为不限。"),
    )
    papers = PAPERS

    def prepare(self) -> None:
        items = Item.objects.in_force().exclude(funding=Funding.RELIEF_FUND)
        self.chooser("item").queryset = items.defer("search")

    def given(self) -> dict[str, Any]:
        """Without the hours that were left open."""
        found = super().given()
        return {name: value for name, value in found.items() if value is not None}


@inputs_for(OFFER, "renew")
class Renew(_Capacity):
    facts = "catalog/renewal.html"

    confirmed = DeclarationField(
        label=_("已阅读新版目录对这个项目的改动，同意按新版提供服务。"),
        error_messages={"required": _("请先确认已阅读改动。")},
    )
    papers = PAPERS

    def prepare(self) -> None:
        if self.obj is not None:
            for name in ("places", "weekly", "price", "staff"):
                self.initial.setdefault(name, getattr(self.obj, name))

    @cached_property
    def renewal(self) -> renewal.Renewal | None:
        """What the edition in force has changed."""
        return offers.to_renew(self.obj)


@inputs_for(OFFER, "update_places")
class UpdatePlaces(Input):
    places = CountField(label=_("同时服务名额"), least=0, most=10_000)
    weekly = CountField(label=_("每周服务量"), most=100_000, required=False, help_text=_("不改可以留空。"))
    stock = CountField(
        label=_("自有资金或物资够几份"), least=0, required=False, help_text=_("不改可以留空。")
    )

    def prepare(self) -> None:
        if self.obj is not None:
            self.initial.setdefault("places", self.obj.places)
            if self.obj.item.funding != Funding.CHARITY_PROJECT:
                del self.fields["stock"]
