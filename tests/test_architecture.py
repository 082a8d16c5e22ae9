"""What import contracts cannot show."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
WINGS = ["crm", "segmentation", "marketing"]
PYTHON = [
    path for folder in ["config", *WINGS, "bench", "tests"] for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts
]


def test_no_file_is_longer_than_400_lines():
    templates = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static/css").rglob("*.css"), *(ROOT / "static/js").rglob("*.js")]
    long = {str(path.relative_to(ROOT)): lines for path in [*PYTHON, *templates] if (lines := len(path.read_text().splitlines())) > 400}
    assert not long


def test_a_foreign_key_between_wings_points_down():
    up = [
        str(field)
        for wing in WINGS
        for model in apps.get_app_config(wing).get_models()
        for field in model._meta.get_fields()
        if getattr(field, "many_to_one", False) and field.concrete and field.related_model._meta.app_label in WINGS
        if WINGS.index(field.related_model._meta.app_label) > WINGS.index(wing)
    ]
    assert not up


def _tree(path):
    return ast.parse(path.read_text(), filename=str(path))


@pytest.mark.parametrize("wing", WINGS)
def test_no_save_override_no_signal_and_no_utils_module(wing):
    for path in (ROOT / wing).rglob("*.py"):
        if "migrations" in path.parts:
            continue
        assert path.name not in ("utils.py", "helpers.py", "signals.py"), path
        for node in ast.walk(_tree(path)):
            assert not (isinstance(node, ast.FunctionDef) and node.name == "save" and path.name == "models.py"), f"{path} overrides save()"
            assert not (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.db.models.signals")), (
                f"{path} uses a signal"
            )


def test_services_are_keyword_only():
    """A call reads as a sentence: `tickets.assign(ticket=…, to=…, by=…)`. A question about one thing may name it alone: `recipient_of(ticket)`."""
    positional = []
    for wing in WINGS:
        for path in [*(ROOT / wing).rglob("services.py"), *(ROOT / wing).glob("*/services/*.py")]:
            for node in _tree(path).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and len(node.args.args) > 1:
                    positional.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not positional


def test_nothing_below_a_view_asks_the_clock():
    """Time is an argument: rules, services and querysets are told `on`, `at` or `as_of`."""
    askers = []
    for wing in WINGS:
        for path in (ROOT / wing).rglob("*.py"):
            if (
                path.name in ("services.py", "rules.py", "models.py", "clock.py", "calculator.py")
                or "engine" in path.parts
                or path.parent.name == "services"
            ):
                text = path.read_text()
                askers += [
                    f"{path.relative_to(ROOT)}: {m.group()}"
                    for m in re.finditer(r"\b(timezone\.now|datetime\.now|localdate|date\.today)\(\)", text)
                ]
    assert not askers


def test_templates_carry_no_inline_script_style_or_handler():
    """The Content-Security-Policy would refuse them, silently for the author."""
    bad = []
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        bad += [
            f"{path.relative_to(ROOT)}: {m.group()[:60]}"
            for m in re.finditer(r"<script(?![^>]*\bsrc=)[^>]*>|\sstyle=\"|\son[a-z]+=\"|<style|hx-on", text)
        ]
    assert not bad


def _committed():
    return subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a git checkout")
def test_lock_files_carry_no_address():
    locks = [name for name in _committed() if re.match(r"requirements/|.*package-lock\.json$|\.npmrc$", name)]
    assert len(locks) >= 4
    assert not [name for name in locks if re.search(r"https?://|index-url", (ROOT / name).read_text())]
