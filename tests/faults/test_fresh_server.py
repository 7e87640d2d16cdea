"""The how-to "put it on a server", steps 1 to 8 word for word, in a fresh Debian.

The commands are read from the page, so that page and test cannot part.
"""

from __future__ import annotations

import re
import subprocess
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
