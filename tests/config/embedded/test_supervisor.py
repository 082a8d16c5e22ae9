import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.embedded.paths import REPO
from config.embedded.processes import wait_until

pytestmark = pytest.mark.processes


class Family:
    """The supervisor of `sleepers.py` and everything it started."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.said = folder / "said"
        with self.said.open("wb") as said:
            command = [sys.executable, "-m", "tests.config.embedded.sleepers", str(folder)]
            self.supervisor = subprocess.Popen(command, cwd=REPO, stdout=said, stderr=said, start_new_session=True)
        # Two leaders, two stubborn children.
        assert wait_until(lambda: len(self.members()) == 4, seconds=10), self.said.read_text()

    def members(self) -> list[int]:
        return [pid for pid in self._mentioning(str(self.folder)) if pid != self.supervisor.pid]

    def sentinels(self) -> list[int]:
        return [pid for pid in self._mentioning("config.embedded.sentinel") if _parent(pid) == self.supervisor.pid]

    def leader(self, name: str) -> int | None:
        for pid in self.members():
            if _parent(pid) == self.supervisor.pid and _arguments(pid)[-1] == name:
                return pid
        return None

    def children(self) -> list[int]:
        return [pid for pid in self.members() if _parent(pid) != self.supervisor.pid]

    def heard(self, words: str, *, seconds: float = 15) -> bool:
        return wait_until(lambda: words in self.said.read_text(), seconds=seconds)

    @staticmethod
    def _mentioning(words: str) -> list[int]:
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if words.encode() in (entry / "cmdline").read_bytes():
                        found.append(int(entry.name))
                except OSError:
                    continue
        return found


def _arguments(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")
    except OSError:
        return [""]


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


@pytest.fixture
def family(folder):
    made = Family(folder)
    yield made
    for pid in [made.supervisor.pid, *made.members(), *made.sentinels()]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    made.supervisor.wait()


def test_a_service_killed_with_9_is_reported_and_started_again_without_its_old_children(family):
    victim, before = family.leader("one"), set(family.members())
    os.kill(victim, signal.SIGKILL)
    assert family.heard(f"one (process {victim}) was killed by SIGKILL; starting it again in 0.5 s.")
    assert family.heard("one runs again (process ")
    assert wait_until(lambda: len(family.members()) == 4, seconds=15)
    assert len(before - set(family.members())) == 2, "the child of the killed one went with it"


def test_a_service_that_keeps_dying_is_started_at_longer_and_longer_intervals(family):
    for waited in ("0.5", "1", "2"):
        assert wait_until(lambda: family.leader("one"), seconds=15)
        os.kill(family.leader("one"), signal.SIGKILL)
        assert family.heard(f"starting it again in {waited} s."), family.said.read_text()


def test_a_lost_child_of_a_service_is_reported(family):
    child = family.children()[0]
    # One roll call must have seen it.
    wait_until(lambda: False, seconds=2.5)
    os.kill(child, signal.SIGKILL)
    assert family.heard(f"its process {child} is gone")


@pytest.mark.parametrize("what", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_no_process_not_even_one_that_ignores_sigterm(family, what):
    os.kill(family.supervisor.pid, what)
    assert wait_until(lambda: family.supervisor.poll() is not None, seconds=15)
    assert family.supervisor.returncode == 0
    assert family.members() == []
    assert family.sentinels() == []


def test_kill_9_of_the_supervisor_leaves_no_process(family):
    os.kill(family.supervisor.pid, signal.SIGKILL)
    family.supervisor.wait()
    assert wait_until(lambda: family.members() == [], seconds=15)


def test_a_killed_sentinel_is_replaced_and_the_new_one_still_ends_everything(family):
    [first] = family.sentinels()
    os.kill(first, signal.SIGKILL)
    assert family.heard("sentinel (process")
    assert wait_until(lambda: family.sentinels() not in ([], [first]), seconds=15)
    os.kill(family.supervisor.pid, signal.SIGKILL)
    family.supervisor.wait()
    assert wait_until(lambda: family.members() == [], seconds=15)
