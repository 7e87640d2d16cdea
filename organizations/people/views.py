"""Pages of people and of their memberships."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.forms import typed
from foundation.journal import timeline
from foundation.permissions import access, access_to
from foundation.refusals import Words
from foundation.roles import GIVES_MEMBERSHIPS, Role
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column, filters, named, or_dash, state_of, table
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import listed, moment
from organizations.people import closing, giving, helping, incompatible
from organizations.people.helping import Half
from organizations.people.models import Membership, MembershipQuerySet, User
from organizations.people.seeking import FROM_TODAY, held_from_today, narrowed


def _roles(person: User) -> str:
    """What a person holds from today on."""
    return listed(map(str, getattr(person, FROM_TODAY)))


def _name(person: User) -> Any:
    return named(person.full_name, person.username)


class People(ListPage):
    """The people of the staff that the reader sees, each with what he holds; found by a part of the name, the user name,
    or what organization or place he works for, and narrowed to a role.
    """

    access = access_to(User)
    template = "organizations/people/people.html"
    columns = (
        Column(gettext_lazy("姓名"), _name),
        Column(gettext_lazy("身份"), lambda row: or_dash(_roles(row))),
        Column(gettext_lazy("最近登录"), lambda row: or_dash(moment(row.last_login))),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = typed.line(request.GET.get("q", ""))[:40]
        role = request.GET.get("role", "")
        organization = typed.whole_number(request.GET.get("organization", ""))
        found = visible(User, self.actor).order_by("-pk")
        held = visible(Membership, self.actor).from_today()
        roles = self._roles_of(held)
        found = narrowed(
            found, held, asked=asked, role=role if role in dict(roles) else "", organization=organization
        )
        kept = {"q": asked, "organization": str(organization or "")}
        return self.show_list(
            found.prefetch_related(held_from_today(visible(Membership, self.actor))),
            asked=asked,
            kept={"role": role, "organization": organization},
            filters=filters(roles, role, "role", {name: text for name, text in kept.items() if text}),
        )

    @staticmethod
    def _roles_of(held: MembershipQuerySet) -> list[tuple[str, Words]]:
        """The roles that people hold, as choices in the order of roles."""
        values = set(held.order_by().values_list("role", flat=True).distinct())
        return [(role.value, role.label) for role in Role if role.value in values]


#: The memberships of a person.
HELD = (Column(gettext_lazy("身份"), str), Column(gettext_lazy("日子"), giving.days_of), state_of(Membership))


class ShowPerson(Page):
    """A person of the staff: what he holds and held, and what an administrator may do for him."""

    access = access_to(User)
    template = "organizations/people/person.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = find_visible(User, self.actor, pk=pk)
        held = (
            visible(Membership, self.actor)
            .filter(user=person)
            .select_related("organization", "place", "user")
        )
        rows = list(held.order_by("status", "-valid_from"))
        today = list(person.memberships.of_today())
        return self.render(
            {
                "person": person,
                "held": table(HELD, rows, address=Membership.get_absolute_url) if rows else "",
                "kept_apart": [one for one in today if one not in incompatible.compatible(today)],
                "factors": person.factors.exists(),
                "connections": person.connections.all(),
                "closes": helping.may_help(person, self.actor),
                "password_refused": helping.refusal_of_a_half(person, self.actor, Half.PASSWORD),
                "reset_refused": helping.refusal_of_a_half(person, self.actor, Half.FACTOR),
                "timeline": timeline.entries_of([person, *rows, *self._links_for(person)]),
            }
        )

    def _links_for(self, person: User) -> Any:
        """The links that were sent to the person to set a new password, and the invitations, which the reader sees."""
        if not self.may_open("invitations"):
            return ()
        return visible(person.invitations.all(), self.actor)


class SignOutEverywhere(Page):
    """End everything that a person has open, because a telephone or a password was lost."""

    access = access(POST=GIVES_MEMBERSHIPS)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = find_visible(User, self.actor, pk=pk)
        closing.close(person, by=self.actor)
        messages.success(request, _("%(name)s在所有设备上的登录都已结束。") % {"name": person.full_name})
        return redirect(person)


class ShowMembership(Page):
    """One membership and its timeline."""

    access = access_to(Membership)
    template = "organizations/people/membership.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(Membership, self.actor, pk=pk)
        return self.render(
            {
                "object": found,
                "days": giving.days_of(found),
                "transitions": found.transitions_for(self.actor),
                "timeline": timeline.entries_of([found]),
            }
        )
