"""The fields of a form by which an administrator names a role, for which organization and at which place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.forms.actions import ActionForm
from foundation.forms.fields import DayField
from foundation.permissions import access_of
from foundation.roles import OF_AN_ORGANIZATION, Role
from foundation.wording import filled, said_together
from organizations.bodies.models import Organization
from organizations.bodies.seeking import an_organization
from organizations.people import giving, incompatible, scopes
from organizations.people.models import Membership, User
from organizations.people.seeking import somebody
from organizations.places.models import Place
from organizations.places.seeking import a_place

#: The name of the address where a dispensation is asked for, which is a floor above.
DISPENSATION = "dispensation-new-request"


class SeatForm(ActionForm):
    """A role, for which organization, at which place, and from which day to which.

    The administrator of an organization gives roles for it alone, so the form asks neither organization nor place.
    """

    role = forms.ChoiceField(label=_("身份"))
    organization = an_organization(
        _("机构"), required=False, help_text=_("部门、窗口、承接主体、村（居）委会或评估机构。")
    )
    place = a_place(
        _("地点"),
        required=False,
        help_text=_("窗口写镇街，协管员和网格员写村（社区）；写了机构的，不写就是机构所在地。"),
    )
    valid_from = DayField(label=_("自哪天起"), required=False, help_text=_("不写就是今天。"))
    valid_to = DayField(label=_("到哪天为止"), required=False, help_text=_("不写就是不限期。"))

    def prepare(self) -> None:
        if self.actor is None:
            return
        roles = giving.roles_given_by(self.actor)
        self.options("role").choices = [(role.value, role.label) for role in roles]
        if self.by.role is Role.STAFF_MANAGER:
            del self.fields["organization"], self.fields["place"]
            return
        self._say_who_needs([role.value for role in roles])
        self.chooser("organization").queryset = Organization.objects.in_use()
        self.chooser("place").queryset = Place.objects.in_use().select_related("parent")

    def show_dispensation(self, person: User) -> None:
        """Show at the role where leave is asked for the person to hold it, with what the form says, if the giver asks."""
        if not access_of(DISPENSATION).allows("GET", self.by.role):
            return
        names = ("role", "organization", "place", "valid_from", "valid_to")
        said = {name: self.data.get(name, "") for name in names}
        asked = urlencode({"person": person.pk, **{name: text for name, text in said.items() if text}})
        self.ways_out = [("role", _("申请兼任的例外"), f"{reverse(DISPENSATION)}?{asked}")]

    def _say_who_needs(self, roles: Sequence[str]) -> None:
        """Say at the organization and at the place which of the roles need it, in place of a mark that fits not all."""
        of_an_organization, at_a_place = scopes.asked_of(roles)
        for name, needing in (("organization", of_an_organization), ("place", at_a_place)):
            if needing:
                self.show_as_needed(name)
                words = filled(_("%(roles)s要写，其他身份可以不写。"), roles=needing)
                self.fields[name].help_text = said_together(self.fields[name].help_text, words)

    def given(self) -> dict[str, Any]:
        found = super().given()
        if self.by.role is Role.STAFF_MANAGER:
            found["organization"] = Organization.objects.get(pk=self.by.organization)
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if fault := giving.fault_of_first_day(given.get("valid_from")):
            self.add_error("valid_from", fault)
        if given.get("role") and "place" in self.fields and "place" not in self.errors:
            given["place"] = scopes.placed(given["role"], given.get("organization"), given.get("place"))
        asked = given.get("role") in OF_AN_ORGANIZATION and "organization" in self.fields
        if asked and not given.get("organization") and "organization" not in self.errors:
            self.add_error("organization", _("这个身份要写明机构。"))
        return given


class SeatOfSomebody(SeatForm):
    """A role for somebody who has an account. What it cannot be beside the roles that he holds is said at the role, as
    soon as the person is chosen.
    """

    person = somebody(_("给谁"))
    field_order = ("person", "role")

    #: Whether leave is asked for, so that only the roles are refused that never meet.
    asks_leave = False

    def prepare(self) -> None:
        super().prepare()
        if self.actor is None:
            return
        self.chooser("person").queryset = User.objects.visible_to(self.actor).filter(is_active=True)
        person = self.chosen("person")
        if person is not None:
            offered = giving.roles_given_by(self.actor)
            held = _held(person)
            self.fields["role"].help_text = incompatible.in_words(held, offered)
            self._offer_but(held, offered)

    def _offer_but(self, held: Sequence[Membership], roles: Sequence[Role]) -> None:
        """Draw the roles but those that never meet one which the person holds without an end.

        One that is sent all the same is answered with the reason.
        """
        lasting = [one for one in held if one.valid_to is None]
        every = [role.value for role in Role]
        kept = [
            role
            for role in roles
            if not incompatible.fault_of(lasting, role, moments.today(), None, alongside=every)
        ]
        self.options("role").widget.choices = [(role.value, role.label) for role in kept]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        person, role = given.get("person"), given.get("role")
        if person is None or not role:
            return given
        held = _held(person)
        first, last = given.get("valid_from") or moments.today(), given.get("valid_to")
        leave = [membership.role for membership in held] if self.asks_leave else []
        if fault := incompatible.fault_of(held, role, first, last, alongside=leave):
            self.add_error("role", fault)
            if incompatible.dispensable(held, role, first, last, alongside=leave):
                self.show_dispensation(person)
        return given


def _held(person: User) -> list[Membership]:
    """What somebody holds today and later."""
    return list(person.memberships.from_today().select_related("organization", "place"))
