"""Forms of the actions on score sheets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluations.indicators import evidence
from evaluations.sheets import scoring
from evaluations.sheets.states import SHEET
from foundation.forms.actions import ActionForm, DeclarationField, form_for
from organizations.people.models import ConflictKind

UNJUDGED = "none"


LEVELS = [
    ("5", _("5 优")),
    ("4", _("4 良")),
    ("3", _("3 中")),
    ("2", _("2 差")),
    ("1", _("1 很差")),
    (UNJUDGED, _("无法判断")),
]


#: The level of each choice; no choice leaves the mark open.
LEVEL_OF: dict[str, int | None] = {**{str(n): n for n in scoring.LEVELS}, UNJUDGED: None}


@form_for(SHEET, "declare_free")
class DeclareFree(ActionForm):
    confirmed = DeclarationField(
        label=_("我和这家机构没有任职、持股、近亲属、合同或其他利害关系。"),
        error_messages={"required": _("请先确认；有利害关系的请选择申请回避。")},
    )


@form_for(SHEET, "declare_tie")
class DeclareTie(ActionForm):
    kind = forms.ChoiceField(label=_("关系"), choices=ConflictKind.choices)


@form_for(SHEET, "ask_to_replace", "ask_to_void")
class AskToRemove(ActionForm):
    kind = forms.ChoiceField(
        label=_("发现的关系"),
        choices=[("", _("不是利害关系")), *ConflictKind.choices],
        required=False,
        help_text=_("原因是利害关系的必须选。"),
    )
    why = forms.CharField(label=_("查实的情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


@form_for(SHEET, "replace", "keep", "void", "uphold")
class AgreeToRemove(ActionForm):
    facts = "evaluations/sheets/removal.html"


@form_for(SHEET, "score", "submit")
class Score(ActionForm):
    """A level and a note for each case and indicator, and suspected vetoes, beside the evidence."""

    template = "evaluations/sheets/score.html"
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
                widget=forms.RadioSelect(),
            )
            # Not required while saving; submitting a sheet requires it.
            self.show_as_needed(level)
            self.fields[note] = forms.CharField(
                label=gettext("说明"),
                max_length=1000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.place_within(note, f"{case} · {leaf['title']}" if case else leaf["title"])
            if kept is not None:
                chosen = UNJUDGED if kept["level"] is None else str(kept["level"])
                self.initial.setdefault(level, chosen)
                self.initial.setdefault(note, kept.get("note", ""))
                if kept["level"] in (*scoring.ENDS, None):
                    self.show_as_needed(note)
        for veto in self.obj.assessment.round.scheme.vetoes:
            self.fields[f"veto_{veto['key']}"] = forms.CharField(
                label=veto["title"], max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
            )
            self.initial.setdefault(f"veto_{veto['key']}", self.obj.suspicions.get(veto["key"], ""))

    def sections(self) -> list[dict[str, Any]]:
        """The fields by section: one for each case, then one for the provider as a whole."""
        found: list[dict[str, Any]] = []
        cases = dict.fromkeys(case for _mark, _leaf, case in self.marks if case)
        files = evidence.case_files(list(cases)) if cases else {}
        for mark, leaf, case in self.marks:
            if not found or found[-1]["case"] != case:
                found.append({"case": case, "file": files[case.pk] if case else None, "rows": []})
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
                # A client of the API that sends only some marks keeps the others.
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
    """(level, words) of a rubric, best first; a single line where it has no levels."""
    rubric = leaf.get("rubric", "")
    if isinstance(rubric, dict):
        return sorted(rubric.items(), reverse=True)
    return [("", rubric)] if rubric else []
