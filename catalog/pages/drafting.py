"""Pages on which civil affairs writes a draft: items, headings, files."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from catalog import importing, items
from catalog.inputs import NameHeading
from catalog.item_form import ItemForm
from catalog.lifecycle import EditionStatus, ImportStatus
from catalog.models import Edition, Heading, Import, Item
from foundation.access import access
from foundation.inputs import Input
from foundation.journal import timeline
from foundation.pages.base import FormPage, Page, find_visible
from foundation.refusals import Words
from foundation.roles import Role

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

    def words(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "button": self.button,
            "object": self.part or self.edition,
            "open_now": self.edition.status == EditionStatus.DRAFT,
            "back": self.edition.get_absolute_url(),
        }

    def act(self, form: Input, key: str) -> HttpResponse:
        self.write(form)
        messages.success(self.request, self.said)
        return redirect(self.edition)

    def write(self, form: Input) -> None:
        """Call the verb."""
        raise TypeError(f"{type(self).__name__} writes nothing")


class AddItem(DraftPage):
    """A new item."""

    title = _("添加项目")

    def form_class(self) -> type[Input]:
        return ItemForm

    def write(self, form: Input) -> None:
        items.add(self.edition, by=self.actor, **form.given())


class ItemPage(DraftPage):
    """A page about one item of a draft."""

    @cached_property
    def part(self) -> Item:
        """The item."""
        item = self.edition.items.coded(self.kwargs["code"])
        if item is None:
            raise Http404
        return item


class ChangeItem(ItemPage):
    """An item's fields."""

    title = _("修改项目")

    def form_class(self) -> type[Input]:
        return ItemForm

    def words(self) -> dict[str, Any]:
        remove = reverse("item-remove", args=[self.edition.pk, self.part.code])
        return {**super().words(), "remove": remove}

    def write(self, form: Input) -> None:
        items.change(self.part, by=self.actor, **form.given())

    def answer(self, form: Input, status: int = 200) -> HttpResponse:
        """Whoever was told that another has changed the item has seen it now."""
        if form.is_bound:
            seen = items.stamp(self.edition.items.get(code=self.part.code))
            form.data = self.request.POST.copy()
            form.data["seen"] = seen
        return super().answer(form, status)


class RemoveItem(ItemPage):
    """Take an item out of the draft."""

    title = button = _("从草稿中删除")
    said = _("已删除。")

    def form_class(self) -> type[Input]:
        return Input

    def write(self, form: Input) -> None:
        items.remove(self.part, by=self.actor)


class NewHeading(DraftPage):
    """A new group or class."""

    title = _("添加分类")

    def form_class(self) -> type[Input]:
        return NameHeading

    def write(self, form: Input) -> None:
        items.name_heading(self.edition, by=self.actor, **form.given())


class HeadingPage(DraftPage):
    """A page about one heading of a draft."""

    @cached_property
    def part(self) -> Heading:
        """The heading."""
        heading = self.edition.headings.filter(code=self.kwargs["code"]).first()
        if heading is None:
            raise Http404
        return heading


class ChangeHeading(HeadingPage):
    """The name of a heading."""

    title = _("修改分类名称")

    def form_class(self) -> type[Input]:
        return NameHeading

    def words(self) -> dict[str, Any]:
        remove = reverse("heading-remove", args=[self.edition.pk, self.part.code])
        return {**super().words(), "remove": remove}

    def write(self, form: Input) -> None:
        items.name_heading(self.edition, by=self.actor, **form.given())


class RemoveHeading(HeadingPage):
    """Take a heading out of the draft."""

    title = button = _("从草稿中删除")
    said = _("已删除。")

    def form_class(self) -> type[Input]:
        return Input

    def write(self, form: Input) -> None:
        items.remove_heading(self.part, by=self.actor)


class ShowImport(Page):
    """What each row of an uploaded file would do, and the way to take it in."""

    access = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR))
    template = "catalog/import.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        waiting = find_visible(Import, self.actor, pk=pk)
        open_now = waiting.status == ImportStatus.PREVIEWED
        return self.show(
            {
                "object": waiting,
                "preview": importing.preview(waiting) if open_now else None,
                "moves": {each.name: each for each in waiting.moves_for(self.actor)},
                "timeline": timeline.told([waiting]),
                "key": uuid.uuid4().hex,
            }
        )
