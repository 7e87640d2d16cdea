"""Signing a text: the signer types their name; both sides sign the same SHA-256 of the PDF."""

from __future__ import annotations

from django.utils.translation import gettext as _

from contracts.amendments.documents import AMENDMENT_TEXT
from contracts.amendments.models import Amendment
from contracts.contracts.documents import CONTRACT_TEXT
from contracts.contracts.models import Contract
from contracts.signatures.models import Side, Signature
from foundation import moments
from foundation.documents import making
from foundation.forms.typed import compared
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
    """Sign the text of a contract, or of an amendment to it, as ``by``.

    ``seen`` is the hash of the text that the signer was shown. Raises ``Invalid`` for a typed name that is
    not the signer's, ``Refused`` when the text is not the one seen or the one that the other side has
    signed.
    """
    if compared(typed) != compared(by.name):
        message = _("请输入您本人的姓名“%(name)s”以确认签署。") % {"name": by.name}
        raise Invalid(message, fields={"typed": message}, rule="民法典第四百九十条")
    kind, subject = (AMENDMENT_TEXT, amendment) if amendment else (CONTRACT_TEXT, contract)
    text = making.made(kind, subject, by=by)
    earlier = Signature.objects.filter(contract=contract, amendment=amendment)
    known = {signature.sha256 for signature in earlier} | ({seen} if seen else set())
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
