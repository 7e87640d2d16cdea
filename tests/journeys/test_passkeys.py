"""A passkey is made in a browser and signs in alone; the browser's own authenticator answers, as a telephone would."""

from __future__ import annotations

import re
from typing import Any

import pytest

from organizations.factors.models import Factor, FactorKind
from tests.journeys.door import sign_in
from tests.journeys.looking import DESK, PHONE, faults, flaws

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(browser: Any, site: str) -> Any:
    """A browser with a fingerprint reader, at a name: browsers know no passkeys at an address of numbers."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        locale="zh-CN",
        base_url=site.replace("127.0.0.1", "localhost"),
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    def verified(may: bool) -> None:
        given = {"authenticatorId": made["authenticatorId"], "isUserVerified": may}
        devtools.send("WebAuthn.setUserVerified", given)

    page.verified = verified
    yield page
    context.close()


#: The address that one wanted to see, and not one that names it as the next.
INBOX = re.compile(r"^[^?]*/inbox/$")


def test_a_passkey_is_made_named_signs_in_alone_and_is_removed(page):
    sign_in(page, "shenji")
    page.goto("/account/security/")
    page.get_by_role("link", name="添加通行密钥").click()
    page.fill("[name=name]", "办公室的电脑")
    page.locator("main form button.primary").click()
    page.get_by_role("heading", name="备用码").wait_for()
    codes = page.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == 10
    assert flaws(page, DESK) + flaws(page, PHONE) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    assert Factor.objects.get(user__username="shenji", kind=FactorKind.PASSKEY).name == "办公室的电脑"

    page.context.clear_cookies()
    page.goto("/sign-in/?next=/inbox/")
    assert faults(page) == []
    page.get_by_role("link", name="用通行密钥登录").click()
    page.verified(False)  # a finger that is not the owner's
    page.locator("[data-sign]").click()
    page.locator("[data-said]:not([hidden])").wait_for()
    page.verified(True)
    page.locator("[data-sign]").click()
    page.wait_for_url(INBOX)

    page.context.clear_cookies()
    page.goto("/sign-in/?next=/inbox/")
    page.fill("[name=username]", "shenji")
    page.fill("[name=password]", "liandong-2026")
    page.locator("main form button.primary").click()
    page.wait_for_url("**/sign-in/factor/")
    assert faults(page) == []
    page.locator("[data-sign]").click()
    page.wait_for_url(INBOX)

    page.goto("/account/security/")
    assert faults(page) == []
    assert flaws(page, DESK) + flaws(page, PHONE) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("link", name=re.compile("^删除")).click()
    page.locator("main form button.danger").click()
    page.wait_for_url("**/account/security/")
    assert not Factor.objects.filter(user__username="shenji").exists()


def test_whoever_did_nothing_for_long_is_warned_and_goes_on(page):
    sign_in(page, "shenji")
    page.clock.install()
    page.goto("/inbox/")
    page.clock.fast_forward("28:30")
    page.locator("#unused:not([hidden])").wait_for()
    with page.expect_response("**/account/stay/") as answer:
        page.get_by_role("button", name="我还在，继续").click()
    assert answer.value.status == 204
    page.clock.fast_forward("00:10")
    assert page.locator("#unused").is_hidden()
    page.clock.fast_forward("31:00")
    page.get_by_text("登录已结束").wait_for()
