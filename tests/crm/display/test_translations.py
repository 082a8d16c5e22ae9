"""The catalogue is whole: every string a person can meet has its Chinese, with the same figures in it and no English left behind."""

import re
import string

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from crm.display import translations

PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])|\{\{?\s*(\w+)|(%%)")
WORD = re.compile(r"(?<![A-Za-z])(?![A-Z]\d*(?![A-Za-z0-9]))[A-Za-z][A-Za-z0-9]*")  # a letter, or a letter and digits, is a code
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What stays as it is in Chinese text: our name, units, formats, codes, and names that are only known in Latin letters.
KEPT = {
    *("Cox", "Kaplan", "Meier", "DB", "PSI", "AUC", "Brier", "p"),
    *("Greenlane", "API", "App", "XLSX", "CSV", "UTF", "GB", "GB18030", "tsf", "kWh", "kVA", "kW", "kV", "kvarh", "MB", "CC", "BY", "MIT"),
    *(
        "BDEW",
        "demandlib",
        "chinesecalendar",
        "ElectricityLoadDiagrams",
        "Electricity",
        "load",
        "diagrams",
        "UCI",
        "Machine",
        "Learning",
        "Repository",
    ),
    *(
        "X",
        "Integration",
        "WEBHOOK",
        "ALLOWED",
        "NETWORKS",
        "Standard",
        "Webhooks",
        "webhook",
        "signature",
        "id",
        "HMAC",
        "SHA256",
        "base64",
    ),
    *("Green", "Button", "XML", "Wh", "minutes", "heat", "pump", "UTC", "ReadingType", "COPY", "strong", "service"),
    *("http", "https", "partner", "example", "hooks", "2xx", "xx", "v1"),
    *("Monash", "University", "Authorization", "Token", "ytll", "n", "j", "i"),
}
# The whole string is code, a figure or a name: nothing of it is translated.
SAME = {"App", "CC BY 4.0", "MIT"}


@pytest.fixture(scope="module")
def catalogue():
    with translations.po_path(settings.BASE_DIR, "zh_Hans").open("rb") as file:
        return read_po(file, locale="zh_Hans")


def pairs(catalogue):
    """(every English form, every Chinese form) of a message."""
    for message in catalogue:
        if message.id:
            yield _forms(message.id), _forms(message.string)


def _forms(text):
    return [text] if isinstance(text, str) else list(text or [])


def test_every_string_of_the_product_has_its_chinese_and_nothing_is_unused(catalogue):
    found = {(str(message.context), _forms(message.id)[0]) for message in translations.extract(settings.BASE_DIR) if message.id}
    known = {(str(message.context), _forms(message.id)[0]) for message in catalogue if message.id}
    assert found == known, "run `make messages`"
    assert [message.id for message in catalogue if message.id and not translations.filled(message)] == []


def test_the_catalogue_holds_no_guesses(catalogue):
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_chinese_has_one_form_of_the_plural_and_it_is_filled(catalogue):
    wrong = [message.id for message in catalogue if message.id and message.pluralizable and len(_forms(message.string)) != 1]
    assert wrong == []


def test_figures_and_names_in_a_sentence_are_the_same_in_both_languages(catalogue):
    wrong = []
    for english, chinese in pairs(catalogue):
        # A singular may leave out its number ("every minute"); the plural holds all of them.
        wanted = set(PLACEHOLDER.findall(english[-1]))
        wrong += [(english[-1], text) for text in chinese if set(PLACEHOLDER.findall(text)) != wanted]
    assert wrong == []


def test_no_english_is_left_in_chinese_sentences(catalogue):
    left = {}
    for english, chinese in pairs(catalogue):
        for text in chinese:
            plain = re.sub(r"%\(\w+\)[sd]|\{\w+\}", "", text)
            words = set(WORD.findall(plain)) - KEPT
            if words or (text == english[0] and text not in SAME and re.search(r"[a-z]{2}", plain)):
                left[text] = sorted(words)
    assert left == {}


def test_sentences_in_chinese_end_and_pause_with_chinese_marks(catalogue):
    wrong = [
        text
        for _english, chinese in pairs(catalogue)
        for text in chinese
        if re.search(r"[\u4e00-\u9fff][,;:!?]|[\u4e00-\u9fff]\.(\s|$)", text)
    ]
    assert wrong == []


def test_a_sentence_that_ends_in_english_ends_in_chinese_too(catalogue):
    wrong = [
        (english[0], text)
        for english, chinese in pairs(catalogue)
        for text in chinese
        if english[0].endswith(".") and not text.endswith("。")
    ]
    assert wrong == []


def test_the_header_names_the_product_and_holds_no_dates_or_placeholders():
    header = translations.po_path(settings.BASE_DIR, "zh_Hans").read_text(encoding="utf-8").split("\n\n")[0]
    assert "Project-Id-Version: Greenlane" in header
    assert "nplurals=1" in header
    assert "Date" not in header and "@" not in header and not any(word in header for word in ("VERSION", "AUTHOR", "FULL NAME"))


def test_collecting_strings_again_changes_no_byte(tmp_path):
    (tmp_path / "crm").mkdir()
    (tmp_path / "crm" / "some.py").write_text(
        '_("One")\nngettext("%(n)s day", "%(n)s days", n)\npgettext("tab", "One")\n', encoding="utf-8"
    )
    translations.update(tmp_path, "zh_Hans")
    path = translations.po_path(tmp_path, "zh_Hans")
    before = path.read_bytes()
    translations.update(tmp_path, "zh_Hans")
    assert path.read_bytes() == before
    assert translations.missing(tmp_path, "zh_Hans") == ["One", "%(n)s day", "One"]


def test_a_translation_survives_the_next_collection_and_an_unused_one_goes(tmp_path):
    (tmp_path / "crm").mkdir()
    source = tmp_path / "crm" / "some.py"
    source.write_text('_("One")\n_("Two")\n', encoding="utf-8")
    catalog = translations.update(tmp_path, "zh_Hans")
    catalog["One"].string, catalog["Two"].string = "一", "二"
    translations.save(translations.po_path(tmp_path, "zh_Hans"), catalog)
    source.write_text('_("One")\n_("Three")\n', encoding="utf-8")
    again = translations.update(tmp_path, "zh_Hans")
    assert again["One"].string == "一"
    assert again.get("Two") is None
    assert translations.missing(tmp_path, "zh_Hans") == ["Three"]


def test_reasons_and_features_of_the_engine_read_in_chinese():
    from segmentation.engine.explain import LABELS, REASONS, SENTENCES, TIER_WORDS
    from segmentation.engine.features import FEATURES

    told = {code: reason.zh for code, reason in REASONS.items()}
    told |= {f"label {name}": chinese for name, (_english, chinese) in LABELS.items()}
    told |= {f"sentence {name}": chinese for name, (_english, chinese) in SENTENCES.items()}
    told |= {f"tier {name}": chinese for name, (_english, chinese) in TIER_WORDS.items()}
    told |= {f"feature {feature.name}": feature.meaning["zh-hans"] for feature in FEATURES}
    assert {name: text for name, text in told.items() if not CHINESE.search(text)} == {}
    assert {name: text for name, text in told.items() if set(WORD.findall(re.sub(r"\{\w*\}", "", text))) - KEPT} == {}
    for code, reason in REASONS.items():
        numbers = [
            sorted(field for _t, field, _s, _c in string.Formatter().parse(text) if field is not None) for text in (reason.en, reason.zh)
        ]
        assert numbers[0] == numbers[1], code


def test_tiers_are_called_alike_by_the_engine_and_on_the_pages(catalogue):
    from segmentation.engine.explain import TIER_WORDS

    assert {tier: catalogue.get(english.capitalize()).string for tier, (english, _chinese) in TIER_WORDS.items()} == {
        tier: chinese for tier, (_english, chinese) in TIER_WORDS.items()
    }
