"""Public forms by which an organization joins as a provider: a code to the telephone of whoever answers for it, then
its facts and his account. Documents follow, signed in.
"""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.drafts import keeping
from foundation.forms.actions import ActionForm
from foundation.messaging import codes
from foundation.permissions import ANYONE, access
from foundation.refusals import Refused
from foundation.ui.views import key_of
from marketplace.portal.applying import PROVE_AGAIN, AskCode, GiveCode, PublicForm, where_the_code_is
from organizations.providers import joining
from organizations.providers.forms import JoinAsProvider
from organizations.signing_in import entering

STEPS = 3

#: Fields that no draft holds.
UNKEPT = ("password", "again")


class BeginJoining(PublicForm):
    """Step 1: the telephone of whoever will answer for the organization."""

    def form_class(self) -> type[ActionForm]:
        return AskCode

    def get_context_data(self) -> dict[str, Any]:
        return {
            "title": _("机构入驻"),
            "lead": _(
                "社会组织、社工机构、慈善组织和企业可以自己登记，准入后承接救助服务。先用手机验证码确认您本人。"
            ),
            "button": _("获取验证码"),
            "step": 1,
            "steps": STEPS,
        }

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        phone, asker = form.cleaned_data["phone"], secrets.token_urlsafe()
        shown = joining.send_code(phone, address=self.address, asker=asker)
        self.vault.empty()
        self.vault.keep(purpose=joining.PURPOSE, phone=phone, shown=shown, asker=asker)
        return redirect("join-provider-code")


class Step(PublicForm):
    """A later step, for a visitor who has begun."""

    #: What the step before has left in the vault.
    needs = "phone"

    @property
    def kept(self) -> dict[str, Any]:
        """The visitor's values of this trip; none of another one."""
        found = self.vault.read()
        return found if found.get("purpose") == joining.PURPOSE else {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.kept.get(self.needs):
            return redirect("join-provider")
        return super().get(request, *args, **kwargs)


class CheckJoiningCode(Step):
    """Step 2: the code."""

    def form_class(self) -> type[ActionForm]:
        return GiveCode

    def get_context_data(self) -> dict[str, Any]:
        return {
            "title": _("输入验证码"),
            "lead": where_the_code_is(),
            "button": _("确定"),
            "shown": self.kept.get("shown", ""),
            "step": 2,
            "steps": STEPS,
        }

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        kept = self.kept
        if "phone" not in kept:
            return redirect("join-provider")
        codes.check(kept["phone"], joining.PURPOSE, form.cleaned_data["code"], asker=kept["asker"])
        self.vault.keep(proved=True, shown="", form=uuid.uuid4().hex)
        return redirect("join-provider-form")


class Join(Step):
    """Step 3: the organization and the account. It is saved while it is typed (``KeepJoining``), but for the password."""

    needs = "proved"

    def form_class(self) -> type[ActionForm]:
        return JoinAsProvider

    def first_values(self) -> dict[str, Any]:
        kept = keeping.restore(keeping.NOBODY, self.kept.get("form", ""), self.request.path)
        typed = kept.typed if kept else {}
        return {name: values if name == "serves" else values[0] for name, values in typed.items()}

    def get_context_data(self) -> dict[str, Any]:
        return {
            "title": _("填写机构信息"),
            "lead": _("提交后您就有了账号，可以慢慢上传证书、填对公账户，齐了再提交民政查验。"),
            "button": _("登记"),
            "step": 3,
            "steps": STEPS,
            "saves": reverse("join-provider-keep"),
            "key": key_of(self.request) or self.kept.get("form", ""),
        }

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        kept = self.kept
        if not kept.get("proved"):
            if keeping.is_spent(keeping.NOBODY, key):  # it was sent already
                return redirect("sign-in")
            raise Refused(PROVE_AGAIN)
        joining.count(self.address)
        person = joining.join(mobile=kept["phone"], **form.given())
        keeping.spend(keeping.NOBODY, kept.get("form", ""), self.request.path)
        self.vault.empty()
        answer = entering.entered(self.request, person, reverse("own-provider"))
        messages.success(self.request, _("已登记。请上传登记证书、填写对公账户，再提交查验。"))
        return answer


class KeepJoining(Step):
    """Save what is typed in step 3, for a visitor whose phone was proved."""

    access = access(POST=ANYONE)
    http_method_names = ["post", "head", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kept = self.kept
        if not kept.get("proved") or key_of(request) != kept.get("form"):
            return HttpResponse(PROVE_AGAIN, status=409, content_type="text/plain")
        known = JoinAsProvider.base_fields.keys() - set(UNKEPT)
        typed = {name: values for name, values in request.POST.lists() if name in known}
        try:
            keeping.save(keeping.NOBODY, kept["form"], reverse("join-provider-form"), typed)
        except Refused as refusal:
            return HttpResponse(refusal.message, status=409, content_type="text/plain")
        return HttpResponse(_("已保存"), content_type="text/plain")
