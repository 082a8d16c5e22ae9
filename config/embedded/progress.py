"""What the person at the terminal sees, kept in a log as well."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Progress:
    """Numbered steps with their seconds, and anything worth saying in between."""

    def __init__(self, *, steps: int, log: Path):
        self.steps = steps
        self.done = 0
        self.seconds: dict[str, float] = {}
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log.open("a", encoding="utf-8")

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self.done += 1
        self._print(f"[{self.done}/{self.steps}] {name} ...")
        start = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - start, 1)
        self._print(f"[{self.done}/{self.steps}] {name}: {self.seconds[name]:.1f} s")

    def detail(self, line: str) -> None:
        self._print(f"      {line}")

    def say(self, text: str) -> None:
        self._print(f"{time.strftime('%H:%M:%S')} {text}")

    def block(self, text: str) -> None:
        self._print(text)

    def problem(self, text: str) -> None:
        self._print(f"\nGreenlane did not start: {text}", to=sys.stderr)

    def _print(self, text: str, *, to=None) -> None:
        # A closed terminal must not stop the stopping.
        with suppress(OSError):
            print(text, file=to or sys.stdout, flush=True)
        self._log.write(text + "\n")
        self._log.flush()
