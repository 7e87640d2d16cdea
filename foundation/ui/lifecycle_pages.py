"""The pages of lifecycles: one for each start and each transition."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from foundation.forms.actions import ActionForm, form_of
from foundation.inbox import notices
from foundation.lifecycle import duties
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.refusals import KeyReused, NotNow, Refused
from foundation.ui import following
from foundation.ui.views import FormPage, find_visible


class TransitionPage(FormPage):
    """The page of one transition of one lifecycle; made by ``urls_of``."""

    lifecycle: Lifecycle
    row: Transition
    lookup = "pk"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._obj: Any = None

    @property
    def obj(self) -> Any:
        """The object of the transition; raises ``Http404`` if this actor may not see it."""
        if self._obj is None:
            model = self.lifecycle.model
            self._obj = find_visible(model, self.actor, **{self.lookup: self.kwargs[self.lookup]})
        return self._obj

    def find_object(self) -> None:
        _found = self.obj

    def form_class(self) -> type[ActionForm]:
        return form_of(self.lifecycle, self.row.name)

    def form_arguments(self) -> dict[str, Any]:
        return {"actor": self.actor, "obj": self.obj, "row": self.row}

    @property
    def now(self) -> Transition:
        """The transition that takes the form now: ``row``, or its ``later`` one if it is too late."""
        allowed = self.obj.transitions_for(self.actor)
        later = [row for row in allowed if self.row.later and row.name == self.row.later]
        return later[0] if later and self.row not in allowed else self.row

    def get_context_data(self) -> dict[str, Any]:
        allowed, now = self.obj.transitions_for(self.actor), self.now
        kept = None if now in allowed else self.obj.kept_from(now, self.actor)
        return {
            "title": now.label,
            "object": self.obj,
            "button": now.label,
            "row": now,
            "open_now": now in allowed,
            "kept": kept,
            "missing": dict(self.lifecycle.lacking(self.obj, self.actor)).get(now, ""),
            "followed_by": following.foretold(now, self.obj, self.actor) if now in allowed else [],
            "who_may": notices.in_words(now.by, self.obj, self.actor) if kept else "",
            "allowed": allowed,
            "back": self.obj.get_absolute_url(),
        }

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        done = self.row
        try:
            obj = self._do(done, form, key)
        except (NotNow, KeyReused):  # the key may have been used for the later transition
            if not self._too_late():
                raise
            done = self.lifecycle.get_transition(self.row.later)
            obj = self._do(done, form, key)
        if obj.done_otherwise:
            messages.warning(self.request, obj.done_otherwise)
        else:
            messages.success(self.request, following.done(done, obj, self.actor))
        return redirect(self._next() or obj.get_absolute_url())

    def _too_late(self) -> bool:
        """Whether the object has left the states of this transition, so that ``later`` takes the form."""
        state = getattr(self.obj, self.lifecycle.field_name)
        return bool(self.row.later) and state not in self.row.arrow.sources

    def _do(self, row: Transition, form: ActionForm, key: str) -> Any:
        action = self.lifecycle.actions[row.name]
        return action(self.obj, by=self.actor, key=key, **form.given())

    def _next(self) -> str:
        """The address to return to (``next``), if it is one of ours; else ""."""
        asked = self.request.POST.get("next") or self.request.GET.get("next", "")
        return asked if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, None) else ""


class StartPage(FormPage):
    """The page of one start of one lifecycle; made by ``urls_of``."""

    lifecycle: Lifecycle
    row: Start

    def form_class(self) -> type[ActionForm]:
        return form_of(self.lifecycle, self.row.name)

    def form_arguments(self) -> dict[str, Any]:
        return {"actor": self.actor, "row": self.row}

    def refused(self) -> Refused | None:
        """Why the reader cannot begin one now, whatever he fills in; None if nothing is known against it."""
        return duties.refused_start(self.lifecycle, self.row, self.actor)

    def get_context_data(self) -> dict[str, Any]:
        refused = self.refused()
        return {
            "title": self.row.label,
            "button": self.row.label,
            "row": self.row,
            "open_now": refused is None,
            "missing": refused.message if refused else "",
            "followed_by": following.foretold_of_a_start(self.lifecycle, self.row, self.actor),
        }

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        obj = self.lifecycle.actions[self.row.name](by=self.actor, key=key, **form.given())
        messages.success(self.request, following.done(self.row, obj, self.actor))
        return redirect(obj.get_absolute_url())
