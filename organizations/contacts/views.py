"""Pages of telephones and mail addresses: one's own, and that of somebody whom an administrator helps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from foundation.forms.actions import ActionForm
from foundation.permissions import access
from foundation.roles import GIVES_MEMBERSHIPS
from foundation.ui.views import FormPage, find_visible
from organizations.contacts import keeping
from organizations.contacts.forms import ContactOfSomebody, OwnContact
from organizations.factors.forms import OwnForm
from organizations.factors.views import OwnPage
from organizations.people import helping
from organizations.people.helping import Half
from organizations.people.models import User


class ChangeOwnContact(OwnPage):
    """One's own telephone and mail address."""

    without_factor = False
    template = "organizations/contacts/own.html"

    def form_class(self) -> type[ActionForm]:
        return OwnContact

    def form_arguments(self) -> dict[str, Any]:
        return {**super().form_arguments(), "obj": self.person}

    def change(self, form: OwnForm) -> HttpResponse:
        keeping.change(self.person, by=self.actor, **form.given())
        messages.success(self.request, _("已保存。"))
        return redirect("contact")


class ChangeContact(FormPage):
    """The telephone and the mail address of a person who cannot change them."""

    access = access(GET=GIVES_MEMBERSHIPS, POST=GIVES_MEMBERSHIPS)
    template = "organizations/contacts/somebody.html"
    keeps_draft = False

    @cached_property
    def person(self) -> User:
        """The person of the address; raises ``Http404`` for one whom the administrator does not see."""
        found: User = find_visible(User, self.actor, pk=self.kwargs["pk"])
        return found

    def form_class(self) -> type[ActionForm]:
        return ContactOfSomebody

    def form_arguments(self) -> dict[str, Any]:
        return {**super().form_arguments(), "obj": self.person}

    def get_context_data(self) -> dict[str, Any]:
        return {
            "person": self.person,
            "helps": helping.may_help(self.person, self.actor),
            "refused": helping.refusal_of_a_half(self.person, self.actor, Half.PASSWORD),
        }

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        keeping.help_with(self.person, by=self.actor, **form.given())
        messages.success(self.request, _("已保存。"))
        return redirect(self.person)
