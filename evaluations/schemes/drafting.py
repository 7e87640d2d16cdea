"""The actions on schemes: draft a copy of the one in use, change it, and have a second person adopt it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from django.utils.translation import gettext as _

from evaluations.indicators.measures import MEASURES
from evaluations.schemes.models import SAID, Scheme, leaves_of
from evaluations.schemes.states import SCHEME
from foundation.refusals import Invalid, Refused
from foundation.roles import SYSTEM, Actor
from foundation.wording import labelled, said_when_shown

SOURCES = ("automatic", "survey", "scored")


GRADES = ("excellent", "good", "pass")


#: The form field and argument of the grade ``pass``, which is a keyword of Python.
FIELD = {"pass": "passing"}


FULL = 100


#: Levels of a rubric.
LEVELS = ("5", "4", "3", "2", "1")


@SCHEME.start("draft")
def draft(
    *, by: Actor, name: str, indicators: list[dict[str, Any]] | None = None, copy_of: Scheme | None = None
) -> Scheme:
    """Draft a scheme: a copy of ``copy_of`` (by default of the one in use), or with ``indicators`` of its
    own.

    Raises ``Invalid`` for indicators that form no valid tree, and where there is nothing to copy.
    """
    model = copy_of or Scheme.objects.in_use().first()
    said = {field: deepcopy(getattr(model, field)) for field in SAID} if model else {}
    said["name"] = name
    if indicators is not None:
        _require(indicators)
        said["indicators"] = indicators
    if not said.get("indicators"):
        message = _("请列出指标。")
        raise Invalid(message, fields={"indicators": message}, rule="S26")
    return Scheme.objects.create(**said)


@SCHEME.transition("load")
def load(scheme: Scheme, *, by: Actor, indicators: list[dict[str, Any]]) -> None:
    """Replace the whole tree of indicators; its weights need not sum to 100 yet. Raises ``Invalid``."""
    _require(indicators, whole=False)
    scheme.indicators = indicators


@SCHEME.transition("set_indicator")
def set_indicator(
    scheme: Scheme,
    *,
    by: Actor,
    code: str,
    group: str,
    title: str,
    weight: float,
    source: str,
    figure: str = "",
    zero: str = "",
    full: str = "",
    by_whom: str = "provider",
    rubric: dict[str, str] | None = None,
    evidence: str = "",
) -> None:
    """Add an indicator, or change the one of that code, within the group of that title.

    ``weight`` is in points; ``zero`` and ``full`` are the values that bring no points and all points. Raises
    ``Invalid`` with the field that is wrong.
    """
    leaf = _leaf(
        {"key": code, "title": title, "weight": weight, "source": source},
        figure=figure,
        zero=zero,
        full=full,
        by_whom=by_whom,
        rubric=rubric,
    )
    if evidence:
        leaf["evidence"] = evidence
    fault = _fault_of_leaf(leaf)
    if fault:
        name = {"key": "code"}.get(fault[0], fault[0])
        raise Invalid(fault[1], fields={name: fault[1]}, rule="S26")
    scheme.indicators = _with_leaf(scheme.indicators, leaf, group)


def _leaf(
    leaf: dict[str, Any], *, figure: str, zero: str, full: str, by_whom: str, rubric: dict[str, str] | None
) -> dict[str, Any]:
    """An indicator with what its source needs: a figure with its scale, or who scores by which rubric."""
    if leaf["source"] == "automatic":
        leaf["figure"] = figure
        if zero or full:
            leaf |= {"zero": zero or MEASURES[figure].zero, "full": full or MEASURES[figure].full}
    elif leaf["source"] == "survey":
        leaf["figure"] = "satisfaction"
    else:
        leaf |= {"by": by_whom, "rubric": rubric or {}}
    return leaf


def _with_leaf(indicators: list[dict[str, Any]], leaf: dict[str, Any], group: str) -> list[dict[str, Any]]:
    """The tree with an indicator in a group, where the one of its code stood, or last."""
    tree = _without(indicators, leaf["key"], keep_groups=True)
    home = next((n for n in tree if "children" in n and n["title"] == group), None)
    if home is None:
        home = {"key": f"group-{len(tree) + 1}", "title": group, "children": []}
        tree.append(home)
    place = next(
        (n for n, child in enumerate(_children_of(indicators, group)) if child["key"] == leaf["key"]),
        len(home["children"]),
    )
    home["children"].insert(place, leaf)
    return [node for node in tree if node.get("children", True)]


def _children_of(tree: list[dict[str, Any]], group: str) -> list[dict[str, Any]]:
    return next((n["children"] for n in tree if "children" in n and n["title"] == group), [])


def _without(tree: list[dict[str, Any]], key: str, keep_groups: bool = False) -> list[dict[str, Any]]:
    kept = []
    for node in deepcopy(tree):
        if "children" in node:
            # The weight of a group is the sum of its indicators.
            node.pop("weight", None)
            node["children"] = _without(node["children"], key)
            if node["children"] or keep_groups:
                kept.append(node)
        elif node["key"] != key:
            kept.append(node)
    return kept


@SCHEME.transition("drop_indicator")
def drop_indicator(scheme: Scheme, *, by: Actor, code: str) -> None:
    """Remove an indicator from the draft. Raises ``Invalid`` for one that the draft does not have."""
    if scheme.leaf(code) is None:
        message = _("方案里没有这项指标。")
        raise Invalid(message, fields={"code": message})
    scheme.indicators = _without(scheme.indicators, code)


@SCHEME.transition("set_vetoes")
def set_vetoes(scheme: Scheme, *, by: Actor, titles: list[str]) -> None:
    """Set the vetoes by their titles; a title that stays keeps its key."""
    known = {veto["title"]: veto["key"] for veto in scheme.vetoes}
    scheme.vetoes = [
        {"key": known.get(title, f"veto-{n}"), "title": title} for n, title in enumerate(titles, 1)
    ]


@SCHEME.transition("set_grades")
def set_grades(scheme: Scheme, *, by: Actor, excellent: float, good: float, passing: float) -> None:
    """Set the lowest total of each grade. Raises ``Invalid`` where the thresholds do not fall from grade to
    grade.
    """
    thresholds = {"excellent": float(excellent), "good": float(good), "pass": float(passing)}
    require_order(thresholds)
    scheme.grades = thresholds


def require_order(thresholds: Mapping[str, float]) -> None:
    """Raise ``Invalid`` unless the thresholds fall from the best grade on, between 0 and 100."""
    above = 100.0
    for name in GRADES:
        if not 0 < float(thresholds[name]) <= above:
            message = _("分数线要从高到低，在 0 到 100 之间。")
            raise Invalid(message, fields={FIELD.get(name, name): message}, rule="S26")
        above = float(thresholds[name])


@SCHEME.transition("set_survey")
def set_survey(scheme: Scheme, *, by: Actor, smallest: int, prior: int, enough: int) -> None:
    """Set how satisfaction is scored: see ``defaults.survey``."""
    scheme.survey = {"smallest": smallest, "prior": prior, "enough": enough}


@SCHEME.transition("set_consequence")
def set_consequence(scheme: Scheme, *, by: Actor, grade: str, **brings: Any) -> None:
    """Set what a grade brings (see ``defaults.consequences``); an empty value removes that consequence."""
    kept = {name: value for name, value in brings.items() if value not in (None, "", False)}
    kept.setdefault("bonus", 0.0)
    scheme.consequences = {**scheme.consequences, grade: kept}


@SCHEME.transition("adopt")
def adopt(scheme: Scheme, *, by: Actor) -> None:
    """Put the scheme in use and freeze it; the one in use is superseded.

    Raises ``Invalid`` for grades in the wrong order.
    """
    require_order(scheme.grades)
    for former in Scheme.objects.in_use():
        supersede(former, by=SYSTEM)


@adopt.lacks
def faults(schemes: Sequence[Scheme]) -> dict[int, Refused]:
    """Why schemes are not adopted: an indicator has a fault, or the weights do not sum to 100."""
    wrong = [scheme for scheme in schemes if fault_of(scheme.indicators)]
    said = {scheme.pk: said_when_shown(fault_of, scheme.indicators) for scheme in wrong}
    return {pk: Invalid(words, fields={"indicators": words}, rule="S26") for pk, words in said.items()}


supersede = SCHEME.act("supersede", Scheme)


# --- validation of a tree -----------------------------------------------------------


def _require(indicators: Any, whole: bool = True) -> None:
    fault = fault_of(indicators, whole=whole)
    if fault:
        raise Invalid(fault, fields={"indicators": fault}, rule="S26")


def fault_of(indicators: Any, *, whole: bool = True) -> str:
    """What is wrong with a tree of indicators, in words; empty for nothing. With ``whole`` its weights must
    sum to 100.
    """
    if not isinstance(indicators, list) or not indicators:
        return _("请列出指标。")
    if _is_no_tree(indicators):
        return _("每个指标要有 key、title、weight、source。")
    leaves = list(leaves_of(indicators))
    for leaf in leaves:
        fault = _fault_of_leaf(leaf)
        if fault:
            return labelled(leaf["title"], fault[1])
    if not leaves or len({leaf["key"] for leaf in leaves}) != len(leaves):
        return _("指标的 key 不能重复。")
    for node in indicators:
        if "children" in node and "weight" in node:
            own = sum(leaf["weight"] for leaf in leaves_of(node["children"]))
            if abs(own - node["weight"]) > 1e-9:
                return _("“%(title)s”的权重应为其下各项之和 %(sum)g。") % {"title": node["title"], "sum": own}
    total = sum(leaf["weight"] for leaf in leaves)
    if whole and abs(total - FULL) > 1e-9:
        return _("权重合计应为 100，现在是 %(total)g。") % {"total": total}
    return ""


def _is_no_tree(nodes: Any, depth: int = 0) -> bool:
    if not isinstance(nodes, list) or depth > 3:
        return True
    for node in nodes:
        if not isinstance(node, dict) or not isinstance(node.get("title"), str):
            return True
        if "children" in node:
            if _is_no_tree(node["children"], depth + 1):
                return True
        elif not {"key", "weight", "source"} <= node.keys() or not isinstance(node["key"], str):
            return True
    return False


def _fault_of_leaf(leaf: dict[str, Any]) -> tuple[str, str] | None:
    """(field, what is wrong) of one indicator; None for nothing."""
    weight = leaf["weight"]
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight <= FULL:
        return "weight", _("权重必须是正数。")
    if leaf["source"] not in SOURCES:
        return "source", _("指标来源只能是 automatic、survey 或 scored。")
    if "@" in leaf["key"] or not leaf["key"].strip():
        return "key", _("key 不能为空，也不能含 @。")
    if leaf["source"] == "automatic":
        if leaf.get("figure") not in MEASURES:
            return "figure", _("没有这个自动指标：%(figure)s。") % {"figure": leaf.get("figure", "")}
        return _fault_of_scale(leaf)
    return None


def _fault_of_scale(leaf: dict[str, Any]) -> tuple[str, str] | None:
    try:
        zero, full = (float(leaf.get(name, "1")) for name in ("zero", "full"))
    except (TypeError, ValueError):
        return "zero", _("零分值和满分值要填数字。")
    if "zero" in leaf and zero == full:
        return "full", _("零分值和满分值不能相同。")
    if "zero" in leaf and (full > zero) != MEASURES[leaf["figure"]].higher_is_better:
        return "full", _("这个指标的好坏方向反了，请对调零分值和满分值。")
    return None
