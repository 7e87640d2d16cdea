"""The form of pausing a clock."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.deadlines.models import PauseCause, causes_for
from foundation.forms.actions import ActionForm


class Pause(ActionForm):
    """The cause and the reason of a pause."""

    cause = forms.ChoiceField(
        label=_("暂停的原因"),
        choices=PauseCause.choices,
        widget=forms.RadioSelect,
        help_text=_("只有这些原因可以暂停计时；恢复后时限顺延。"),
        error_messages={"required": _("请从列表中选择。")},
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明为什么要等，双方都看得到。"),
        error_messages={"required": _("请写明理由。")},
    )

    def prepare(self) -> None:
        if self.obj is not None:
            fitting = causes_for(self.obj.lifecycle)
            self.options("cause").choices = [(cause.value, cause.label) for cause in fitting]
