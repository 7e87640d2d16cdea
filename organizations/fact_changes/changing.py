"""Proposing other facts, and deciding on them; until then the old ones stand."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.lifecycle.models import LifecycleModel
from foundation.personal_data.revealing import has_looked
from foundation.refusals import Invalid, NotNow, Refused
from foundation.roles import Actor
from organizations.bodies import alike
from organizations.bodies.keeping import take_name
from organizations.fact_changes.models import SENSITIVE, FactChange
from organizations.fact_changes.states import FACT_CHANGE, FactChangeStatus
from organizations.providers import events
from organizations.providers.models import Provider
from organizations.providers.own import held_for_its_papers
from organizations.providers.states import BASIS


@FACT_CHANGE.start("propose")
def propose(
    *,
    by: Actor,
    why: str,
    name: str = "",
    nature: str = "",
    legal_representative: str = "",
    bank_name: str = "",
    bank_account: str = "",
) -> FactChange:
    """Ask that other facts of the actor's provider be registered.

    Raises ``Invalid`` where nothing would change, ``NotNow`` while an earlier request waits, while the provider still
    fills in its facts itself, and once its papers were checked and are decided on.
    """
    provider = held_for_its_papers(by)
    if provider.fills_in:
        raise NotNow(_("材料还没有提交，请直接在“填写资料”里改。"), rule=BASIS)
    if provider.fact_changes.filter(status__in=FactChangeStatus.unfinished()).exists():
        raise NotNow(_("前一次变更还在等民政核实，可以先收回再改。"), rule=BASIS)
    given = {
        "name": name,
        "nature": nature,
        "legal_representative": legal_representative,
        "bank_name": bank_name,
        "bank_account": bank_account,
    }
    known = facts_of(provider)
    changed = {fact: value for fact, value in given.items() if value and value != known[fact]}
    if not changed:
        message = _("没有要变更的内容：只填写有变化的项目。")
        raise Invalid(message, fields={"name": message})
    if name in changed.values():
        alike.require_no_body(name, rule=BASIS)
    change = FactChange(provider=provider, why=why, **changed)
    change.note_former(known)
    change.save()
    return change


def facts_of(provider: Provider) -> dict[str, str | None]:
    """The sensitive facts of a provider as they are registered."""
    account = provider.bank_account
    return {
        "name": provider.organization.name,
        "nature": provider.nature,
        "legal_representative": provider.legal_representative,
        "bank_name": provider.bank_name,
        "bank_account": account.plain() if account else None,
    }


@FACT_CHANGE.transition("confirm")
def confirm(change: FactChange, *, by: Actor, looked_up_at: str) -> None:
    """Register the new facts, which were ``looked_up_at`` some place; a former name stays known with its days.

    Raises ``Refused`` for a new bank account that the officer has not looked at (a masked one proves nothing), and for a
    name that a body, a window, a committee or an evaluator has by now.
    """
    if change.name and (fault := alike.fault_of(change.name)):
        raise Refused(fault, rule=BASIS)
    if change.bank_account and not has_looked(change, "bank_account", by):
        raise Refused(_("请先点开新的对公账号，和开户许可核对，再确认。"), rule=BASIS)
    change.looked_up_at = looked_up_at
    change.note_former(facts_of(change.provider))


@confirm.first
def _hold(change: FactChange) -> None:
    """Lock the provider, so that nobody checks what is being changed."""
    Provider.objects.select_for_update(of=("self",), no_key=True).get(pk=change.provider_id)


@confirm.lacks
def checked_meanwhile(changes: Sequence[FactChange]) -> dict[int, Refused]:
    """Why changes are not registered: the papers were checked, and what is decided on is what was checked."""
    words = gettext_lazy(
        "材料已经查验\uff0c正等民政决定\uff0c决定以前不登记变更。要先变更的\uff0c请先退回补正。"
    )
    providers = Provider.objects.in_bulk({change.provider_id for change in changes})
    return {
        change.pk: NotNow(words, rule=BASIS)
        for change in changes
        if providers[change.provider_id].to_be_decided
    }


@events.open_work.register
def waiting(provider: Provider) -> list[LifecycleModel]:
    """The request that waits, which is not registered while the papers are being decided on."""
    return list(provider.fact_changes.filter(status__in=FactChangeStatus.unfinished()))


@confirm.then
def _registered(change: FactChange, **given: object) -> None:
    rows = Provider.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
    provider = rows.get(pk=change.provider_id)
    own = {fact: getattr(change, fact) for fact in SENSITIVE[1:] if getattr(change, fact)}
    for fact, value in own.items():
        setattr(provider, fact, value.plain() if fact == "bank_account" else value)
    if own:
        provider.save(update_fields=list(own))
    if change.name:
        rename(provider, change.name)


def rename(provider: Provider, name: str) -> None:
    """Give the organization another name from today on; the former one stays known until yesterday."""
    organization = provider.organization
    take_name(organization, name, moments.today())
    organization.save(update_fields=["name"])


refuse = FACT_CHANGE.act("refuse", FactChange)
take_back = FACT_CHANGE.act("take_back", FactChange)
end_with_the_registration = FACT_CHANGE.act("end_with_the_registration", FactChange)
