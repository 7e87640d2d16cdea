"""Pages that every role has: documents, reveal, drafts, inbox, rules."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import drafts, moments, owning
from foundation.access import ANYONE, SIGNED_IN, access, role_of
from foundation.deadlines import clocks
from foundation.deadlines.inputs import Pause
from foundation.deadlines.models import Clock, Overdue
from foundation.documents import making
from foundation.documents.models import Document, DocumentStatus
from foundation.inputs import Input
from foundation.lifecycle.table import LIFECYCLES
from foundation.messaging import sending
from foundation.messaging.models import Message
from foundation.messaging.wording import about
from foundation.models import Notice, RuleVersion
from foundation.pages.base import FormPage, Page, find_visible, keep_typed, key_of
from foundation.pages.chips import chip
from foundation.pages.lists import ListPage
from foundation.pages.paging import leaf
from foundation.pages.tables import Column
from foundation.personal_data.revealing import reveal
from foundation.refusals import NotYours, Refused
from foundation.roles import Actor, Role
from foundation.rules import reading
from foundation.wording import moment


class MakeDocument(Page):
    """Ask for a document about an object that the actor may see."""

    access = access(POST=SIGNED_IN)

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        if kind not in making.KINDS:
            raise Http404
        label = request.POST.get("subject", "")
        try:
            model = apps.get_model(label)
        except (LookupError, ValueError):
            raise Http404 from None
        if not hasattr(model._default_manager, "visible_to"):
            raise Http404
        subject = find_visible(model, self.actor, pk=pk)
        reason = request.POST.get("reason", "")
        try:
            document = making.request(making.KINDS[kind], subject, by=self.actor, reason=reason)
        except NotYours:
            raise Http404 from None
        except Refused as refusal:
            return self.show(
                {
                    "title": making.KINDS[kind].title(subject),
                    "subject": subject,
                    "label": label,
                    "kind": kind,
                    "error": refusal.message if "reason" in request.POST else "",
                },
                template="foundation/document_reason.html",
                status=422,
            )
        return redirect(document)


class ShowDocument(Page):
    """The progress of a document, and where to open it; published ones are for anybody."""

    access = access(GET=ANYONE)
    template = "foundation/document.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        document = get_object_or_404(Document, code=code)
        if not making.readable(document, self.actor):
            raise Http404
        template = "foundation/document_state.html" if self.request.htmx else self.template
        return self.show(
            {
                "document": document,
                "subject": making.subject_of(document),
                "waiting": document.status in (DocumentStatus.QUEUED, DocumentStatus.RENDERING),
                "asks_why": making.asks_why(document, self.actor),
            },
            template=template,
        )


class OpenDocument(Page):
    """The PDF itself."""

    access = access(GET=ANYONE)

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        document = get_object_or_404(Document, code=code, status=DocumentStatus.READY)
        try:
            content = making.read(document, self.actor)
        except NotYours:
            raise Http404 from None
        except Refused:
            return redirect(document)
        answer = HttpResponse(content, content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="{document.kind}-{document.pk}.pdf"'
        answer["Cache-Control"] = "private, no-store"
        return answer


class VerifyDocument(Page):
    """Anybody who holds a document can compare its hash here; no content is shown."""

    access = access(GET=ANYONE)
    template = "foundation/verify.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        document = get_object_or_404(Document, code=code, status=DocumentStatus.READY)
        return self.show({"document": document})


class Reveal(Page):
    """A protected value, shown after a reason (htmx swaps it in)."""

    access = access(POST=SIGNED_IN)
    template = "foundation/revealed.html"

    def post(self, request: HttpRequest, label: str, pk: int, field: str) -> HttpResponse:
        try:
            model = apps.get_model(label)
        except (LookupError, ValueError):
            raise Http404 from None
        if not hasattr(model, "may_reveal"):
            raise Http404
        obj = find_visible(model, self.actor, pk=pk)
        context: dict[str, Any] = {"label": label, "pk": pk, "field": field}
        try:
            reason = request.POST.get("reason", "")
            context["value"] = reveal(obj, field, by=self.actor, reason=reason)
        except Refused as refusal:
            context["error"] = refusal.message
            return self.show(context, status=422)
        answer = self.show(context)
        answer["Cache-Control"] = "private, no-store"
        return answer


#: No address of a form is longer.
LONGEST_PATH = 200


def _clock(actor: Actor, pk: int) -> tuple[Clock, Any]:
    """A running clock on an object that the actor may see; ``Http404`` else."""
    clock = get_object_or_404(Clock, pk=pk, stopped_at=None)
    return clock, find_visible(LIFECYCLES[clock.lifecycle].model, actor, pk=clock.object_id)


class PauseClock(FormPage):
    """Let a deadline stand still, for a listed cause."""

    access = access(GET=clocks.COUNTING, POST=clocks.COUNTING)

    def form_class(self) -> type[Input]:
        return Pause

    def form_arguments(self) -> dict[str, Any]:
        return {"actor": self.actor, "obj": _clock(self.actor, self.kwargs["pk"])[1]}

    def words(self) -> dict[str, Any]:
        clock, obj = _clock(self.actor, self.kwargs["pk"])
        return {
            "title": _("暂停计时"),
            "button": _("暂停计时"),
            "object": obj,
            "back": obj.get_absolute_url(),
            "open_now": not clock.paused and clocks.may_pause(clock, obj, self.actor),
        }

    def act(self, form: Input, key: str) -> HttpResponse:
        clock, obj = _clock(self.actor, self.kwargs["pk"])
        clocks.pause(clock, by=self.actor, **form.given())
        return redirect(obj.get_absolute_url())


class ResumeClock(Page):
    """Let a paused deadline run on."""

    access = access(POST=clocks.COUNTING)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        clock, obj = _clock(self.actor, pk)
        try:
            clocks.resume(clock, by=self.actor)
        except Refused as refusal:
            messages.error(request, str(refusal.message))
        return redirect(obj.get_absolute_url())


def _keeper(request: HttpRequest, path: str) -> FormPage:
    """The page at ``path`` that keeps what is typed; ``Http404`` where there is none."""
    try:
        match = resolve(path)
    except Resolver404:
        raise Http404 from None
    kind = getattr(match.func, "view_class", None)
    if not (isinstance(kind, type) and issubclass(kind, FormPage) and len(path) <= LONGEST_PATH):
        raise Http404
    page = kind(**getattr(match.func, "view_initkwargs", {}))
    page.setup(request, *match.args, **match.kwargs)
    if not page.keeps_draft or not page.access.allows("POST", role_of(request)):
        raise Http404
    return page


class SaveDraft(Page):
    """Keep what is typed into one opened form; answers when it was saved."""

    access = access(POST=SIGNED_IN)

    def post(self, request: HttpRequest) -> HttpResponse:
        path, key = request.GET.get("path", ""), key_of(request)
        page = _keeper(request, path)
        page.find_object()
        form = page.form_class()
        if not key or not form.keeps_draft:
            raise Http404
        owner = owning.owner_of(request)
        if owner is not None and not owner.is_(self.actor):
            words = _("这张表单是另一位打开的，没有保存。请由本人登录。")
            if owner.is_person(self.actor):
                words = _("这张表单是您用另一个身份打开的，没有保存。请先换回那个身份。")
            return HttpResponse(words, status=409, content_type="text/plain")
        typed = form.as_kept(dict(request.POST.lists()))
        try:
            blank = form(**page.form_arguments()) if "id_number" in form.base_fields else form()
            saved_at = keep_typed(blank, typed, key, self.actor, path)
        except Refused as refusal:
            return HttpResponse(refusal.message, status=409, content_type="text/plain")
        if saved_at is None:
            return HttpResponse("", content_type="text/plain")
        time = f"{localtime(saved_at):%H:%M}"
        return HttpResponse(_("已保存 %(time)s") % {"time": time}, content_type="text/plain")


class DiscardDraft(Page):
    """Throw an unsent form away; a save that is still on its way comes too late."""

    access = access(POST=SIGNED_IN)

    def post(self, request: HttpRequest) -> HttpResponse:
        path = request.POST.get("path", "")
        _keeper(request, path)
        drafts.discard(self.actor.person, key_of(request))
        return redirect(path)


class ShowSession(Page):
    """For scripts: who is signed in, a fresh token, and the key of what waits in the browser."""

    access = access(GET=ANYONE)

    def get(self, request: HttpRequest) -> HttpResponse:
        me = self.actor.user_id if self.actor else None
        answer = JsonResponse(
            {"who": me, "token": get_token(request), "key": owning.browser_key(me) if me else ""}
        )
        answer["Cache-Control"] = "private, no-store"
        return answer


class Inbox(ListPage):
    """Notices to this role here, newest first; all are marked as read at once."""

    access = access(GET=SIGNED_IN, POST=SIGNED_IN)
    template = "foundation/inbox.html"
    columns = (
        Column(gettext_lazy("消息"), "text"),
        Column(
            gettext_lazy("时间"), lambda row: format_html('<span class="nowrap">{}</span>', moment(row.at))
        ),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_list(Notice.objects.visible_to(self.actor))

    def address_of(self, row: Notice) -> str:
        """What the notice tells of."""
        return row.link

    def mark(self, row: Notice) -> Any:
        """Whether it is new."""
        return "" if row.read_at else chip(_("未读"), "soon", "circle-dot")

    def post(self, request: HttpRequest) -> HttpResponse:
        Notice.objects.visible_to(self.actor).filter(read_at=None).update(read_at=moments.now())
        return redirect("inbox")


class Rules(Page):
    """Every rule that the city may set, with the value in force."""

    access = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR))
    template = "foundation/rules.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rules = reading.everything()
        waiting = RuleVersion.objects.visible_to(self.actor).filter(status="proposed")
        return self.show({"rules": rules, "waiting": waiting})


class ShowRule(Page):
    """One version of a rule beside the one in force."""

    access = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR))
    template = "foundation/rule.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = find_visible(RuleVersion, self.actor, pk=pk)
        rule = reading.current(version.key)
        return self.show(
            {
                "object": version,
                "current": rule,
                "now": rule.said(),
                "then": rule.said(version.value),
                "moves": version.moves_for(self.actor),
                "back": reverse("rules"),
            }
        )


class Undelivered(Page):
    """Texts that no gateway has taken for a day: when, what for, to whom; never their words."""

    access = access(GET=(Role.CIVIL_AFFAIRS,))
    template = "foundation/undelivered.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        page = leaf(Message.objects.visible_to(self.actor), request)
        return self.show({"page": page, "rows": [(each, about(each.about)) for each in page]})


class SendAgain(Page):
    """Try an undelivered text again."""

    access = access(POST=(Role.CIVIL_AFFAIRS,))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        message = find_visible(Message, self.actor, pk=pk)
        try:
            sending.send_again(message, by=self.actor)
        except Refused as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("正在重发。"))
        return redirect("undelivered")


class OverdueRegister(Page):
    """Every missed deadline, as it was registered; nobody can change a line."""

    access = access(GET=(Role.CIVIL_AFFAIRS, Role.AUDITOR))
    template = "foundation/overdue.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        lines = leaf(Overdue.objects.select_related("clock"), request)
        return self.show(
            {"lines": lines, "rows": [(each, LIFECYCLES[each.lifecycle].title) for each in lines]}
        )
