"""Bank accounts of providers: whether another one is paid to the same."""

from __future__ import annotations

from foundation.personal_data.fields import Secret
from organizations.providers.models import Provider


def others_with(account: Secret | None, provider: Provider) -> list[Provider]:
    """Other providers that have registered this account, by their names; nothing for no account.

    Accounts are encrypted and have no hash, so all of them are compared: some hundreds, on the page of a check alone.
    """
    if not account:
        return []
    having = (
        Provider.objects.exclude(pk=provider.pk).exclude(bank_account=None).select_related("organization")
    )
    return [other for other in having if other.bank_account == account]
