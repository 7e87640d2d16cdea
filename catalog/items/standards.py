"""Service standards: each a sentence with something that can be measured.

A standard is an object: ``text``, ``text_en`` (may be empty), ``measure`` (what is measured),
``comparison`` (at_most, at_least, exactly), ``target`` (a decimal as text) and ``unit``. In a sheet it is
one line: 文字 | 指标 | ≤ 5 工作日 | English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.items.kinds import Comparison
from foundation.forms import typed
from foundation.forms.fields import ObjectsField
from foundation.wording import listed

Standard = dict[str, str]


#: The most standards of one item, and the longest text of each part (characters).
MOST = 8


LONGEST = {"text": 120, "measure": 30, "unit": 12, "text_en": 200}


_SIGNS = {
    "≤": Comparison.AT_MOST,
    "<=": Comparison.AT_MOST,
    "不超过": Comparison.AT_MOST,
    "≥": Comparison.AT_LEAST,
    ">=": Comparison.AT_LEAST,
    "不少于": Comparison.AT_LEAST,
    "不低于": Comparison.AT_LEAST,
    "=": Comparison.EXACTLY,
    "\uff1d": Comparison.EXACTLY,
    "\uff1c\uff1d": Comparison.AT_MOST,
    "\uff1e\uff1d": Comparison.AT_LEAST,
}


_SIGN = re.compile("|".join(map(re.escape, _SIGNS)))


def line_of(standard: Standard) -> str:
    """The standard as a line of the sheet."""
    parts = [standard["text"], standard["measure"], target_of(standard)]
    return " | ".join([*parts, standard["text_en"]] if standard["text_en"] else parts)


def target_of(standard: Standard) -> str:
    """The target in words: ≤ 5 工作日."""
    sign = Comparison(standard["comparison"]).label
    return f"{sign} {standard['target']} {standard['unit']}".strip()


def read_line(line: str) -> dict[str, str]:
    """The parts of a line; raises ``ValidationError`` for a line of another shape."""
    parts = [part.strip() for part in re.split("[|\uff5c]", line)]
    third = typed.line(parts[2]) if len(parts) in (3, 4) else ""
    sign = _SIGN.match(third)
    found = typed.leading_number(third[sign.end() :]) if sign else None
    if sign is None or found is None:
        raise forms.ValidationError(_("“%(line)s”应写成：标准 | 指标 | ≤ 5 工作日。") % {"line": line[:60]})
    target, unit = found
    return {
        "text": parts[0],
        "measure": parts[1],
        "comparison": _SIGNS[sign[0]],
        "target": f"{target:f}",
        "unit": unit,
        "text_en": parts[3] if len(parts) == 4 else "",
    }


def checked(given: Mapping[str, Any]) -> Standard:
    """A standard in normal form; raises ``ValidationError`` for what is missing, unknown or too long."""
    known = {*LONGEST, "comparison", "target"}
    if set(given) - known:
        raise forms.ValidationError(
            _("服务标准没有这些内容：%(names)s。") % {"names": listed(sorted(set(given) - known))}
        )
    words = {name: part for name, part in given.items() if name != "target"}
    if not all(isinstance(part, str | None) for part in words.values()) or not isinstance(
        given.get("target"), str | int | float | None
    ):
        raise forms.ValidationError(_("服务标准的每一部分应是文字，目标值应是数。"))
    found = {name: typed.line(str(given.get(name) or "")) for name in known}
    found["target"] = str(given.get("target", ""))
    if not found["text"]:
        raise forms.ValidationError(_("请写出服务标准的内容。"))
    if not found["measure"] or found["comparison"] not in Comparison.values:
        raise forms.ValidationError(
            _("“%(text)s”缺少可以衡量的指标，例如 完成用时 ≤ 5 工作日。") % {"text": found["text"]}
        )
    for name, longest in LONGEST.items():
        if len(found[name]) > longest:
            raise forms.ValidationError(
                _("“%(text)s…”太长，最多 %(longest)s 个字。") % {"text": found[name][:20], "longest": longest}
            )
        if re.search("[|\uff5c\x00-\x1f]", found[name]):
            raise forms.ValidationError(_("服务标准中不能有“|”和换行。"))
    found["target"] = _plain(found["target"], found["text"])
    return {name: found[name] for name in ("text", "text_en", "measure", "comparison", "target", "unit")}


def _plain(text: str, standard: str) -> str:
    """The target as a plain decimal; raises ``ValidationError`` for anything else."""
    number = typed.number(text)
    if number is None or abs(number) >= 10**9:
        raise forms.ValidationError(_("“%(text)s”的目标值应是一个数。") % {"text": standard})
    return f"{number.normalize():f}"


class StandardsWidget(forms.Widget):
    """A row of inputs for each standard, and some empty rows."""

    template_name = "catalog/items/standards_widget.html"
    PARTS = ("text", "measure", "comparison", "target", "unit", "text_en")

    def use_required_attribute(self, initial: Any) -> bool:
        """No: empty rows are allowed."""
        return False

    def id_for_label(self, id_: str) -> str:
        """The first input."""
        return f"{id_}_0_text"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """A list (API), a text of lines (sheet), or the filled rows of the page."""
        if name in data:
            return data[name]
        rows = []
        for number in range(MOST):
            row = {part: data.get(f"{name}-{number}-{part}", "") for part in self.PARTS}
            if any(str(row[part]).strip() for part in self.PARTS if part != "comparison"):
                rows.append(row)
        return rows

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Never: no rows means no standards."""
        return False

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> str:
        """Render with the project's templates, which the forms' own renderer does not find."""
        return render_to_string(template_name, context)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = [row for row in value or [] if isinstance(row, dict)] if isinstance(value, list) else []
        blank = min(MOST, max(3, len(rows) + 1)) - len(rows)
        context["widget"]["rows"] = [*rows, *({} for _row in range(blank))]
        context["widget"]["comparisons"] = Comparison.choices
        return context


class StandardsField(ObjectsField):
    """One to eight standards."""

    widget = StandardsWidget
    default_error_messages = {"required": gettext_lazy("请至少写一条可以衡量的服务标准。")}

    def to_python(self, value: Any) -> list[Standard]:
        if value in self.empty_values:
            return []
        if isinstance(value, str):
            value = [read_line(line) for line in value.splitlines() if line.strip()]
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise forms.ValidationError(_("服务标准应是一个列表。"))
        if len(value) > MOST:
            raise forms.ValidationError(_("最多 %(most)s 条服务标准。") % {"most": MOST})
        return [checked(row) for row in value]
