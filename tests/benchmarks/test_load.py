"""Two hundred people at once: who they are, and what is made of what locust tells."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from benchmarks import crowd, load
from benchmarks.load import Told

pytestmark = pytest.mark.story


def told(name: str, times: dict[str, int], failures: int = 0) -> dict[str, object]:
    return {
        "name": name,
        "method": "GET",
        "num_requests": sum(times.values()),
        "num_failures": failures,
        "start_time": 100.0,
        "last_request_timestamp": 110.0,
        "response_times": times,
    }


def test_throughput_and_percentiles_are_those_of_all_addresses_together():
    found = Told([told("/a/", {"10": 90, "20": 5}), told("/b/", {"300": 4, "900": 1}, failures=2)])
    assert (found.count, found.errors, found.failed, found.rate) == (100, 2, {"/b/"}, 10)
    assert [found.percentile(share) for share in (50, 95, 99, 100)] == [10, 20, 300, 900]


def test_a_throughput_has_to_reach_its_share_and_no_error_may_be():
    slow, quick = Told([told("/a/", {"10": 20})]), Told([told("/one/", {"1": 100})])
    rate, ninety_fifth, _ninety_ninth, errors = load._rows([slow, slow], [quick, quick], slow)
    assert (rate.ratio, rate.holds) == (0.2, False)
    assert (ninety_fifth.ours, ninety_fifth.holds) == (10, True)
    assert (errors.ours, errors.holds) == (0, True)


def test_everybody_may_open_what_he_opens_and_send_what_he_sends():
    people, changes = crowd.crowd(10)
    assert len(people) == 10
    assert {"referrals_referral", "foundation_entry"} <= {change.table for change in changes}
    json.dumps(people)
    opened = set()
    for person in people:
        client = Client(SERVER_NAME="127.0.0.1")
        for name, value in person["cookies"].items():
            client.cookies[name] = value
        for name, address in person["pages"]:
            opened.add(name)
            assert client.get(address).status_code == 200, address
        for turn in person["forms"]:
            for _name, address, fields in turn:
                assert client.post(address, fields).status_code == 302, address
    assert len(opened) >= 18
