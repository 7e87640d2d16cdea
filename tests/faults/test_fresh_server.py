"""The how-to "put it on a server", word for word, in a fresh Debian; and what happens to it there.

The commands are read from the page, so that page and test cannot part.
"""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.faults import fresh_debian

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serving")]

PAGE = "docs/how-to/put-it-on-a-server.md"
#: The commands that download packages, which are run in the network of the machine.
DOWNLOADS = ("apt-get", "deploy/bootstrap")


def sections() -> dict[str, list[str]]:
    """The blocks of commands of the page, by heading."""
    found: dict[str, list[str]] = {}
    for part in re.split(r"^## ", (settings.BASE_DIR / PAGE).read_text(), flags=re.M)[1:]:
        blocks = re.findall(r"^```sh\n(.*?)^```", part, flags=re.M | re.S)
        if blocks:
            found[part.partition("\n")[0]] = blocks
    return found


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A fresh Debian in which the product's archive lies, as the page asks."""
    if why := fresh_debian.why_not():
        pytest.skip(f"no fresh Debian here: {why}")
    base = fresh_debian.base(settings.VAR / "fresh-debian.tar")
    debian = fresh_debian.FreshDebian(base, tmp_path_factory.mktemp("fresh") / "root")
    try:
        pack(debian.root / "root/liandong.tar.gz")
        yield debian
    finally:
        debian.close()


def pack(target: Path) -> None:
    """The archive of the page, with what is not committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=settings.BASE_DIR,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    there = "\n".join(name for name in listed.splitlines() if (settings.BASE_DIR / name).exists())
    line = ["tar", "-czf", str(target), "--transform=s,^,liandong/,", "--files-from=-"]
    subprocess.run(line, cwd=settings.BASE_DIR, check=True, input=there, text=True)


def follow(debian: fresh_debian.FreshDebian, heading: str, typed: str = "") -> str:
    """Do what stands under a heading of the page; what it says."""
    (name,) = (block for block in sections()["1. Name and programs"] if block.startswith("NAME="))
    said = []
    for block in sections()[heading]:
        downloads = any(word in block for word in DOWNLOADS)
        done = debian.run(f"{name}\n{block}", packages=downloads, typed=typed)
        said.append(done.stdout)
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{log(debian)}"
    return "\n".join(said)


def log(debian: fresh_debian.FreshDebian) -> str:
    return debian.run("journalctl --no-pager --output=cat -u 'liandong-*' | tail -n 60").stdout


def ready(debian: fresh_debian.FreshDebian) -> str:
    return follow(debian, "6. Does it work?")


def until(what, within: float = 300) -> None:
    end = time.monotonic() + within
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(1)


STEPS = [heading for heading in sections() if re.match(r"[1-5]\. ", heading)]


def test_the_page_leads_from_an_empty_machine_to_a_city_that_is_kept_and_backed_up(server):
    for heading in STEPS:
        follow(server, heading)
    assert '"status": "ok"' in ready(server)
    said = follow(
        server, "7. The first account", typed="wang.qin\n王琴\na-long-enough-word\na-long-enough-word\n"
    )
    assert "wang.qin" in said
    said = follow(server, "8. A first backup, and a rehearsal of the restore")
    assert re.search(r"liandong-\d{4}-.*\.backup", said)
    assert "restored beside, all rows counted, every balance right" in said


SIGNED_IN = r"""
cd /tmp; jar=$(mktemp)
page() { curl -sS --cacert /etc/ssl/certs/liandong.pem --resolve "$NAME:443:127.0.0.1" -b $jar -c $jar "$@"; }
page -o page https://$NAME/sign-in/
token=$(sed -n 's/.*name="csrfmiddlewaretoken" value="\([^"]*\)".*/\1/p' page | head -n 1)
page -o /dev/null -D headers -e https://$NAME/sign-in/ --data-urlencode "csrfmiddlewaretoken=$token" \
    --data-urlencode username=wang.qin --data-urlencode password=a-long-enough-word https://$NAME/sign-in/
cat headers
"""


def test_the_person_who_was_made_signs_in_through_the_proxy(server):
    said = server.run(f"NAME=jiuzhu.example.cn\n{SIGNED_IN}").stdout
    assert re.search(r"HTTP/\S+ 302", said)
    assert "Secure" in said
    assert "strict-transport-security: max-age=31536000" in said.lower()


def main_pid(debian: fresh_debian.FreshDebian, unit: str) -> str:
    return debian.run(f"systemctl show --property=MainPID --value {unit}").stdout.strip()


@pytest.mark.parametrize(
    "unit", ["liandong-database", "liandong-web", "liandong-worker@clocks", "liandong-worker@texts"]
)
def test_what_is_killed_comes_back_by_itself(server, unit):
    before = main_pid(server, unit)
    child = f"cat /proc/{before}/task/{before}/children"
    kept = server.run(child).stdout.split()[0]
    server.run(f"kill -9 {kept}")
    until(lambda: (server.run(child).stdout.split() or [kept])[0] != kept)
    assert main_pid(server, unit) == before  # its keeper has stayed
    server.run(f"kill -9 {before}")
    until(lambda: main_pid(server, unit) not in ("0", before))
    until(lambda: server.run(f"systemctl is-active {unit}").stdout.strip() == "active")
    assert '"status": "ok"' in ready(server)


def test_without_the_web_process_the_proxy_says_503_and_when_again(server):
    ask = "curl -sS -k -i --resolve jiuzhu.example.cn:443:127.0.0.1 https://jiuzhu.example.cn/"
    server.run("systemctl stop liandong-web")
    try:
        said = server.run(ask).stdout.lower()
        assert re.match(r"http/\S+ 503", said)
        assert "retry-after: 5" in said
    finally:
        server.run("systemctl start liandong-web")
    assert '"status": "ok"' in ready(server)


def test_settings_that_are_unsafe_start_nothing_and_the_journal_says_why(server):
    server.run("cp /etc/liandong/environment /root/kept; echo DEBUG=1 >> /etc/liandong/environment")
    try:
        server.run("systemctl restart liandong.target || true")
        until(lambda: "failed" in server.run("systemctl is-active liandong-prepare || true").stdout)
        assert "DEBUG=1 shows them settings" in log(server)
        assert server.run("systemctl is-active liandong-web || true").stdout.strip() != "active"
    finally:
        server.run("cp /root/kept /etc/liandong/environment; systemctl restart liandong.target")
    assert '"status": "ok"' in ready(server)


def test_a_new_version_takes_the_place_of_the_old_one(server):
    follow(server, "A new version")
    assert '"status": "ok"' in ready(server)


def test_nothing_of_it_is_owned_or_written_by_its_user_but_its_own_folders(server):
    found = server.run(
        "find / -xdev -user liandong -not -path '/proc/*' -not -path '/var/lib/liandong*' "
        "-not -path '/var/backups/liandong*' -not -path '/tmp/*' -not -path '/var/tmp/*' | head"
    )
    assert found.stdout.strip() == ""
    for name in ("/var/lib/liandong", "/var/backups/liandong", "/var/lib/liandong/secrets.env"):
        assert server.run(f"stat -c %a {name}").stdout.strip() in ("700", "600")
