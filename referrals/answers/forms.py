"""Forms of the actions on answers, ratings and the closing of a need."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, form_for
from referrals.needs.states import NEED
from referrals.offers.states import REFERRAL
from referrals.permissions import household


@form_for(NEED, "feed_back")
class FeedBack(ActionForm):
    words = forms.CharField(
        label=_("告诉家庭的话"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("家庭和窗口都会看到，请简短、和气。"),
    )

    def prepare(self) -> None:
        if self.obj is not None:
            self.initial.setdefault("words", self.obj.result or self.obj.refusal)


@form_for(NEED, "rate")
class Rate(ActionForm):
    score = forms.TypedChoiceField(
        label=_("您满意吗"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=[(5, _("很满意")), (4, _("满意")), (3, _("一般")), (2, _("不满意")), (1, _("很不满意"))],
    )
    words = forms.CharField(label=_("想说的话"), max_length=300, required=False)

    def prepare(self) -> None:
        if self.actor is not None and self.obj is not None and not household.admits(self.actor, self.obj):
            self.fields["score"].label = _("这户满意吗")
            self.fields["words"].label = _("这户说的话")


@form_for(NEED, "close")
class CloseNeed(ActionForm):
    """The window asks for the household's rating, and whether it needs more help."""

    not_reached = forms.CharField(
        label=_("没有回访到的原因"),
        max_length=300,
        required=False,
        help_text=_("没有评价的须填；请先回访。例如 三次电话无人接听，已上门留言。"),
    )
    still_in_difficulty = forms.BooleanField(
        label=_("仍有困难，需要补充救助"),
        required=False,
        help_text=_("勾选后登记一项补充救助需求，转介给慈善和社会组织。"),
    )

    def prepare(self) -> None:
        if self.obj is None:
            return
        if self.obj.satisfactions.exists():
            del self.fields["not_reached"]
        else:
            self.show_as_needed("not_reached")


@form_for(REFERRAL, "feed_back")
class FeedBackService(ActionForm):
    words = forms.CharField(
        label=_("告诉家庭和窗口的话"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def prepare(self) -> None:
        if self.obj is not None:
            self.initial.setdefault("words", self.obj.outcome)
