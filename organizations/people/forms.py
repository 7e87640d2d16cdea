"""Forms of the actions on memberships and people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import DayField
from organizations.people import giving, leaving
from organizations.people.seats import SeatOfSomebody
from organizations.people.seeking import a_colleague
from organizations.people.states import MEMBERSHIP


@form_for(MEMBERSHIP, "give")
class GiveMembership(SeatOfSomebody):
    """Who gets which role."""


class LeavingForm(ActionForm):
    """What ends a membership; it shows what stands under the person's name."""

    facts = "organizations/people/carried.html"

    @property
    def carried(self) -> list[str]:
        """What stands under the person's name, in words."""
        return [str(one.words) % {"count": one.count} for one in leaving.carried_by(self.obj)]


@form_for(MEMBERSHIP, "limit")
class LimitMembership(LeavingForm):
    """The last day of a membership."""

    changes = True
    facts = "organizations/people/carried_until_then.html"

    valid_to = DayField(label=_("到哪天为止"), required=False, help_text=_("不写就是不限期。"))

    def prepare(self) -> None:
        if self.obj is not None:
            self.initial.setdefault("valid_to", self.obj.valid_to)


@form_for(MEMBERSHIP, "end")
class EndMembership(LeavingForm):
    """Who carries on what stands under the person's name."""

    colleague = a_colleague(
        _("接手的同事"), required=False, help_text=_("在同一处担任同一身份的人；名下没有在办的就不用选。")
    )

    def prepare(self) -> None:
        if self.obj is not None:
            self.chooser("colleague").queryset = giving.colleagues_of(self.obj)
