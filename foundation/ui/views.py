"""Base classes of pages: declared access, forms of actions, drafts."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View
from django_htmx.http import HttpResponseClientRedirect

from foundation.clauses.quoting import with_basis
from foundation.drafts import keeping, owning
from foundation.forms.actions import ActionForm
from foundation.forms.base import called_in_full
from foundation.forms.seeking import SEARCH
from foundation.permissions import Access, ActorRequest, access_of, refuse, role_of, wants_json
from foundation.refusals import Refused, TooOften
from foundation.roles import Actor
from foundation.ui import seeking


class Guarded(View):
    """The base of every page: it admits the roles that ``access`` declares."""

    access: ClassVar[Access]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return refuse(request, self.access) or super().dispatch(request, *args, **kwargs)


class Page(Guarded):
    """A page with its declared access."""

    request: ActorRequest
    template = ""

    @property
    def actor(self) -> Actor:
        """Who sent the request; None on a public page for a visitor who is not signed in."""
        return cast(Actor, self.request.actor)

    def may_open(self, name: str, *arguments: str | int, method: str = "GET") -> bool:
        """Whether the reader is admitted to the page of a named address."""
        return access_of(name, *arguments).allows(method, role_of(self.request))

    def render(self, context: dict[str, Any], *, template: str = "", status: int = 200) -> HttpResponse:
        """The response of the page's template with this context."""
        return render(self.request, template or self.template, context, status=status)


def find_visible(model: type[models.Model] | models.QuerySet[Any, Any], actor: Actor, **lookup: Any) -> Any:
    """The object, if this actor may see it; raises ``Http404`` otherwise."""
    try:
        return visible(model, actor).get(**lookup)
    except ObjectDoesNotExist:
        raise Http404 from None


def visible(kind: type[models.Model] | models.QuerySet[Any, Any], actor: Actor) -> Any:
    """All objects of a model, or rows of a queryset, that this actor may see."""
    rows: Any = kind if isinstance(kind, models.QuerySet) else kind._default_manager
    return rows.visible_to(actor)


def add_refusal_errors(form: ActionForm, refusal: Refused) -> None:
    """Add a refusal to the errors of the fields it names, else to those of the form.

    Its clause follows its sentence: at the field that shows the sentence, else above the form.
    """
    message, explained = str(refusal.message), with_basis(refusal.message, str(refusal.rule))
    for name, words in refusal.fields.items():
        shown = explained if str(words) == message else str(words)
        form.add_error(name if name in form.fields else None, shown)
    said = message in map(str, refusal.fields.values())
    if not refusal.fields or (refusal.rule and not said):
        form.add_error(None, explained)


def key_of(request: HttpRequest) -> str:
    """The idempotency key of the form, cut to what the journal can store."""
    return request.POST.get("key", "").replace("\0", "")[:80]


