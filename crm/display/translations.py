"""The catalogue of translations, kept with Babel so that no gettext program needs to be installed.

Strings are found in Python (`_("…")`), templates (`{% trans %}`, `{% blocktrans %}`) and wait in `locale/<language>/LC_MESSAGES/django.po`.
"""

import io
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

KEYWORDS: dict[str, tuple | None] = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
SOURCES = ("config", "crm", "segmentation", "marketing", "templates")
HEADER = r"""# Greenlane in the language {language}. Distributed under the licence of Greenlane.
# Found by manage.py update_translations; the words to use stand in docs/glossary.md.
msgid ""
msgstr ""
"Project-Id-Version: Greenlane\n"
"Language: {language}\n"
"Plural-Forms: {plural}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""


def extract(root: Path) -> Catalog:
    """Every translatable string of the product, in the order of the files."""
    catalog = Catalog(project="Greenlane", charset="utf-8")
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in (".py", ".html", ".txt") or "migrations" in path.parts:
                continue
            source = path.read_text(encoding="utf-8")
            if path.suffix != ".py":
                source = templatize(source, origin=str(path))
            for _line, function, messages, _comments in extract_python(io.BytesIO(source.encode()), KEYWORDS, [], {"encoding": "utf-8"}):
                _add(catalog, KEYWORDS.get(str(function)), messages, str(path.relative_to(root)))
    return catalog


def _add(catalog, spec, messages, where):
    messages = list(messages) if isinstance(messages, tuple | list) else [messages]
    context = None
    if spec and isinstance(spec[0], tuple):
        context, messages = messages[0], messages[1:]
    if not messages or not messages[0]:
        return
    plural = len(messages) > 1 and spec is not None and messages[1]
    catalog.add((messages[0], messages[1]) if plural else messages[0], locations=[(where, 0)], context=context, flags=_flags(messages[0]))


def _flags(text):
    return ["python-format"] if "%(" in text else []


def update(root: Path, language: str) -> Catalog:
    """Merge newly found strings into the catalogue; unused ones are dropped, translations kept. Nothing new: not a byte changes."""
    path = po_path(root, language)
    catalog = Catalog(locale=language, charset="utf-8", fuzzy=False)
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
    catalog.update(extract(root), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    save(path, catalog)
    return catalog


def save(path: Path, catalog: Catalog) -> None:
    """Write the catalogue sorted, under a header without dates: Git knows when, and branches do not collide on it."""
    body = io.BytesIO()
    write_po(body, catalog, width=160, sort_output=True, include_lineno=False, omit_header=True)
    header = HEADER.format(language=catalog.locale_identifier, plural=catalog.plural_forms)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(header.encode() + body.getvalue())


def missing(root: Path, language: str) -> list[str]:
    """Strings of the product without a translation."""
    path = po_path(root, language)
    if not path.exists():
        return [str(message.id) for message in extract(root) if message.id]
    with path.open("rb") as file:
        known = read_po(file, locale=language)
    absent = []
    for message in extract(root):
        if not message.id:
            continue
        translated = known.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
        if translated is None or not filled(translated):
            absent.append(message.id if isinstance(message.id, str) else message.id[0])
    return absent


def filled(message) -> bool:
    """Whether a message is translated in every form of its plural."""
    return bool(message.string) and (isinstance(message.string, str) or all(message.string))


def compile_all(root: Path) -> list[Path]:
    """Write the .mo beside every .po that is newer."""
    written = []
    for po in sorted((root / "locale").rglob("*.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as file:
            catalog = read_po(file, locale=po.parent.parent.name)
        aside = mo.with_suffix(".mo.new")
        with aside.open("wb") as file:
            write_mo(file, catalog)
        aside.replace(mo)
        written.append(mo)
    return written


def po_path(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"
