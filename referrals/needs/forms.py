"""Forms of the actions on needs."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.clauses.quoting import with_basis
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import MoneyField
from households.register.forms import people_of
from households.register.models import Sex
from organizations.bodies.models import Organization
from referrals.matters.forms import needs_offered
from referrals.matters.states import MATTER
from referrals.needs import checks, triage
from referrals.needs.states import NEED


class AddNeed(ActionForm):
    kind = forms.ChoiceField(label=_("需求"), choices=needs_offered)
    text = forms.CharField(label=_("具体情况"), max_length=300, required=False)
    person = forms.ModelChoiceField(
        label=_("谁的需求"), queryset=people_of(None), required=False, help_text=_("不选：全家。")
    )
    worker_sex = forms.ChoiceField(
        label=_("希望的服务人员"), choices=[("", _("不限")), *Sex.choices], required=False
    )
    urgent = forms.BooleanField(label=_("急难"), required=False)

    def prepare(self) -> None:
        if self.obj is not None:
            self.chooser("person").queryset = people_of(self.obj.household)


@form_for(MATTER, "ask_papers")
@form_for(NEED, "ask_papers")
class AskPapers(ActionForm):
    """The missing documents, one a line; a second request needs a reason."""

    papers = forms.CharField(
        label=_("需要补齐的全部材料"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("每行一项。只能告知一次，请写全。"),
    )
    again_because = forms.CharField(
        label=_("为什么要再次告知"), max_length=300, required=False, help_text=_("第一次告知不用填。")
    )

    def prepare(self) -> None:
        matter = getattr(self.obj, "matter", self.obj)
        if matter is not None and not matter.paper_requests.exists():
            del self.fields["again_because"]


def override_field() -> forms.CharField:
    """The reason to help although the checks speak against it."""
    return forms.CharField(
        label=_("核实后仍需继续的理由"),
        max_length=300,
        required=False,
        help_text=_("系统提示重复、超额或重叠时填写，会留下记录。"),
    )


def bodies() -> QuerySet[Organization]:
    """The bodies that can be responsible for a need."""
    return Organization.objects.bodies()


@form_for(NEED, "transfer", "decide_transfer")
class Transfer(ActionForm):
    body = forms.ModelChoiceField(label=_("责任部门"), queryset=Organization.objects.none())

    def prepare(self) -> None:
        self.chooser("body").queryset = bodies()
        if self.obj is not None:
            route = triage.propose(self.obj.kind)
            if route.body:
                self.initial.setdefault("body", route.body.pk)
                self.fields["body"].help_text = with_basis(route.words, route.basis)


@form_for(NEED, "grant")
class Grant(ActionForm):
    result = forms.CharField(label=_("救助内容"), max_length=300, help_text=_("例如 临时救助。"))
    amount = MoneyField(label=_("金额（元）"), required=False, help_text=_("没有金额可以不填。"))
    override_reason = override_field()

    def prepare(self) -> None:
        if self.obj is not None:
            standing = [finding.words for finding in checks.of_need(self.obj) if finding.stands]
            if standing:
                self.fields["override_reason"].help_text = " ".join(standing)


class Dismiss(ActionForm):
    reason = forms.CharField(label=_("为什么不需要"), max_length=300)
