"""What a window asks by number, for tests."""

from __future__ import annotations

from households.joining.models import Joining

HERE, THERE = "chuangkou2", "chuangkou"


def add(api, household, number, **given):
    body = {
        "id_number": number,
        "name": "王小明",
        "relation": "other",
        "counts": False,
        "why": "两边轮流照料",
        **given,
    }
    return api.post(f"/api/v1/households/{household.number}/add_member", body, format="json")


def asked(api_of, home, own, number) -> Joining:
    assert add(api_of(HERE), own, number).status_code == 200
    return Joining.objects.get(household=own)


def reveal(api, person, field="name"):
    return api.post(
        f"/api/v1/reveal/households.Person/{person.pk}/{field}", {"reason": "核对身份"}, format="json"
    )


def known_says(api, number, **given):
    body = {"id_number": number, "needs": ["care"], **given}
    return api.post("/api/v1/matters/accept_application", body, format="json")
