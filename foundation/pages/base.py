"""The base classes of pages: declared access, one verb a view."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View
from django_htmx.http import HttpResponseClientRedirect

from foundation import drafts
from foundation.access import Access, access, refuse
from foundation.inputs import Input, form_of
from foundation.lifecycle.table import Lifecycle, Move, Start
from foundation.refusals import Refused
from foundation.roles import Actor


class Guarded:
    """Mixin of every page: it admits whom the declared access names."""

    access: ClassVar[Access]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return refuse(request, self.access) or super().dispatch(request, *args, **kwargs)


class Page(Guarded, View):
    """A page with its declared access. ``self.actor`` is who asks (None: nobody)."""

    template = ""

    @property
    def actor(self) -> Actor:
        """Who asks. Public pages must not read it."""
        return self.request.actor  # set by the middleware

    def show(
        self, context: dict[str, Any], *, template: str = "", status: int = 200
    ) -> HttpResponse:
        """The page's template with a context."""
        return render(self.request, template or self.template, context, status=status)


def find_visible(model: type[models.Model], actor: Actor, **lookup: Any) -> Any:
    """The object if this actor may see it; ``Http404`` if not, or if there is none."""
    try:
        return model._default_manager.visible_to(actor).get(**lookup)
    except model.DoesNotExist:
        raise Http404 from None


def refuse_into(form: Input, refusal: Refused) -> None:
    """Show a refusal at the fields it names, else above the form."""
    for name, words in refusal.fields.items():
        form.add_error(name if name in form.fields else None, str(words))
    if not refusal.fields:
        rule = f"({refusal.rule})" if refusal.rule else ""
        form.add_error(None, f"{refusal.message}{rule}")


def key_of(request: HttpRequest) -> str:
    """The form's own idempotency key, as the journal can keep it."""
    return request.POST.get("key", "").replace("\0", "")[:80]


class FormPage(Page):
    """A page with one form and one verb. Bad input keeps everything typed."""

    template = "foundation/form.html"
    keeps_draft = True

    def form_class(self) -> type[Input]:
        """The form of this page."""
        raise TypeError(f"{type(self).__name__} names no form")

    def form_arguments(self) -> dict[str, Any]:
        """Further arguments of the form."""
        return {"actor": self.actor}

    def act(self, form: Input, key: str) -> HttpResponse:
        """Call the verb and answer; may raise ``Refused``."""
        raise TypeError(f"{type(self).__name__} does nothing")

    def words(self) -> dict[str, Any]:
        """What the template needs beside the form: title, button, consequence."""
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class()(initial=self.first_values(), **self.form_arguments())
        return self.answer(form)

    def first_values(self) -> dict[str, Any]:
        """What stands in the fields at first: the saved draft, else the address's query."""
        first: dict[str, Any] = {
            name: self.request.GET[name].replace("\0", "")
            for name in self.request.GET
            if name != "next"
        }
        if self.keeps_draft:
            saved = drafts.restore(self.actor, self.request.path)
            first |= {name: value[0] if len(value) == 1 else value for name, value in saved.items()}
        return first

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class()(request.POST, request.FILES, **self.form_arguments())
        if form.is_valid():
            try:
                answer = self.act(form, key_of(request))
            except Refused as refusal:
                refuse_into(form, refusal)
            else:
                drafts.forget(self.actor, request.path)
                return answer
        if request.htmx:  # sent from a list: the form itself shows what is wrong
            return HttpResponseClientRedirect(request.path)
        return self.answer(form, status=422)

    def answer(self, form: Input, status: int = 200) -> HttpResponse:
        """The form again, with what was typed and what is wrong."""
        key = self.request.POST.get("key") or uuid.uuid4().hex
        context = {"form": form, "key": key, **self.words()}
        return self.show(context, template=form.template, status=status)


class MovePage(FormPage):
    """The page of one move of one lifecycle; made by ``urls_of``."""

    lifecycle: Lifecycle
    row: Move
    lookup = "pk"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._obj: Any = None

    @property
    def obj(self) -> Any:
        """The object of the move, if this actor may see it."""
        if self._obj is None:
            model = self.lifecycle.model
            self._obj = find_visible(model, self.actor, **{self.lookup: self.kwargs[self.lookup]})
        return self._obj

    def form_class(self) -> type[Input]:
        return form_of(self.lifecycle, self.row.name)

    def form_arguments(self) -> dict[str, Any]:
        return {"actor": self.actor, "obj": self.obj, "row": self.row}

    def words(self) -> dict[str, Any]:
        open_now = self.row in self.obj.moves_for(self.actor)
        return {
            "title": self.row.label,
            "object": self.obj,
            "button": self.row.label,
            "row": self.row,
            "open_now": open_now,
            "allowed": self.obj.moves_for(self.actor),
            "back": self.obj.get_absolute_url(),
        }

    def act(self, form: Input, key: str) -> HttpResponse:
        verb = self.lifecycle.verbs[self.row.name]
        obj = verb(self.obj, by=self.actor, key=key, **form.given())
        messages.success(self.request, _("已办理:%(act)s。") % {"act": self.row.label})
        return redirect(self._next() or obj.get_absolute_url())

    def _next(self) -> str:
        """Where the person came from, if that is an address of ours."""
        asked = self.request.POST.get("next") or self.request.GET.get("next", "")
        local = url_has_allowed_host_and_scheme(asked, None)
        return asked if asked.startswith("/") and local else ""


class StartPage(FormPage):
    """The page of one start of one lifecycle; made by ``urls_of``."""

    lifecycle: Lifecycle
    row: Start

    def form_class(self) -> type[Input]:
        return form_of(self.lifecycle, self.row.name)

    def form_arguments(self) -> dict[str, Any]:
        return {"actor": self.actor, "row": self.row}

    def words(self) -> dict[str, Any]:
        return {
            "title": self.row.label,
            "button": self.row.label,
            "row": self.row,
            "open_now": True,
        }

    def act(self, form: Input, key: str) -> HttpResponse:
        obj = self.lifecycle.verbs[self.row.name](by=self.actor, key=key, **form.given())
        messages.success(self.request, _("已办理:%(act)s。") % {"act": self.row.label})
        return redirect(obj.get_absolute_url())


def move_access(row: Move | Start) -> Access:
    """The roles of a row of the table may open and send its page."""
    people = {role for role in row.roles if role != "system"}
    return access(GET=people, POST=people)