class FormPage(Page):
    """A page with one form and one action. Wrong input keeps everything typed.

    An opened form is empty; a draft of another one is taken up only by its address (``?draft=``). The
    form has a key of its own and the mark of its owner (``foundation.drafts.owning``).
    """

    template = "foundation/form.html"
    keeps_draft = True

    def form_class(self) -> type[ActionForm]:
        """The form of this page."""
        raise TypeError(f"{type(self).__name__} names no form")

    def form_arguments(self) -> dict[str, Any]:
        """Further arguments of the form."""
        return {"actor": self.actor}

    def find_object(self) -> None:
        """Find the object of the address; raises ``Http404`` if this actor may not see it."""
        if self.kwargs:
            self.get_context_data()

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        """Call the action and answer; may raise ``Refused``."""
        raise TypeError(f"{type(self).__name__} does nothing")

    def get_context_data(self) -> dict[str, Any]:
        """The template's context besides the form: title, button, consequence."""
        return {}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and self.keeps_draft and self._belongs_to_another():
            return self._keep_and_refuse()
        return super().dispatch(request, *args, **kwargs)

    def _belongs_to_another(self) -> bool:
        """Whether the form was opened by another person than is signed in now, or in another role."""
        owner = owning.owner_of(self.request)
        return owner is not None and not owner.is_(self.actor)

    def _keep_and_refuse(self) -> HttpResponseBase:
        """Do nothing, save what was typed as a draft of the form's owner, and say so."""
        if wants_json(self.request):
            return refuse(self.request, self.access) or JsonResponse(
                {"words": whose(self.request, self.actor)}, status=403
            )
        address = keep_for_owner(self)
        if self.actor is None:
            if address:
                messages.warning(self.request, _("登录已过期。刚才填的内容已保存，登录后接着办理。"))
            return redirect_to_login(address or self.request.get_full_path())
        messages.warning(self.request, whose(self.request, self.actor))
        return redirect(self.request.path)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.request.htmx and "seek" in request.GET:
            return seeking.list_found(self, request.GET["seek"])
        taken_up = self.taken_up
        if "draft" in request.GET and taken_up is None:
            messages.warning(request, _("没有这份未交的表单：可能已经提交或丢弃，或者不是您填的。"))
        form = self.form_class()(initial=self.first_values(), **self.form_arguments())
        if taken_up is not None:
            form.taken_up(taken_up.typed)
        form.undeclared()
        return self.answer(form)

    @cached_property
    def taken_up(self) -> keeping.Unsent | None:
        """The draft that the address names, if it is this person's and of this page."""
        key = self.request.GET.get("draft", "").replace("\0", "")
        if not (key and self.keeps_draft and self.actor and self.form_class().keeps_draft):
            return None
        return keeping.restore(self.actor.person, key, self.request.path, self.actor.seat)

    def first_values(self) -> dict[str, Any]:
        """The initial values of the fields: the draft taken up, over the address's query."""
        first: dict[str, Any] = {
            name: self.request.GET[name].replace("\0", "")
            for name in self.request.GET
            if name not in ("next", "draft")
        }
        if self.taken_up is not None:
            typed = self.taken_up.typed
            first |= {name: value[0] if len(value) == 1 else value for name, value in typed.items()}
        return first

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class()(request.POST, request.FILES, **self.form_arguments())
        if SEARCH in request.POST:
            form.leave_unchecked()
            return self.answer(form)
        key, too_often = key_of(request), None
        if form.is_valid():
            try:
                answer = self.act(form, key)
            except Refused as refusal:
                too_often = refusal if isinstance(refusal, TooOften) else None
                add_refusal_errors(form, refusal)
            else:
                if self.actor is not None:
                    keeping.spend(self.actor.person, key, request.path)
                if wants_json(request):
                    return JsonResponse({"taken": key, "address": answer.get("Location", "")})
                return answer
        if self.request.htmx:  # sent from a list: the form itself shows what is wrong
            return HttpResponseClientRedirect(request.path)
        status = too_often.status if too_often else 422
        refused = (
            JsonResponse(faults_of(form), status=status) if wants_json(request) else self.answer(form, status)
        )
        if too_often:
            too_often.tell(refused)
        return refused

    def answer(self, form: ActionForm, status: int = 200) -> HttpResponse:
        """The page with the form, what was typed and what is wrong."""
        taken_up = self.taken_up
        key = key_of(self.request) or (taken_up.key if taken_up else "") or uuid.uuid4().hex
        context = {"form": form, "key": key, **self._draft_context(form, key), **self.get_context_data()}
        return self.render(context, template=form.template, status=status)

    def _draft_context(self, form: ActionForm, key: str) -> dict[str, Any]:
        """The template's context for drafts: the owner's mark, other drafts, and the browser's key."""
        if self.actor is None or not self.keeps_draft:
            return {}
        me = self.actor.person
        context: dict[str, Any] = {"owner": owning.mark(self.actor), "keeps_draft": form.keeps_draft}
        if form.keeps_draft:
            context["unsent"] = unsent_beside(form, key, self.actor, self.request.path)
            context["taken_up"] = self.taken_up
        if form.offline:
            context["browser_key"] = owning.browser_key(me)
        return context


def whose(request: HttpRequest, actor: Actor) -> str:
    """The message for a form that was opened by another person, or by this one in another role."""
    owner = owning.owner_of(request)
    if owner is not None and owner.is_person(actor):
        return _("这张表单是您用另一个身份打开的，没有提交；内容已保存，换回那个身份后继续。")
    return _("这张表单是另一位打开的，没有提交；内容已替那一位保存，由本人登录后继续。")


def unsent_beside(form: ActionForm, key: str, actor: Actor, path: str) -> list[dict[str, Any]]:
    """The drafts of a page other than ``key``, each with the words that name it."""
    return [
        {"draft": draft, "called": form.called(draft.typed)}
        for draft in keeping.unsent(actor.user_id or 0, path, actor.seat)
        if draft.key != key and form.filled(draft.typed)
    ]


def keep_typed(form: ActionForm, typed: keeping.Typed, key: str, actor: Actor, path: str) -> datetime | None:
    """Save a draft of a form of ``path``; None if there is no more in it than an identity number.

    ``form`` is a blank one. Raises ``Refused``.
    """
    empty = "id_number" in form.base_fields and not form.filled(typed)
    user_id = actor.user_id or 0
    if empty and keeping.restore(user_id, key, path) is None:
        return None
    return keeping.save(user_id, key, path, typed, seat=actor.seat)


def faults_of(form: ActionForm) -> dict[str, Any]:
    """The errors of a form for a script: by field, with the field's label."""
    return {
        "words": [str(non_field_error) for non_field_error in form.non_field_errors()],
        "fields": [
            {"name": field.html_name, "label": called_in_full(field), "words": [str(w) for w in field.errors]}
            for field in form
            if field.errors
        ],
    }


def keep_for_owner(page: FormPage) -> str:
    """Save what was typed into a form that this person may not send, as a draft of its owner.

    Returns the address at which the owner takes it up; "" if nothing was saved.
    """
    request, key = page.request, key_of(page.request)
    owner = owning.owner_of(request)
    form = page.form_class()
    if owner is None or not key or not form.keeps_draft:
        return ""
    typed = form.as_kept(dict(request.POST.lists()))
    try:
        keeping.save(owner.user_id, key, request.path, typed, seat=owner.seat)
    except Refused:
        return ""
    return f"{request.path}?draft={key}"
