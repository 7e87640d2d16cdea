"""Forms of the actions on bodies, windows, committees and agencies."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import CreditCodeField, DayField, OfficePhoneField
from foundation.wording import filled
from organizations.bodies import hours
from organizations.bodies.models import ENTERED, OrganizationKind
from organizations.bodies.states import ORGANIZATION
from organizations.places.models import Place
from organizations.places.seeking import a_place


class OrganizationForm(ActionForm):
    """How an organization is reached, when it is open, and on which side of a contract it may be."""

    name_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    credit_code = CreditCodeField(required=False)
    phone = OfficePhoneField(label=_("公开电话"), required=False)
    address = forms.CharField(label=_("办公地址"), max_length=120, required=False)
    hours = hours.HoursField()
    may_buy = forms.BooleanField(
        label=_("可作购买主体"), required=False, help_text=_("国家机关；公益一类事业单位和群团组织不可以。")
    )
    may_supply = forms.BooleanField(
        label=_("可作承接主体"), required=False, help_text=_("由财政预算保障的群团组织不可以。")
    )


@form_for(ORGANIZATION, "establish")
class Establish(OrganizationForm):
    """What a new body, window, committee or agency is, how it is called, and where it is."""

    kind = forms.ChoiceField(
        label=_("类别"), choices=[(kind.value, OrganizationKind(kind).label) for kind in ENTERED]
    )
    name = forms.CharField(label=_("名称"), max_length=80, help_text=_("全称，通知和公示都用它。"))
    since = DayField(label=_("这个名称自哪天起"), required=False, help_text=_("不知道就不填。"))
    place = a_place(
        _("所在地"), required=False, help_text=_("窗口写镇街，村（居）委会写村（社区）；部门不填就是市。")
    )

    field_order = ("kind", "name", "name_en", "since", "place", "phone", "address", "hours", "credit_code")

    def prepare(self) -> None:
        self.chooser("place").queryset = Place.objects.in_use().select_related("parent")


@form_for(ORGANIZATION, "change")
class ChangeOrganization(OrganizationForm):
    """The same of one that is there."""

    changes = True

    def prepare(self) -> None:
        if self.obj is None:
            return
        self.initial.setdefault("hours", hours.brief(self.obj.hours))
        for name in self.fields:
            self.initial.setdefault(name, getattr(self.obj, name))


@form_for(ORGANIZATION, "rename")
class Rename(ActionForm):
    """The new name, and the day from which it is called so."""

    name = forms.CharField(label=_("新的名称"), max_length=80)
    valid_from = DayField(
        label=_("自哪天起"), help_text=_("以前和以后的日子都可以；到那天自动换成新的名称。")
    )

    def prepare(self) -> None:
        self.initial.setdefault("valid_from", moments.today())
        if self.obj is None:
            return
        coming = self.obj.names.filter(valid_from__gt=moments.today()).first()
        if coming is not None:
            words = _(
                "已登记%(day)s起改名为“%(name)s”。再写一个名称或日子，就改掉它；写现在的名称，就收回它。"
            )
            self.fields["name"].help_text = filled(words, day=coming.valid_from, name=coming.name)
