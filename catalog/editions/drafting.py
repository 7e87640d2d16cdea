"""Pages on which civil affairs writes a draft: items, headings, files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from catalog.editions.models import Edition
from catalog.editions.states import EditionStatus
from catalog.items.models import Heading, Item
from foundation.forms.actions import ActionForm
from foundation.permissions import access
from foundation.refusals import Words
from foundation.roles import Role
from foundation.ui.views import FormPage, find_visible

KEEPERS = access(GET=(Role.CIVIL_AFFAIRS,), POST=(Role.CIVIL_AFFAIRS,))


class DraftPage(FormPage):
    """A page that writes into one draft and goes back to it."""

    access = KEEPERS
    title: Words = ""
    button: Words = _("保存")
    said: Words = _("已保存。")

    @cached_property
    def edition(self) -> Edition:
        """The edition, if the reader may see it."""
        return find_visible(Edition, self.actor, pk=self.kwargs["pk"])

    @property
    def part(self) -> Item | Heading | None:
        """The item or heading that the page is about; None for a new one."""
        return None

    def form_arguments(self) -> dict[str, Any]:
        return {"actor": self.actor, "obj": self.part}

    def get_context_data(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "button": self.button,
            "object": self.part or self.edition,
            "open_now": self.edition.status == EditionStatus.DRAFT,
            "back": self.edition.get_absolute_url(),
        }

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        self.write(form)
        messages.success(self.request, self.said)
        return redirect(self.edition)

    def write(self, form: ActionForm) -> None:
        """Call the action."""
        raise TypeError(f"{type(self).__name__} writes nothing")
