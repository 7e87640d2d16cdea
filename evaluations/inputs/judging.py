"""What providers report and contest, and what evaluators declare and score."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluations import evidence, scoring
from evaluations.inputs.scheme import points_field
from evaluations.lifecycle import APPEAL, ASSESSMENT, SHEET, RoundStatus
from evaluations.models import Assessment
from foundation.inputs import DeclarationField, Input, UploadsField, inputs_for
from organizations.models.tie import TieKind

FILES = ("pdf", "jpg", "png", "xlsx")
UNJUDGED = "none"
LEVELS = [
    ("5", _("5 优")),
    ("4", _("4 良")),
    ("3", _("3 中")),
    ("2", _("2 差")),
    ("1", _("1 很差")),
    (UNJUDGED, _("无法判断")),
]


#: What a choice stands for; one that was not made yet stays open.
LEVEL_OF: dict[str, int | None] = {**{str(n): n for n in scoring.LEVELS}, UNJUDGED: None}


@inputs_for(ASSESSMENT, "report", "amend_report")
class Report(Input):
    """Words for every indicator, the figures of the system beside them; files as evidence."""

    changes = True

    template = "evaluations/report.html"

    files = UploadsField(  # type: ignore[assignment]  # the class keeps its own
        label=_("证据文件"),
        kinds=FILES,
        required=False,
        most=10,
        help_text=_("PDF、照片或 Excel，每个不超过 10 MB。"),
    )

    def prepare(self) -> None:
        if self.obj is None:
            return
        for each in self.obj.round.scheme.leaves:
            self.fields[f"words_{each['key']}"] = forms.CharField(
                label=gettext("%(title)s（%(weight)g 分）") % each,
                required=False,
                max_length=4000,
                help_text=each.get("evidence", ""),
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            self.initial.setdefault(f"words_{each['key']}", self.obj.report.get(each["key"], ""))
        self.order_fields([name for name in self.fields if name != "files"] + ["files"])

    def given(self) -> dict[str, Any]:
        words = {
            name.removeprefix("words_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("words_")
        }
        return {"words": words, "files": self.cleaned_data["files"]}


@inputs_for(SHEET, "declare_free")
class DeclareFree(Input):
    confirmed = DeclarationField(
        label=_("我和这家机构没有任职、持股、近亲属、合同或其他利害关系。"),
        error_messages={"required": _("请先确认；有利害关系的请选择申请回避。")},
    )


@inputs_for(SHEET, "declare_tie")
class DeclareTie(Input):
    kind = forms.ChoiceField(label=_("关系"), choices=TieKind.choices)


@inputs_for(SHEET, "ask_to_replace", "ask_to_void")
class AskToRemove(Input):
    kind = forms.ChoiceField(
        label=_("发现的关系"),
        choices=[("", _("不是利害关系")), *TieKind.choices],
        required=False,
        help_text=_("原因是利害关系的必须选。"),
    )
    why = forms.CharField(label=_("查实的情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


@inputs_for(SHEET, "replace", "keep", "void", "uphold")
class AgreeToRemove(Input):
    facts = "evaluations/removal.html"


@inputs_for(SHEET, "score", "submit")
class Score(Input):
    """A level and a note for each case and indicator, and what may be a veto; the evidence beside them."""

    template = "evaluations/score.html"
    offline = "whole"

    def prepare(self) -> None:
        self.marks: list[tuple[str, dict[str, Any], Any]] = []
        if self.obj is None:
            return
        self.marks = scoring.marks_of(self.obj)
        for mark, leaf, case in self.marks:
            level, note = scoring.field_of("level", mark), scoring.field_of("note", mark)
            kept = self.obj.scores.get(mark)
            title = gettext("%(title)s（%(weight)g 分）") % leaf
            self.fields[level] = forms.ChoiceField(
                label=f"{case} · {title}" if case else title,
                choices=LEVELS,
                required=False,
                widget=forms.RadioSelect(attrs={"class": "levels"}),
            )
            # It may wait, but not for ever: no sheet is handed in without it.
            self.show_as_needed(level)
            self.fields[note] = forms.CharField(
                label=gettext("说明"),
                max_length=1000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            if kept is not None:
                chosen = UNJUDGED if kept["level"] is None else str(kept["level"])
                self.initial.setdefault(level, chosen)
                self.initial.setdefault(note, kept.get("note", ""))
        for each in self.obj.assessment.round.scheme.vetoes:
            self.fields[f"veto_{each['key']}"] = forms.CharField(
                label=each["title"], max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
            )
            self.initial.setdefault(f"veto_{each['key']}", self.obj.suspicions.get(each["key"], ""))

    def sections(self) -> list[dict[str, Any]]:
        """The fields as they are shown: a section a case, then the provider as a whole."""
        found: list[dict[str, Any]] = []
        for mark, leaf, case in self.marks:
            if not found or found[-1]["case"] != case:
                file = evidence.case_file(case) if case else None
                found.append({"case": case, "file": file, "rows": []})
            fields = (self[scoring.field_of("level", mark)], self[scoring.field_of("note", mark)])
            found[-1]["rows"].append({"leaf": leaf, "rubric": rubric_of(leaf), "fields": fields})
        return found

    def vetoes(self) -> list[Any]:
        """The fields of the vetoes."""
        return [self[name] for name in self.fields if name.startswith("veto_")]

    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        scores = {}
        for mark, _leaf, _case in self.marks:
            names = scoring.field_of("level", mark), scoring.field_of("note", mark)
            if not any(name in self.data for name in names):
                # A program that sends some marks keeps the others.
                if mark in self.obj.scores:
                    scores[mark] = self.obj.scores[mark]
                continue
            level, note = (data[name] for name in names)
            if level or note:
                scores[mark] = {"level": LEVEL_OF.get(level, scoring.OPEN), "note": note}
        suspicions = {
            name.removeprefix("veto_"): words
            if name in self.data
            else self.obj.suspicions.get(name.removeprefix("veto_"), "")
            for name, words in data.items()
            if name.startswith("veto_")
        }
        return {"scores": scores, "suspicions": suspicions}


def rubric_of(leaf: dict[str, Any]) -> list[tuple[str, str]]:
    """(level, words) of a rubric, best first; one line of words where it has no levels."""
    rubric = leaf.get("rubric", "")
    if isinstance(rubric, dict):
        return sorted(rubric.items(), reverse=True)
    return [("", rubric)] if rubric else []


@inputs_for(APPEAL, "file")
class FileAppeal(Input):
    """``?assessment=`` says of which result."""

    assessment = forms.ModelChoiceField(label=_("评估结果"), queryset=Assessment.objects.none())
    indicator = forms.ChoiceField(label=_("对哪一项有异议"))
    text = forms.CharField(label=_("事实和理由"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    files = UploadsField(  # type: ignore[assignment]  # the class keeps its own
        label=_("证据文件"), kinds=FILES, required=False
    )

    def prepare(self) -> None:
        own = Assessment.objects.none()
        if self.actor is not None:
            own = Assessment.objects.filter(
                provider__organization_id=self.by.organization, round__status=RoundStatus.PROVISIONAL
            ).select_related("round__scheme", "provider__organization")
        self.chooser("assessment").queryset = own
        choices: dict[str, str] = {}
        for each in own:
            choices |= {leaf["key"]: leaf["title"] for leaf in each.round.scheme.leaves}
            titles = {veto["key"]: veto["title"] for veto in each.round.scheme.vetoes}
            choices |= {key: titles.get(key, key) for key in each.vetoes}
        self.options("indicator").choices = list(choices.items())


@inputs_for(APPEAL, "propose")
class Propose(Input):
    percent = points_field(
        _("应得权重的百分之几"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("成立的，填改正后的得分比例（0 到 100；一票否决不成立填 0）；不成立的留空。"),
    )
