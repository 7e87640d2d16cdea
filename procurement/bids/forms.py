"""The form of a bid."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, DeclarationField, form_for
from foundation.forms.fields import MoneyField
from foundation.forms.uploads import UploadsField
from foundation.wording import figure, listed
from organizations.providers.models import Provider
from procurement.bids.bidding import Offer
from procurement.bids.states import BID
from procurement.phases import OUT_FOR_BIDS
from procurement.purchases.models import Project
from procurement.purchases.seeking import a_project
from procurement.purchases.states import ProjectStatus
from procurement.supplier import supporting_documents
from procurement.supplier.supporting_documents import Enclosed

FILES = ("pdf", "jpg", "png", "xlsx")


@form_for(BID, "seal")
class Seal(ActionForm):
    """A price for each item, plan and team; the required documents come from the provider's folder.

    Prices are never stored in a draft: until the bid is sealed they exist on the page only.
    """

    project = a_project(_("采购项目"))
    plan = forms.CharField(
        label=_("服务方案"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("对照评分标准逐条写。边写边存，密封前只有您的账号看得到。"),
    )
    team = forms.CharField(
        label=_("人员与业绩"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    files = UploadsField(  # type: ignore[assignment]  # the class keeps its own
        label=_("其他附件"),
        kinds=FILES,
        required=False,
        help_text=_("要求的材料自动从材料夹带入，这里只放补充的。"),
    )
    sealed_confirmed = DeclarationField(
        label=_("我代表本机构投标，报价和材料真实有效。"), error_messages={"required": _("请先确认。")}
    )

    def prepare(self) -> None:
        seen = Project.objects.visible_to(self.actor) if self.actor else Project.objects.none()
        self.chooser("project").queryset = seen.filter(status__in=ProjectStatus.in_phase(OUT_FOR_BIDS))
        project = self.chosen("project")
        if project is None:
            return
        for item in project.items.select_related("item"):
            self.fields[f"sealed_price_{item.pk}"] = MoneyField(
                label=gettext("%(item)s 单价（元）") % {"item": f"{item.item.code} {item.item.local_name}"},
                help_text=gettext("%(quota)s %(unit)s，单价不超过 %(limit)s 元。")
                % {
                    "quota": figure(item.quota),
                    "unit": item.item.local_unit,
                    "limit": figure(item.limit_price),
                },
            )
        provider = Provider.objects.filter(organization_id=self.by.organization).first()
        if provider is not None:
            checks = supporting_documents.checklist(project, provider)
            lacking = [check.words for check in checks if check.paper is None]
            if lacking:
                self.fields["files"].help_text = gettext("材料夹里还缺：%(papers)s。补齐之前不能投标。") % {
                    "papers": listed(lacking)
                }
        prices = [name for name in self.fields if name.startswith("sealed_price_")]
        self.order_fields(["project", *prices, "plan", "team", "files", "sealed_confirmed"])

    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        prices = {
            int(name.removeprefix("sealed_price_")): price
            for name, price in data.items()
            if name.startswith("sealed_price_")
        }
        files = [Enclosed(file.name[:120], file.kind, file.read()) for file in data["files"]]
        return {"project": data["project"], "offer": Offer(prices, data["plan"], data["team"], files)}
