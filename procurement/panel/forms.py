"""Forms of the actions of experts, and of replacing one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, DeclarationField, form_for
from foundation.forms.fields import NumberField
from foundation.forms.seeking import SoughtField
from organizations.bodies.models import Organization
from organizations.people.models import ConflictKind
from procurement.bids.models import Bid
from procurement.panel import scoring
from procurement.panel.models import PanelSeat
from procurement.panel.states import PANEL_SEAT


def bidders_of(seat: PanelSeat) -> QuerySet[Organization]:
    """The organizations that bid, and the buyer."""
    bids = seat.project.bids.handed_in()
    ids = [*bids.values_list("provider__organization_id", flat=True), seat.project.buyer_id]
    return Organization.objects.filter(pk__in=ids)


def _called(found: QuerySet[Organization], text: str) -> QuerySet[Organization]:
    """The organizations with the text in their name."""
    return found.filter(name__icontains=text)


@form_for(PANEL_SEAT, "propose_excuse")
class ProposeExcuse(ActionForm):
    """The facts for replacing an expert; the ground is asked by the transition."""

    why = forms.CharField(
        label=_("事实"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("何时、何事、如何知道的。由另一人复核后才更换，并重新抽签。"),
    )


@form_for(PANEL_SEAT, "declare_free")
class DeclareFree(ActionForm):
    """The declaration of having no conflict of interest with the organizations shown."""

    template = "procurement/panel/declare.html"

    confirmed = DeclarationField(
        label=_("我和上列机构没有任职、持股、近亲属或其他利害关系。"),
        error_messages={"required": _("请先确认；有利害关系的请选择回避。")},
    )

    def bidders(self) -> Iterable[Organization]:
        """The organizations shown above the declaration."""
        return bidders_of(self.obj) if self.obj is not None else []


@form_for(PANEL_SEAT, "declare_tie")
class DeclareTie(ActionForm):
    """The organization of a conflict of interest, and its kind."""

    organization = SoughtField(
        label=_("机构"), queryset=Organization.objects.none(), seek=_called, hint=_("输入机构名称的一部分")
    )
    kind = forms.ChoiceField(label=_("关系"), choices=ConflictKind.choices)

    def prepare(self) -> None:
        if self.obj is not None:
            self.chooser("organization").queryset = bidders_of(self.obj)


@form_for(PANEL_SEAT, "score", "submit")
class Score(ActionForm):
    """Points and a note for each bid and criterion."""

    changes = True

    template = "procurement/panel/score.html"

    def prepare(self) -> None:
        self.sheets: list[dict[str, Any]] = []
        if self.obj is None:
            return
        for bid in scoring.to_score(self.obj):
            rows = [self._row(bid, criterion) for criterion in self.obj.project.criteria]
            self.sheets.append({"bid": bid, "rows": rows})

    def _row(self, bid: Bid, criterion: dict[str, Any]) -> dict[str, Any]:
        """Add the fields of one bid and criterion; returns their names."""
        kept = self.obj.scores.get(str(bid.pk), {}).get(criterion["key"]) or {}
        points, note = (f"{name}_{bid.pk}_{criterion['key']}" for name in ("points", "note"))
        self.fields[points] = NumberField(
            label=gettext("%(title)s（%(points)s 分）") % criterion,
            required=False,
            max_digits=5,
            decimal_places=1,
            min_value=0,
            max_value=criterion["points"],
            help_text=criterion["rubric"],
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            error_messages={
                "max_value": gettext("这一项最多 %(most)s 分。") % {"most": criterion["points"]},
                "invalid": gettext("请填分数，例如 8 或 8.5。"),
            },
        )
        self.fields[note] = forms.CharField(
            label=gettext("评语"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
        )
        self.place_within(points, bid.provider)
        self.place_within(note, f"{bid.provider} · {criterion['title']}")
        self.initial.setdefault(points, kept.get("points"))
        self.initial.setdefault(note, kept.get("note", ""))
        return {"points": points, "note": note}

    def rows(self) -> list[dict[str, Any]]:
        """The bids with their bound fields, for the page."""
        return [
            {"bid": sheet["bid"], "rows": [(self[row["points"]], self[row["note"]]) for row in sheet["rows"]]}
            for sheet in self.sheets
        ]

    def given(self) -> dict[str, Any]:
        scores: dict[str, dict[str, Any]] = {}
        for sheet in self.sheets:
            key = str(sheet["bid"].pk)
            for row in sheet["rows"]:
                criterion = row["points"].rsplit("_", 1)[1]
                points = self.cleaned_data[row["points"]]
                scores.setdefault(key, {})[criterion] = {
                    "points": None if points is None else str(points),
                    "note": self.cleaned_data[row["note"]],
                }
        return {"scores": scores}
