"""Pages of service accounts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.forms.actions import ActionForm
from foundation.journal import timeline
from foundation.permissions import access_to
from foundation.ui.lifecycle_pages import StartPage
from foundation.ui.lists import ListPage
from foundation.ui.routing import transition_access
from foundation.ui.tables import Column, named, or_dash, state_of
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import day, moment
from organizations.service_accounts.models import ServiceAccount
from organizations.service_accounts.states import SERVICE_ACCOUNT


def _holder(account: ServiceAccount) -> SafeString | str:
    """In whose membership it acts."""
    return named(account.membership.user.full_name, str(account.membership))


def _scope(account: ServiceAccount) -> str:
    """What it may do, and with which parts."""
    acts = _("读取和办理") if account.acts else _("只读")
    return f"{acts} · {account.parts_in_words}"


class ServiceAccounts(ListPage):
    """The programs that the reader sees, newest first."""

    access = access_to(ServiceAccount)
    template = "organizations/service_accounts/service_accounts.html"
    columns = (
        Column(gettext_lazy("程序名称"), "name"),
        Column(gettext_lazy("以谁的身份"), _holder),
        Column(gettext_lazy("范围"), _scope),
        Column(gettext_lazy("有效期至"), lambda row: day(row.expires_on)),
        Column(gettext_lazy("最近使用"), lambda row: or_dash(moment(row.last_used_at))),
        state_of(ServiceAccount),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = visible(ServiceAccount, self.actor)
        return self.show_list(
            found.select_related("membership__user", "membership__organization", "membership__place")
        )


class ShowServiceAccount(Page):
    """One program: what it may do until when, when it was used last, and its timeline."""

    access = access_to(ServiceAccount)
    template = "organizations/service_accounts/service_account.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(ServiceAccount, self.actor, pk=pk)
        context: dict[str, Any] = {
            "object": found,
            "scope": _scope(found),
            "transitions": found.transitions_for(self.actor),
            "timeline": timeline.entries_of([found]),
        }
        return self.render(context)


class Issue(StartPage):
    """Issue a token, whose text the answer shows once; whoever sends the form again gets no second look at it."""

    lifecycle = SERVICE_ACCOUNT
    row = SERVICE_ACCOUNT.get_start("issue")
    access = transition_access(row)

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        account = self.lifecycle.actions[self.row.name](by=self.actor, key=key, **form.given())
        return self.render(
            {"object": account, "text": account.text}, template="organizations/service_accounts/issued.html"
        )
