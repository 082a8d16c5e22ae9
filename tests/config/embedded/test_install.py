import re
import subprocess
import sys

import pytest

from config.embedded import install
from config.embedded.lock import without_addresses
from config.embedded.paths import REPO

PINNED = [REPO / "requirements" / f"{name}.txt" for name in ("bootstrap", "node", "base", "dev")]


@pytest.mark.parametrize("listed", PINNED, ids=lambda path: path.name)
def test_every_wheel_is_pinned_by_hash_and_no_index_is_named(listed):
    text = listed.read_text()
    assert not re.search(r"https?://|file:|--(extra-)?index|--find-links", text)
    for entry in re.split(r"\n(?=\S)", text.strip()):
        if not entry.startswith("#"):
            assert re.match(r"[\w.\[\],-]+==\S+", entry), entry[:80]
            assert "--hash=sha256:" in entry, entry[:80]


def test_the_npm_lock_names_no_address():
    text = (REPO / "package-lock.json").read_text()
    assert "http" not in text
    assert text.count('"integrity"') == text.count('"node_modules/')


def test_the_product_and_the_tests_pin_the_same_versions():
    base, dev = (dict(re.findall(r"^([\w.-]+)(?:\[.*\])?==(\S+)", file.read_text(), flags=re.M)) for file in PINNED[2:])
    assert base.items() <= dev.items(), "make test would otherwise leave another version than make run installs"


def test_addresses_are_taken_out_of_an_npm_lock():
    lock = {
        "packages": {
            "node_modules/a": {"version": "1", "resolved": "https://r/a.tgz", "funding": {"url": "https://f"}, "integrity": "sha512-x"}
        }
    }
    assert without_addresses(lock) == {"packages": {"node_modules/a": {"version": "1", "integrity": "sha512-x"}}}


def test_uv_is_told_to_look_where_pip_looks(monkeypatch):
    listed = "global.index-url='https://one/simple'\nglobal.extra-index-url='https://two https://three'\n:env:.find-links='/wheels'\n"
    monkeypatch.setattr(install.subprocess, "run", lambda *a, **k: subprocess.CompletedProcess(a, 0, stdout=listed))
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    told = install.uv_environment()
    assert (told["UV_DEFAULT_INDEX"], told["UV_INDEX"], told["UV_FIND_LINKS"]) == (
        "https://one/simple",
        "https://two https://three",
        "/wheels",
    )


def test_a_stamp_is_good_until_the_list_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(install, "REPO", tmp_path)
    (tmp_path / "list.txt").write_text("a==1\n")
    assert not install.stamp_is_current(tmp_path / "stamp", "list.txt")
    install.write_stamp(tmp_path / "stamp", "list.txt")
    assert install.stamp_is_current(tmp_path / "stamp", "list.txt")
    (tmp_path / "list.txt").write_text("a==2\n")
    assert not install.stamp_is_current(tmp_path / "stamp", "list.txt")


def test_set_up_runs_on_a_bare_python():
    """Isolated, without site packages, importing nothing of ours: as on a machine where nothing is installed yet."""
    code = f"import runpy; runpy.run_path({str(REPO / 'config/embedded/install.py')!r}, run_name='looked-at')"
    assert subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True).returncode == 0
