"""Forms of the actions on memberships and people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import DayField
from organizations.people import ending, leaving, vacancies
from organizations.people.events import Carried
from organizations.people.seats import SeatOfSomebody
from organizations.people.seeking import a_colleague
from organizations.people.states import MEMBERSHIP

#: Objects of one kind that are shown at most.
SHOWN = 50


@form_for(MEMBERSHIP, "give")
class GiveMembership(SeatOfSomebody):
    """Who gets which role."""


@dataclass(frozen=True)
class Left:
    """One kind of what is open: in words, and those of the objects that the reader sees."""

    words: str
    shown: Sequence[Any]


class LeavingForm(ActionForm):
    """What ends a membership; it shows what nobody else sees to afterwards."""

    facts = "organizations/people/left.html"

    @property
    def day(self) -> date:
        """The first day on which the membership would count no more."""
        return leaving.first_day_without(self.obj)

    @cached_property
    def left(self) -> list[Left]:
        """What nobody sees to from then on, kind by kind."""
        found = leaving.left_by(self.obj, self.day)
        return [Left(str(one.words) % {"count": one.count}, self._shown(one)) for one in found]

    def _shown(self, one: Carried) -> Sequence[Any]:
        """The first of the objects that the reader sees, where he has to do with such."""
        found: Any = one.found
        if found is None or self.actor is None or not hasattr(found, "visible_to"):
            return []
        return list(found.visible_to(self.actor).order_by("pk")[:SHOWN])

    @cached_property
    def vacant(self) -> bool:
        """Whether nobody holds the seat any more from then on."""
        others = vacancies.colleagues_of(self.obj, self.day)
        return not others.exists() and not leaving.holds_on(self.obj, self.day)

    @property
    def seat(self) -> str:
        """The seat as initial values of a form that gives it to somebody."""
        keys = {"role": self.obj.role, "organization": self.obj.organization_id, "place": self.obj.place_id}
        return urlencode({name: key for name, key in keys.items() if key})


@form_for(MEMBERSHIP, "limit")
class LimitMembership(LeavingForm):
    """The last day of a membership."""

    changes = True
    facts = "organizations/people/left_then.html"

    valid_to = DayField(label=_("到哪天为止"), required=False, help_text=_("不写就是不限期。"))

    def prepare(self) -> None:
        if self.obj is not None:
            self.initial.setdefault("valid_to", self.obj.valid_to)


@form_for(MEMBERSHIP, "end")
class EndMembership(LeavingForm):
    """Who carries on what stands under the person's name, where anybody can."""

    colleague = a_colleague(_("接手的同事"), required=False, help_text=_("在同一处担任同一身份的人。"))

    @property
    def day(self) -> date:
        return max(moments.today(), self.obj.valid_from)

    def prepare(self) -> None:
        if self.obj is None:
            return
        colleagues = ending.colleagues_of(self.obj)
        if not ending.passing_on(self.obj) or not colleagues.exists():
            del self.fields["colleague"]
            return
        self.chooser("colleague").queryset = colleagues
        self.fields["colleague"].required = True


@form_for(MEMBERSHIP, "hand_on")
class HandOn(LeavingForm):
    """Who carries on what still stands under the name of somebody who has left."""

    colleague = a_colleague(_("接手的同事"), help_text=_("在同一处担任同一身份的人。"))

    def prepare(self) -> None:
        if self.obj is not None:
            self.chooser("colleague").queryset = ending.colleagues_of(self.obj)
