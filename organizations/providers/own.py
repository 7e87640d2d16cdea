"""The provider for which somebody acts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.refusals import NotNow, Refused
from foundation.roles import Actor
from organizations.providers.models import Provider
from organizations.providers.states import BASIS


def of_the_actor(by: Actor) -> Provider:
    """The provider for whose organization somebody acts; raises ``Refused`` where it is none."""
    found = Provider.objects.filter(organization_id=by.organization).select_related("organization").first()
    if found is None or found.has_left:
        raise Refused(_("您的机构不是承接主体，或者已经退出。"), rule=BASIS)
    return found


def held_for_its_papers(by: Actor) -> Provider:
    """The same provider, locked, while it may change its papers; raises ``NotNow`` once they were checked: what is
    decided on is what was checked.
    """
    provider = Provider.objects.select_for_update(of=("self",), no_key=True).get(pk=of_the_actor(by).pk)
    if provider.to_be_decided:
        raise _checked()
    return provider


def hold(paper: Any) -> None:
    """Lock the provider of a paper, so that nobody checks what is being changed."""
    Provider.objects.select_for_update(of=("self",), no_key=True).get(pk=paper.provider_id)


def checked_already(papers: Sequence[Any]) -> dict[int, Refused]:
    """Why papers are not put away, by primary key: they were checked, and are decided on."""
    return {paper.pk: _checked() for paper in papers if paper.provider.to_be_decided}


def _checked() -> NotNow:
    words = gettext_lazy("材料已经查验\uff0c正等民政决定\uff0c现在不能增减。要改的\uff0c请联系民政退回补正。")
    return NotNow(words, rule=BASIS)
