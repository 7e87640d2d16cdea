"""Signing is typing one's name under a text whose PDF has a hash; both sides sign the same hash."""

from __future__ import annotations

from django.utils.translation import gettext as _

from contracts.amendments.documents import AMENDMENT_TEXT
from contracts.amendments.models import Amendment
from contracts.contracts.documents import CONTRACT_TEXT
from contracts.contracts.models import Contract
from contracts.signatures.models import Side, Signature
from foundation import moments
from foundation.documents import making
from foundation.forms.typed import line
from foundation.refusals import Invalid, Refused
from foundation.roles import Actor


def sign(
    contract: Contract,
    side: Side,
    *,
    by: Actor,
    typed: str,
    seen: str = "",
    amendment: Amendment | None = None,
) -> Signature:
    """Put ``by``'s name under the text of a contract, or of an amendment.

    Raises ``Invalid`` for a typed name that is not the signer's, ``Refused`` when the text is not the
    one that was seen or that the other side has signed.
    """
    if line(typed) != line(by.name):
        message = _("请输入您本人的姓名“%(name)s”以确认签署。") % {"name": by.name}
        raise Invalid(message, fields={"typed": message}, rule="民法典第四百九十条")
    kind, subject = (AMENDMENT_TEXT, amendment) if amendment else (CONTRACT_TEXT, contract)
    text = making.made(kind, subject, by=by)
    earlier = Signature.objects.filter(contract=contract, amendment=amendment)
    known = {each.sha256 for each in earlier} | ({seen} if seen else set())
    if known - {text.sha256}:
        raise Refused(_("文本和对方签署的不一样，请刷新后重新阅读。"), rule="民法典第四百七十条")
    return Signature.objects.create(
        contract=contract,
        amendment=amendment,
        side=side,
        organization=by.organization_name,
        signer=by.name,
        sha256=text.sha256,
        at=moments.now(),
    )
