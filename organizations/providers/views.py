"""Pages of providers, for people who are signed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.forms.typed import folded
from foundation.journal import timeline
from foundation.parties import is_one_of, reads
from foundation.permissions import access
from foundation.roles import READS_OF_PROVIDERS, SEES_ITS_OWN_PROVIDER
from foundation.ui.chips import chip, chip_of
from foundation.ui.lists import ListPage
from foundation.ui.tables import Column, or_dash, table, under
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import day
from organizations.bodies.hours import brief
from organizations.bodies.models import Organization
from organizations.certificates.models import Certificate
from organizations.document_checks.models import DocumentCheck
from organizations.fact_changes.models import FactChange
from organizations.fact_changes.states import FactChangeStatus
from organizations.listings.models import Listing
from organizations.permissions import SEES_CREDENTIALS, its_people
from organizations.providers import namesakes
from organizations.providers.models import LIST_OF_TODAY, Grade, Nature, Provider

#: Columns of a row of the list.
COLUMNS = (
    *("pk", "status", "nature", "organization__name", "organization__place__name"),
    *("accredited_until", LIST_OF_TODAY, "last_grade", "last_score"),
)


def _chip(row: Any) -> SafeString:
    """The chip of a row's standing, as on the provider's page."""
    provider = Provider(status=row.status, accredited_until=row.accredited_until)
    provider.list_of_today = row.list_of_today
    words = provider.status_told
    return chip(words, "late") if words else chip_of(Provider, row.status)


def _admitted(row: Any) -> str:
    """The last day of the accreditation, where one counts now."""
    until = Provider(status=row.status, accredited_until=row.accredited_until).admitted_until
    return day(until) or "—"


def _last_assessment(row: Any) -> str:
    """Grade and score of the last assessment."""
    if not row.last_grade:
        return "—"
    score = "" if row.last_score is None else row.last_score
    return f"{Grade(row.last_grade).label} {score}".strip()


class Providers(ListPage):
    """The providers that the reader sees, each with its standing; ``?q=`` searches by name."""

    access = access(GET=READS_OF_PROVIDERS)
    template = "organizations/providers/providers.html"
    beneath = "providers"
    by = "pk"
    columns = (
        Column(gettext_lazy("机构"), "organization__name"),
        Column(gettext_lazy("性质"), lambda row: Nature(row.nature).label),
        Column(gettext_lazy("所在地"), lambda row: row.organization__place__name or ""),
        Column(gettext_lazy("准入有效期"), _admitted),
        Column(gettext_lazy("最近评估"), _last_assessment),
        Column(gettext_lazy("状态"), _chip),
    )

    def joined(self) -> QuerySet[Any, Any]:
        return Provider.objects.with_lists().values_list(*COLUMNS, named=True)

    def get(self, request: HttpRequest) -> HttpResponse:
        found = visible(Provider, self.actor)
        asked = folded(request.GET.get("q", ""))
        return self.show_list(found.named(asked) if asked else found, asked=asked)


#: How many certificates, years and checks the page of a provider shows.
MOST_SHOWN = 40

#: Its certificates.
CERTIFICATES = (
    Column(
        gettext_lazy("证书"),
        lambda row: format_html(
            '<span><a href="{}">{}</a>{}</span>', row.get_absolute_url(), row, under(row.issuer)
        ),
    ),
    Column(gettext_lazy("有效期至"), lambda row: _until(row)),
)

#: Its yearly checks.
YEARS = (
    Column(
        gettext_lazy("年度"), lambda row: format_html('<a href="{}">{}</a>', row.get_absolute_url(), row.year)
    ),
    Column(gettext_lazy("结果"), lambda row: row.get_result_display()),
)

#: What was found by a check.
FINDINGS = (
    Column(gettext_lazy("核对的项目"), lambda row: row["called"]),
    Column(gettext_lazy("查验结果"), lambda row: row["result"]),
    Column(gettext_lazy("在哪里查的"), lambda row: or_dash(row["where"])),
    Column(gettext_lazy("查验日期"), lambda row: day(row["on"])),
    Column(gettext_lazy("情况说明"), lambda row: or_dash(row["words"])),
)


def _table(columns: Sequence[Column], found: QuerySet[Any]) -> SafeString | None:
    """A table of these; None for none of them."""
    rows = list(found)
    return table(columns, rows) if rows else None


def _until(certificate: Certificate) -> Any:
    """The last day of a certificate, marked once it has passed."""
    if certificate.valid_until is None:
        return _("长期有效")
    until = day(certificate.valid_until)
    return chip(_("已过期（%(day)s）") % {"day": until}, "late") if certificate.has_run_out else until


class OwnProvider(Page):
    """The provider for which the reader works; whoever works for another organization sees that."""

    access = access(GET=SEES_ITS_OWN_PROVIDER)
    template = "organizations/providers/none.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = Provider.objects.filter(organization_id=self.actor.organization).first()
        own = Organization.objects.filter(pk=self.actor.organization).first()
        if found is None and own is not None and self.may_open("body", own.pk):
            return redirect(own)
        return redirect(found) if found else self.render({})


class ShowProvider(Page):
    """One provider: its standing, its documents and their checks, its transitions and its timeline."""

    access = access(GET=READS_OF_PROVIDERS)
    template = "organizations/providers/provider.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = Provider.objects.select_related("organization__place")
        provider = find_visible(rows, self.actor, pk=pk)
        sees = is_one_of(SEES_CREDENTIALS, self.actor, DocumentCheck(provider=provider))
        own = is_one_of(its_people, self.actor, provider)
        return self.render(
            {
                "object": provider,
                "listings": Listing.objects.on().filter(credit_code=provider.organization.credit_code or ""),
                "own": own,
                "namesakes": namesakes.told_of(provider) if sees and not own else "",
                "hours": brief(provider.organization.hours),
                "reads_account": reads(self.actor, provider, "bank_account"),
                "reveals": provider.may_reveal(self.actor, "bank_account"),
                **(self._documents(provider) if sees else {}),
                "transitions": provider.transitions_for(self.actor),
                "timeline": timeline.entries_of([provider]),
            }
        )

    def _documents(self, provider: Provider) -> dict[str, Any]:
        """What it has handed in, what was found, and the change of facts that waits."""
        checks = provider.document_checks.select_related("checked_by")
        last, returned = checks.first(), provider.returned
        # What was returned before it handed in again stands no more; who checks anew still looks at it.
        answered = last is not None and last.returned and returned is None
        if answered and is_one_of(its_people, self.actor, provider):
            last = None
        waiting = FactChange.objects.visible_to(self.actor).filter(
            provider=provider, status__in=FactChangeStatus.unfinished()
        )
        return {
            "sees_documents": True,
            "certificates": _table(
                CERTIFICATES, provider.certificates.in_use().defer("content")[:MOST_SHOWN]
            ),
            "years": _table(YEARS, provider.yearly_checks.in_use()[:MOST_SHOWN]),
            "last_check": last,
            "returned": returned,
            "findings": table(FINDINGS, last.rows) if last else "",
            "waiting_change": waiting.first(),
        }
