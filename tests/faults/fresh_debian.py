"""A fresh Debian with systemd as its first process, in namespaces of its own: nothing of it listens outside.

It shares the machine's kernel and reaches packages as the machine does, but for that its network is a loopback
of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

#: What its services see as their cgroup, so that nothing of it is left among the machine's.
_CGROUP = Path("/sys/fs/cgroup/systemd")

#: What is run inside its namespaces before its systemd.
_BOOT = r"""
set -eu
root=$1
ip link set lo up
mount --make-rprivate /
mount --bind "$root" "$root"
shift
for folder in "$@"; do
    mkdir -p "$root$folder"
    mount --bind "$folder" "$root$folder"
    mount -o remount,bind,ro "$root$folder"
done
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
mkdir "$root/sys/fs/cgroup/systemd" "$root/sys/fs/cgroup/unified"
mount -t cgroup -o none,name=systemd cgroup "$root/sys/fs/cgroup/systemd"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup/unified"
mount -t tmpfs tmpfs "$root/dev"
for device in null zero full random urandom tty; do
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
cd "$root"
pivot_root . .
umount -l .
cd /
exec env -i container=namespaces PATH=/usr/sbin:/usr/bin:/sbin:/bin /sbin/init
"""


def why_not() -> str:
    """Why none can be had here, in words; "" if one can."""
    if os.geteuid() != 0:
        return "namespaces with a systemd of their own need root"
    lacking = [name for name in ("mmdebstrap", "unshare", "nsenter", "ip") if not shutil.which(name)]
    if lacking:
        return f"there is no {', no '.join(lacking)} on this machine"
    if not Path("/etc/apt/sources.list.d").is_dir():
        return "this machine knows no source of Debian's packages"
    if not _CGROUP.is_dir():
        return "systemd needs a hierarchy of control groups of its own, which this kernel does not show"
    tried = subprocess.run(
        [
            "unshare",
            "--mount",
            "--pid",
            "--fork",
            "--net",
            "--cgroup",
            "mount",
            "-t",
            "proc",
            "proc",
            "/proc",
        ],
        capture_output=True,
        text=True,
    )
    return "" if tried.returncode == 0 else f"no namespaces can be made: {tried.stderr.strip()}"


def base(archive: Path) -> Path:
    """An archive of a Debian as it is when new, made if there is none."""
    if not archive.exists():
        archive.parent.mkdir(parents=True, exist_ok=True)
        draft = archive.with_name(f"draft-{archive.name}")
        sources = [str(path) for path in _sources()]
        line = [
            "mmdebstrap",
            "--mode=root",
            "--variant=minbase",
            "--include=systemd-sysv,dbus,ca-certificates",
        ]
        subprocess.run(
            [*line, _release(), str(draft), *sources], check=True, capture_output=True, timeout=900
        )
        draft.replace(archive)
    return archive


def _release() -> str:
    """The code name of this machine's Debian, whose packages it reaches."""
    return re.search(r"VERSION_CODENAME=(\w+)", Path("/etc/os-release").read_text())[1]


def _sources() -> list[Path]:
    folder = Path("/etc/apt/sources.list.d")
    return [*folder.glob("*.sources"), *folder.glob("*.list")]


class FreshDebian:
    """A running one; ``close`` ends all of it."""

    def __init__(self, archive: Path, root: Path) -> None:
        self.root, self._init = root, 0
        root.mkdir(parents=True)
        subprocess.run(["tar", "-C", str(root), "-xf", str(archive)], check=True)
        self._group = _CGROUP / f"fresh-{os.getpid()}"
        self._group.mkdir()
        self._outer = subprocess.Popen(
            [
                *("sh", "-c", f'echo $$ > {self._group}/cgroup.procs; exec "$@"', "sh"),
                *(
                    "unshare",
                    "--mount",
                    "--pid",
                    "--fork",
                    "--uts",
                    "--ipc",
                    "--cgroup",
                    "--net",
                    "--kill-child",
                ),
                *("sh", "-c", _BOOT, "boot", str(root), *self._reach_packages()),
            ],
            stdout=subprocess.DEVNULL,
            stderr=(root / "boot.log").open("wb"),
            start_new_session=True,
        )
        self._wait_for_systemd()

    def _reach_packages(self) -> list[str]:
        """Copy how this machine reaches packages; the folders of it that must be shown inside, too."""
        for name in ("pip.conf", "resolv.conf", "ssl/certs/ca-certificates.crt"):
            if (Path("/etc") / name).exists():
                shutil.copyfile(Path("/etc") / name, self.root / "etc" / name)
        own = Path.home() / ".config/pip/pip.conf"
        if own.exists():
            (self.root / "root/.config/pip").mkdir(parents=True)
            shutil.copyfile(own, self.root / "root/.config/pip/pip.conf")
        text = "".join(path.read_text() for path in (Path("/etc/pip.conf"), own) if path.exists())
        named = {"/".join(name.split("/")[:3]) for name in re.findall(r"(?:file://|[= ])(/[\w/.-]+)", text)}
        return sorted(name for name in named if Path(name).is_dir() and name != "/etc/ssl")

    def _wait_for_systemd(self) -> None:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            assert self._outer.poll() is None, (self.root / "boot.log").read_text()
            children = Path(f"/proc/{self._outer.pid}/task/{self._outer.pid}/children").read_text().split()
            with suppress(IndexError, FileNotFoundError):
                self._init = int(children[0])
                begun = Path(f"/proc/{self._init}/comm").read_text().strip() == "systemd"
                if begun and self.run("systemctl is-system-running").stdout.strip() in (
                    "running",
                    "degraded",
                ):
                    return
            time.sleep(0.5)
        raise AssertionError("its systemd does not come up")

    def run(
        self, script: str, *, packages: bool = False, typed: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run lines of a shell in it as root; with ``packages`` in the machine's network, which reaches them."""
        spaces = ["--mount", "--pid", "--uts", "--ipc", "--cgroup", *([] if packages else ["--net"])]
        reach = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
        quiet = {"DEBIAN_FRONTEND": "noninteractive"} if packages else {}
        env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8", **quiet, **reach}
        return subprocess.run(
            [
                "nsenter",
                f"--target={self._init}",
                *spaces,
                "--root",
                "--wd",
                "bash",
                "-euo",
                "pipefail",
                "-c",
                script,
            ],
            env=env,
            input=typed,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=1800,
        )

    def close(self) -> None:
        """Kill its first process, and with it all others; remove its files, among which nothing is mounted any more."""
        with suppress(ProcessLookupError):
            if self._init:
                os.kill(self._init, signal.SIGKILL)
        self._outer.kill()
        self._outer.wait()
        for folder in sorted(self._group.rglob("*"), reverse=True):
            if folder.is_dir():
                with suppress(OSError):
                    folder.rmdir()
        with suppress(OSError):
            self._group.rmdir()
        assert str(self.root) not in Path("/proc/self/mounts").read_text()
        shutil.rmtree(self.root, ignore_errors=True)
