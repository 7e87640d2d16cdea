"""The facts of a provider, kept by its own people, and handing them in to be checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from foundation.journal import sentences, writing
from foundation.refusals import Refused
from foundation.roles import Actor
from foundation.wording import filled, listed, said_when_shown
from organizations.bodies import alike, keeping
from organizations.bodies.hours import Hours, brief
from organizations.places.models import Place
from organizations.providers import certified
from organizations.providers.models import Provider
from organizations.providers.states import BASIS, PROVIDER

#: What is written into the journal here: the facts as they were and as they are.
FACTS = sentences.act("facts", gettext_lazy("%(who)s改了联系方式或服务区域"))

#: Facts of the organization itself that its people change at once.
OF_THE_ORGANIZATION = ("phone", "address", "hours")


def _keep(provider: Provider, by: Actor, serves: list[Place], name: str = "", **facts: Any) -> None:
    """Store the facts that are changed at once, and the ``name`` if one is given, with an entry that says which, and
    what they were.
    """
    organization = provider.organization
    before = _told(provider)
    if name:
        alike.require_no_body(name, rule=BASIS)
        keeping.correct_name(organization, name)
    for fact in OF_THE_ORGANIZATION:
        setattr(organization, fact, facts.pop(fact))
    organization.save(update_fields=("name", *OF_THE_ORGANIZATION))
    for fact, value in facts.items():
        setattr(provider, fact, value)
    provider.serves.set(serves)
    after = _told(provider)
    if before != after:
        writing.write(PROVIDER.label, provider, FACTS, by, before=before, after=after, basis=BASIS)


def _told(provider: Provider) -> dict[str, Any]:
    """The facts beside those of the provider's own columns, as the journal keeps them."""
    organization = provider.organization
    names = provider.serves.order_by("code").values_list("name", flat=True)
    return {
        "name": organization.name,
        "phone": organization.phone,
        "address": organization.address,
        "hours": brief(organization.hours),
        "serves": list(names),
    }


@PROVIDER.transition("change_facts")
def change_facts(
    provider: Provider,
    *,
    by: Actor,
    phone: str,
    address: str,
    serves: list[Place],
    hours: Hours | None = None,
    services: str = "",
) -> None:
    """Change telephone, address, hours, services and area at once."""
    _keep(provider, by, serves, phone=phone, address=address, hours=hours or {}, services=services)


@PROVIDER.transition("fill_in")
def fill_in(
    provider: Provider,
    *,
    by: Actor,
    name: str,
    nature: str,
    legal_representative: str,
    bank_name: str,
    bank_account: str,
    phone: str,
    address: str,
    serves: list[Place],
    hours: Hours | None = None,
    services: str = "",
    social_grade: int | None = None,
) -> None:
    """Fill in all facts but the credit code, as long as nobody has checked them.

    An empty account leaves the one that is known.
    """
    provider.nature, provider.legal_representative = nature, legal_representative
    provider.social_grade, provider.bank_name = social_grade, bank_name
    if bank_account:
        provider.bank_account = bank_account
    _keep(provider, by, serves, name, phone=phone, address=address, hours=hours or {}, services=services)


hand_in = PROVIDER.act("hand_in", Provider)


@hand_in.lacks
def incomplete(providers: Sequence[Provider]) -> dict[int, Refused]:
    """Why documents are not handed in: what is missing, all of it."""
    registered = certified.registered(providers)
    found: dict[int, Refused] = {}
    for provider in providers:
        missing = [
            words
            for words, there in (
                (gettext_lazy("法定代表人"), provider.legal_representative),
                (gettext_lazy("公开电话"), provider.organization.phone),
                (gettext_lazy("办公地址"), provider.organization.address),
                (gettext_lazy("对公账户"), provider.bank_account and provider.bank_name),
                (gettext_lazy("有效的登记证书"), provider.pk in registered),
            )
            if not there
        ]
        if missing:
            words = gettext_lazy("还缺：%(what)s。")
            found[provider.pk] = Refused(filled(words, what=said_when_shown(listed, missing)), rule="S12")
    return found
