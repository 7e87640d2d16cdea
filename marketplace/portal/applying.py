"""Public forms for households: applying for help, and opening their own page, by a code to their phone."""

from __future__ import annotations

import base64
import json
import secrets
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.city import reading
from foundation.drafts import keeping
from foundation.forms.actions import ActionForm
from foundation.forms.fields import CodeField, IdNumberField, MobileField
from foundation.lifecycle.acting import once
from foundation.messaging import codes
from foundation.messaging.senders import texts_leave
from foundation.permissions import ANYONE, access
from foundation.personal_data import keys
from foundation.refusals import Invalid, Refused, TooOften
from foundation.roles import Actor, Role
from foundation.ui.views import FormPage, add_refusal_errors, key_of
from households.register import accounts
from households.register.models import Household
from organizations.signing_in import entering
from referrals.matters import intake
from referrals.matters.forms import ApplyAsNew
from referrals.matters.models import Matter

APPLYING, SIGNING_IN = "apply", "sign-in"


#: Shown when the proof of the phone has expired while somebody was typing.
PROVE_AGAIN = gettext_lazy("手机验证已过期，内容留在本页没有丢。请另开一页重新验证手机，再回到这里提交。")


class Vault:
    """Values that the session keeps between the steps, encrypted since sessions are stored in a table."""

    NAME = "self-service"

    def __init__(self, request: HttpRequest) -> None:
        self.session = request.session

    def read(self) -> dict[str, Any]:
        """The values; none at first."""
        sealed = self.session.get(self.NAME)
        if not sealed:
            return {}
        return json.loads(keys.decrypt(base64.b64decode(sealed), self.NAME))

    def keep(self, **values: Any) -> None:
        """Add or replace values."""
        text = json.dumps({**self.read(), **values}, ensure_ascii=False).encode()
        self.session[self.NAME] = base64.b64encode(keys.encrypt(text, self.NAME)).decode()

    def empty(self) -> None:
        """Delete all values."""
        self.session.pop(self.NAME, None)


class AskCode(ActionForm):
    """The phone to which a code is sent."""

    phone = MobileField(label=gettext_lazy("您的手机号"))


class AskCodeToSignIn(AskCode):
    """The identity number and phone with which a household signs in."""

    field_order = ["id_number", "phone"]

    id_number = IdNumberField(help_text=gettext_lazy("申请时登记的那一位。"))


