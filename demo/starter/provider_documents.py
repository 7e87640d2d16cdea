"""What the providers of the story have handed in: certificates, yearly checks, an account; and two entries of the lists."""

from __future__ import annotations

import io
from datetime import timedelta

from demo.starter.places_and_people import actor
from foundation import moments
from foundation.roles import Actor, Role
from organizations.bodies import hours
from organizations.bodies.models import Organization
from organizations.certificates import keeping
from organizations.certificates.models import CertificateKind
from organizations.listings import entering
from organizations.listings.kinds import ListKind
from organizations.listings.models import Listing
from organizations.providers.models import Nature, Provider
from organizations.yearly_checks import stating
from organizations.yearly_checks.models import YearlyResult

#: Invented people.
REPRESENTATIVES = (
    *("陆文澜", "沈若谷", "顾明远", "金书怀", "徐以宁", "许知夏", "钱正言"),
    *("孙安途", "吴守望", "章善之", "曹晨曦", "邵惠民", "丁向阳", "薛暖阳"),
)


def _page() -> bytes:
    """A PDF with one empty page."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>",
    )
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Root 1 0 R/Size 4>>\nstartxref\n%d\n%%%%EOF\n" % len(content)
    return content + b"xref\n0 4\n0000000000 65535 f \n" + table + end


#: What was scanned, of every document of the story.
PAGE = _page()


class Scan(io.BytesIO):
    """An uploaded page."""

    name, kind = "zhengshu.pdf", "pdf"


def hand_in(provider: Provider, number: int) -> None:
    """Give a provider its papers, as its own people would."""
    by = Actor(
        role=Role.COORDINATOR,
        organization_id=provider.organization_id,
        organization_name=provider.organization.name,
    )
    Provider.objects.filter(pk=provider.pk).update(
        legal_representative=REPRESENTATIVES[number % len(REPRESENTATIVES)],
        bank_name="江阴示例银行营业部",
        bank_account=Provider(bank_account=f"3202810100{number:08d}").bank_account,
    )
    Organization.objects.filter(pk=provider.organization_id).update(hours=hours.read("周一至周五 8:30-17:30"))
    company = provider.nature == Nature.ENTERPRISE
    keeping.add(
        by=by,
        kind=CertificateKind.REGISTRATION,
        number=provider.organization.credit_code or "",
        issuer="江阴市市场监督管理局" if company else "江阴市民政局",
        valid_until=None if company else moments.today() + timedelta(days=3 * 365 + 40 * number),
        file=Scan(PAGE),
    )
    if number % 3 == 0:
        keeping.add(
            by=by,
            kind=CertificateKind.QUALIFICATION,
            number=f"示资{2020 + number}第 {number + 11} 号",
            issuer="江阴市示例行业协会",
            valid_until=moments.today() + timedelta(days=3 * 365 + 25 * number),
            file=Scan(PAGE),
        )
    for back in (1, 2):
        stating.state(
            by=by,
            year=moments.today().year - back,
            result=YearlyResult.REPORTED if company else YearlyResult.PASSED,
        )


def listings() -> None:
    """Two organizations that are no providers here: one stands on the abnormal list, one was removed from it."""
    if Listing.objects.exists():
        return
    today, by = moments.today(), actor("minzheng")

    def listed(credit_code: str, name: str, days: int) -> Listing:
        """One that was put on the abnormal list so many days ago."""
        return entering.enter(
            by=by,
            credit_code=credit_code,
            name=name,
            kind=ListKind.ABNORMAL,
            listed_on=today - timedelta(days=days),
            source="登记管理机关信用信息公示平台",
        )

    listed("52320281MJY0000104", "江阴示例读书会", 200)
    removed = listed("52320281MJY0000205", "江阴示例合唱团", 500)
    why = "已补报年度报告\uff0c公告移出"
    entering.remove(removed, by=actor("minzheng2"), removed_on=today - timedelta(days=90), reason=why)
