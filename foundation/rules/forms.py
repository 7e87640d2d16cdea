"""Forms of the actions on rules."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, form_for
from foundation.forms.structured import JSONField
from foundation.rules import reading
from foundation.rules.states import RULE


@form_for(RULE, "propose")
class Propose(ActionForm):
    """A new value for a rule, with the note that says why."""

    rule = forms.ChoiceField(label=_("规则"))
    value = JSONField(
        label=_("新参数"),
        widget=forms.Textarea(attrs={"rows": 4, "class": "code-input"}),
        help_text=_("与现行参数写法相同，只改数值。"),
        error_messages={"invalid": _("写法不对：请照现行参数的样子只改数值。")},
    )
    note = forms.CharField(label=_("修改说明"), max_length=500, help_text=_("为什么改，依据哪个文件。"))

    def prepare(self) -> None:
        self.options("rule").choices = [(key, rule.title) for key, rule in sorted(reading.defaults().items())]
        key = self.initial.get("rule")
        if key in reading.defaults():
            self.initial.setdefault("value", reading.current(key).value)