class GiveCode(ActionForm):
    """The code that was sent."""

    code = CodeField(
        label=gettext_lazy("验证码"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class PublicForm(FormPage):
    """The base of one step without sign-in; it saves no draft of its own."""

    access = access(GET=ANYONE, POST=ANYONE)
    template = "portal/step.html"
    keeps_draft = False

    def form_arguments(self) -> dict[str, Any]:
        return {}

    @property
    def address(self) -> str:
        """The network address of the visitor."""
        return self.request.META.get("REMOTE_ADDR", "")

    @property
    def vault(self) -> Vault:
        """The visitor's values from the steps before."""
        return Vault(self.request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class()(request.POST, **self.form_arguments())
        if form.is_valid():
            try:
                return self.act(form, key_of(request))
            except Refused as refusal:
                add_refusal_errors(form, refusal)
                if isinstance(refusal, TooOften):
                    answer = self.answer(form, status=refusal.status)
                    refusal.tell(answer)
                    return answer
        return self.answer(form, status=422)


class BeginApplication(PublicForm):
    """Step 1 of applying: the phone."""

    def form_class(self) -> type[ActionForm]:
        return AskCode

    def get_context_data(self) -> dict[str, Any]:
        return {
            "title": _("网上求助"),
            "lead": _("先用手机验证码确认是您本人。没有手机，可以到窗口、找协管员，或打%(hotline)s。")
            % {"hotline": reading.current().hotline_called},
            "button": _("获取验证码"),
            "step": 1,
            "steps": 3,
        }

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        phone = form.cleaned_data["phone"]
        asker = secrets.token_urlsafe()
        with transaction.atomic():
            shown = codes.send(phone, APPLYING, address=self.address, asker=asker)
        self.vault.empty()
        self.vault.keep(purpose=APPLYING, phone=phone, shown=shown, asker=asker)
        return redirect("apply-code")


def where_the_code_is() -> str:
    """What is said above the code: it was sent, or it is shown since no message leaves the machine."""
    return _("已发到您的手机，10 分钟内有效。") if texts_leave() else _("验证码 10 分钟内有效。")


class CheckCode(PublicForm):
    """Step 2 of applying and of signing in: the code."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "phone" not in self.vault.read():
            return redirect("apply")
        return super().get(request, *args, **kwargs)

    def form_class(self) -> type[ActionForm]:
        return GiveCode

    def get_context_data(self) -> dict[str, Any]:
        kept = self.vault.read()
        return {
            "title": _("输入验证码"),
            "lead": where_the_code_is(),
            "button": _("确定"),
            "shown": kept.get("shown", ""),
            "step": 2,
            "steps": 3 if kept.get("purpose") == APPLYING else 2,
        }

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        kept = self.vault.read()
        if "phone" not in kept:
            return redirect("apply")
        codes.check(kept["phone"], kept["purpose"], form.cleaned_data["code"], asker=kept["asker"])
        if kept["purpose"] == APPLYING:
            self.vault.keep(proved=True, shown="", form=uuid.uuid4().hex)
            return redirect("apply-form")
        household = accounts.found_by(kept["id_number"], kept["phone"])
        self.vault.empty()
        if household is None:
            raise Invalid(_("验证码不对或已过期，请重新获取。"))
        return _enter(self.request, household, _("已登录，这里是您家的事项。"))


class Apply(PublicForm):
    """Step 3 of applying: what is needed. It is saved while it is typed (``KeepTyped``).

    What follows is the same whether the identity number is known or not: until a window has seen the
    document the visitor sees only what they wrote and how far it has come.
    """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.vault.read().get("proved"):
            return redirect("apply")
        return super().get(request, *args, **kwargs)

    def form_class(self) -> type[ActionForm]:
        return ApplyAsNew

    def first_values(self) -> dict[str, Any]:
        kept = keeping.restore(keeping.NOBODY, self.vault.read().get("form", ""), self.request.path)
        typed = kept.typed if kept else {}
        return {name: v if name == "needs" else v[0] for name, v in typed.items()}

    def get_context_data(self) -> dict[str, Any]:
        return {
            "title": _("说说遇到的困难"),
            "lead": _("窗口会在 1 个工作日内看到并联系您。"),
            "button": _("提交"),
            "step": 3,
            "steps": 3,
            "saves": reverse("apply-keep"),
            "key": key_of(self.request) or self.vault.read().get("form", ""),
        }

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        kept = self.vault.read()
        if not kept.get("proved"):
            if keeping.is_spent(keeping.NOBODY, key):  # it was sent already
                return redirect("apply")
            raise Refused(PROVE_AGAIN)
        given = form.given()
        by = Actor(
            role=Role.SYSTEM,  # for an applicant, whose name only the window may see
            request_id=self.request.request_id,
            address=self.address,
        )
        matter: Matter = once(key, intake.apply)(by=by, phone=kept["phone"], **given)
        keeping.spend(keeping.NOBODY, kept.get("form", ""), self.request.path)
        self.vault.empty()
        if matter.household.verified:  # sent again after a window has accepted it
            return redirect("household-sign-in")
        window = matter.window
        words = _("已收到，受理号 %(number)s。%(window)s会联系您，电话 %(phone)s。")
        given_to = {"number": matter.number, "window": window, "phone": window.phone}
        return _enter(self.request, matter.household, words % given_to)


class KeepTyped(PublicForm):
    """Save what is typed in step 3, for a visitor whose phone was proved."""

    access = access(POST=ANYONE)
    http_method_names = ["post", "head", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kept = self.vault.read()
        if not kept.get("proved") or key_of(request) != kept.get("form"):
            return HttpResponse(PROVE_AGAIN, status=409, content_type="text/plain")
        known = set(ApplyAsNew.base_fields)
        typed = {name: values for name, values in request.POST.lists() if name in known}
        try:
            keeping.save(keeping.NOBODY, kept["form"], reverse("apply-form"), typed)
        except Refused as refusal:
            return HttpResponse(refusal.message, status=409, content_type="text/plain")
        return HttpResponse(_("已保存"), content_type="text/plain")


class BeginSignIn(PublicForm):
    """Step 1 of signing in: the identity number and the registered phone."""

    def form_class(self) -> type[ActionForm]:
        return AskCodeToSignIn

    def get_context_data(self) -> dict[str, Any]:
        return {
            "title": _("查我家的事项"),
            "lead": _("用申请时登记的证件号和手机号，看办到哪一步、谁看过您的信息，也可以撤回同意或投诉。"),
            "button": _("获取验证码"),
            "step": 1,
            "steps": 2,
        }

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        given = form.cleaned_data
        known = accounts.found_by(given["id_number"], given["phone"]) is not None
        asker = secrets.token_urlsafe()
        with transaction.atomic():
            shown = codes.send(
                given["phone"],
                SIGNING_IN,
                really=known,
                address=self.address,
                asker=asker,
                about=given["id_number"],
            )
        self.vault.empty()
        self.vault.keep(
            purpose=SIGNING_IN, phone=given["phone"], id_number=given["id_number"], shown=shown, asker=asker
        )
        return redirect("apply-code")


def _enter(request: HttpRequest, household: Household, words: str) -> HttpResponse:
    """Sign the household in and redirect to its workbench."""
    account = accounts.account_of(household)
    entering.enter(request, account)
    messages.success(request, words)
    return redirect("workbench")
