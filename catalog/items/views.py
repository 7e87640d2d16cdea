"""Pages on which civil affairs writes the items and headings of a draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from catalog.editions.models import Edition
from catalog.items import editing
from catalog.items.forms import NameHeading
from catalog.items.item_form import ItemForm
from catalog.items.models import Heading, Item
from foundation.forms.actions import ActionForm
from foundation.permissions import access
from foundation.refusals import Words
from foundation.roles import Role
from foundation.ui.views import FormPage, find_visible


class DraftPage(FormPage):
    """A form page that writes into one draft and returns to it."""

    access = access(GET=(Role.CIVIL_AFFAIRS,), POST=(Role.CIVIL_AFFAIRS,))
    title: Words = ""
    button: Words = _("保存")
    said: Words = _("已保存。")

    @cached_property
    def edition(self) -> Edition:
        """The edition; 404 if the reader may not see it."""
        return find_visible(Edition, self.actor, pk=self.kwargs["pk"])

    @property
    def part(self) -> Item | Heading | None:
        """The item or heading that the page is about; ``None`` for a new one."""
        return None

    def form_arguments(self) -> dict[str, Any]:
        return {"actor": self.actor, "obj": self.part}

    def get_context_data(self) -> dict[str, Any]:
        kept = editing.kept_from_editing(self.edition, self.actor) if self.edition.drafted else None
        return {
            "title": self.title,
            "button": self.button,
            "object": self.part or self.edition,
            "open_now": self.edition.drafted and not kept,
            "kept": kept,
            "back": self.edition.get_absolute_url(),
        }

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        self.write(form)
        messages.success(self.request, self.said)
        return redirect(self.edition)

    def write(self, form: ActionForm) -> None:
        """Call the action with the form's values; subclasses implement it."""
        raise TypeError(f"{type(self).__name__} writes nothing")


class AddItem(DraftPage):
    """Adds an item."""

    title = _("添加项目")

    def form_class(self) -> type[ActionForm]:
        return ItemForm

    def write(self, form: ActionForm) -> None:
        editing.add(self.edition, by=self.actor, **form.given())


class ItemPage(DraftPage):
    """The base of pages about one item of a draft."""

    @cached_property
    def part(self) -> Item:
        """The item."""
        item = self.edition.items.coded(self.kwargs["code"])
        if item is None:
            raise Http404
        return item


class ChangeItem(ItemPage):
    """Changes an item."""

    title = _("修改项目")

    def form_class(self) -> type[ActionForm]:
        return ItemForm

    def get_context_data(self) -> dict[str, Any]:
        remove = reverse("item-remove", args=[self.edition.pk, self.part.code])
        return {**super().get_context_data(), "remove": remove}

    def write(self, form: ActionForm) -> None:
        editing.change(self.part, by=self.actor, **form.given())

    def answer(self, form: ActionForm, status: int = 200) -> HttpResponse:
        """Show the form again with a fresh stamp: a second save overrides the other change."""
        if form.is_bound:
            seen = editing.stamp(self.edition.items.get(code=self.part.code))
            form.data = self.request.POST.copy()
            form.data["seen"] = seen
        return super().answer(form, status)


class RemoveItem(ItemPage):
    """Removes an item from the draft."""

    title = button = _("从草稿中删除")
    said = _("已删除。")

    def form_class(self) -> type[ActionForm]:
        return ActionForm

    def write(self, form: ActionForm) -> None:
        editing.remove(self.part, by=self.actor)


class NewHeading(DraftPage):
    """Names a new group or class."""

    title = _("添加分类")

    def form_class(self) -> type[ActionForm]:
        return NameHeading

    def write(self, form: ActionForm) -> None:
        editing.name_heading(self.edition, by=self.actor, **form.given())


class HeadingPage(DraftPage):
    """The base of pages about one heading of a draft."""

    @cached_property
    def part(self) -> Heading:
        """The heading."""
        heading = self.edition.headings.filter(code=self.kwargs["code"]).first()
        if heading is None:
            raise Http404
        return heading


class ChangeHeading(HeadingPage):
    """Renames a heading."""

    title = _("修改分类名称")

    def form_class(self) -> type[ActionForm]:
        return NameHeading

    def get_context_data(self) -> dict[str, Any]:
        remove = reverse("heading-remove", args=[self.edition.pk, self.part.code])
        return {**super().get_context_data(), "remove": remove}

    def write(self, form: ActionForm) -> None:
        editing.name_heading(self.edition, by=self.actor, **form.given())


class RemoveHeading(HeadingPage):
    """Removes a heading from the draft."""

    title = button = _("从草稿中删除")
    said = _("已删除。")

    def form_class(self) -> type[ActionForm]:
        return ActionForm

    def write(self, form: ActionForm) -> None:
        editing.remove_heading(self.part, by=self.actor)
