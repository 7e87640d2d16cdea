"""Forms of the actions on rules."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.clauses.quoting import quoted
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.seeking import SEARCH, SoughtWordField, Word
from foundation.forms.structured import JSONField
from foundation.rules import effects, fields, reading
from foundation.rules.changing import named
from foundation.rules.effects import Effect
from foundation.rules.inputs import input_for
from foundation.rules.reading import Rule
from foundation.rules.states import RULE
from foundation.wording import labelled

#: Of which rule the parts are that a page shows; it is no field, and no program sends it.
SHOWN_FOR = "shown-for"


@form_for(RULE, "propose")
class Propose(ActionForm):
    """A new value for a rule, part by part, with the note that says why.

    A page sends each part as ``value.<part>``; a program sends the value as one object.
    """

    template = "foundation/rules/propose.html"

    rule = SoughtWordField(
        label=_("规则"),
        hint=_("输入名称、条款或代号的一部分"),
        help_text=_("选定后再按“查找”，下面填入现行参数。"),
    )
    value = JSONField(label=_("新参数"), required=False, widget=forms.HiddenInput)
    note = forms.CharField(label=_("修改说明"), max_length=500, help_text=_("为什么改，依据哪个文件。"))

    def prepare(self) -> None:
        field = self.fields["rule"]
        if isinstance(field, SoughtWordField):
            field.choose_among([_named(rule) for _key, rule in sorted(reading.defaults().items())])
        if self.chosen_rule is None:
            return
        parts = fields.leaves(self.chosen_rule.value)
        for path, part in self.chosen_rule.fields.items():
            self.fields[named(path)] = input_for(part)
            self.initial.setdefault(named(path), parts.get(path))
        self.order_fields(["rule", *map(named, parts), "note"])
        if self.is_bound and self.asks_anew:
            self._show_present(parts)

    @cached_property
    def chosen_rule(self) -> Rule | None:
        """The rule whose parts the form has; None before one is chosen."""
        key = str(self["rule"].value() or "")
        return reading.current(key) if key in reading.defaults() else None

    @property
    def asks_anew(self) -> bool:
        """Whether the page shows the parts of another rule than is chosen now, or of none."""
        rule = self.chosen_rule
        by_page = SEARCH in self.data or SHOWN_FOR in self.data or "key" in self.data
        return rule is not None and by_page and self.data.get(SHOWN_FOR) != rule.key

    def _show_present(self, parts: dict[str, Any]) -> None:
        """Have the page show the parts as they are in force."""
        sent = cast(Any, self.data).copy()
        for path, value in parts.items():
            shown = self.fields[named(path)].prepare_value(value)
            if isinstance(shown, list) and hasattr(sent, "setlist"):
                sent.setlist(named(path), shown)
            else:
                sent[named(path)] = shown
        self.data = sent

    @property
    def parts(self) -> list[forms.BoundField]:
        """The bound fields of the parts."""
        return [self[name] for name in self.fields if name.startswith("value.")]

    def full_clean(self) -> None:
        """A program's object is taken apart before its parts are checked."""
        sent = self._sent if self.is_bound and self.chosen_rule is not None else None
        if isinstance(sent, dict):
            own = {name: self.data[name] for name in self.data if not name.startswith("value.")}
            self.data = {**own, **{named(path): part for path, part in fields.leaves(sent).items()}}
        super().full_clean()

    @property
    def _sent(self) -> Any:
        """The whole value that a program sent, as an object or as its text; None where a page sends the parts."""
        if self.data.get("value") == {}:
            return {}
        try:
            return self.fields["value"].to_python(self.data.get("value"))
        except forms.ValidationError:
            return None

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if self.chosen_rule is None:
            return given
        if self.asks_anew:
            self.add_error("rule", gettext("下面是这条规则的现行参数，请看过、改好再提交。"))
            return given
        given["value"] = fields.whole(
            {path: given[named(path)] for path in self.chosen_rule.fields if named(path) in given}
        )
        sent = self._sent
        of_it = self.chosen_rule.fields.keys()
        if sent is not None and (not isinstance(sent, dict) or set(fields.leaves(sent)) - of_it):
            faults = fields.faults_of(self.chosen_rule.fields, self.chosen_rule.together, sent)
            self.add_error("value", faults[""])
        elif left_out := self._left_out(sent):
            for path in left_out:
                self.add_error(named(path), gettext("请填写这一项。"))
        elif not any(name.startswith("value") for name in self.errors):
            together = self.chosen_rule.together.faults(
                fields.leaves(given["value"]), self.chosen_rule.fields
            )
            for path, fault in together:
                self.add_error(named(path), fault)
        return given

    def _left_out(self, sent: Any) -> list[str]:
        """The parts that a program left out, or sent as null, and that are not wrong already: neither empties a list."""
        if sent is None or self.chosen_rule is None:
            return []
        given = fields.leaves(sent)
        return [
            path
            for path in self.chosen_rule.fields
            if given.get(path) is None and named(path) not in self.errors
        ]

    @cached_property
    def _typed(self) -> tuple[dict[str, Any], list[str]]:
        """The parts as they are typed now, and what is wrong with them, each with what the part is called."""
        rule = self.chosen_rule
        found: dict[str, Any] = {}
        faults: list[str] = []
        for path, part in rule.fields.items() if rule is not None else ():
            try:
                found[path] = self.fields[named(path)].clean(self[named(path)].value())
            except forms.ValidationError as fault:
                faults.append(labelled(part.label, " ".join(fault.messages)))
        if rule is not None and not faults:
            together = rule.together.faults(found, rule.fields)
            faults = [labelled(rule.fields[path].label, fault) for path, fault in together]
        return found, faults

    @property
    def faults(self) -> list[str]:
        """What is wrong with the parts that are typed now."""
        return self._typed[1]

    @property
    def effect(self) -> Effect | None:
        """What the parts that are typed now would change; None while one of them is wrong."""
        found, faults = self._typed
        rule = self.chosen_rule
        return None if rule is None or faults else effects.effect_of(rule, fields.whole(found))

    def called(self, typed: dict[str, list[str]]) -> str:
        """A draft is known by the title of its rule."""
        rule = reading.defaults().get(next(iter(typed.get("rule", ())), ""))
        return rule.title if rule else super().called(typed)

    def given(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("rule", "value", "note")}


@form_for(RULE, "approve", "reject")
class Decide(ActionForm):
    """The second person's decision, under the value as it is, as it was proposed, and what that would change."""

    facts = "foundation/rules/proposed.html"

    @cached_property
    def effect(self) -> Effect:
        """What the version would change."""
        return effects.effect_of_version(self.obj)


def _named(rule: Rule) -> Word:
    """A rule by its title in the reader's language; it is found by its key, its clause and its titles as well."""
    return Word(rule.key, rule.title, "\n".join((rule.key, quoted(rule.basis), *rule.texts.values())))
