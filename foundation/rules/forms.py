"""Forms of the actions on rules."""

from __future__ import annotations

import json
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.clauses.quoting import quoted
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.seeking import SEARCH, SoughtWordField, Word
from foundation.forms.structured import JSONField
from foundation.rules import reading
from foundation.rules.reading import Rule
from foundation.rules.states import RULE


@form_for(RULE, "propose")
class Propose(ActionForm):
    """A new value for a rule, with the note that says why."""

    rule = SoughtWordField(
        label=_("规则"),
        hint=_("输入名称、条款或代号的一部分"),
        help_text=_("选定后再按“查找”，下面填入现行参数。"),
    )
    value = JSONField(
        label=_("新参数"),
        widget=forms.Textarea(attrs={"rows": 4, "class": "code-input"}),
        help_text=_("与现行参数写法相同，只改数值。"),
        error_messages={"invalid": _("写法不对：请照现行参数的样子只改数值。")},
    )
    note = forms.CharField(label=_("修改说明"), max_length=500, help_text=_("为什么改，依据哪个文件。"))

    def prepare(self) -> None:
        field = self.fields["rule"]
        if isinstance(field, SoughtWordField):
            field.choose_among([_named(rule) for _key, rule in sorted(reading.defaults().items())])
        key = str(self["rule"].value() or "")
        if key not in reading.defaults():
            return
        now = reading.current(key).value
        self.initial.setdefault("value", now)
        if SEARCH in self.data and not self.data.get("value"):  # it was chosen just now
            sent = cast(Any, self.data).copy()
            sent["value"] = json.dumps(now, ensure_ascii=False)
            self.data = sent


def _named(rule: Rule) -> Word:
    """A rule by its title in the reader's language; it is found by its key, its clause and its titles as well."""
    return Word(rule.key, rule.title, "\n".join((rule.key, quoted(rule.basis), *rule.texts.values())))
