"""Whole files that cannot be taken say why; nothing is kept of them."""

import zipfile
from io import BytesIO

import pytest
from django.utils import translation

from crm.imports.models import ImportBatch
from crm.imports.problems import FileProblem
from tests.crm.imports.conftest import xlsx


def refused_at_the_door(send, *args, **more):
    with pytest.raises(FileProblem) as refused:
        send(*args, **more)
    assert not ImportBatch.objects.exists()
    return refused.value.code


def test_what_a_file_is_called_must_fit_what_is_in_it(send):
    assert refused_at_the_door(send, "bills", "a,b\n", "bills.pdf") == "wrong_extension"
    assert refused_at_the_door(send, "bills", xlsx([["a"]]), "bills.csv") == "not_what_it_says"
    assert refused_at_the_door(send, "bills", "户号,账期,电量\n", "bills.xlsx") == "not_what_it_says"
    assert refused_at_the_door(send, "bills", b"\x89PNG\r\n\x1a\n\x00\x00", "bills.csv") == "not_what_it_says"
    assert refused_at_the_door(send, "bills", " \n", "bills.csv") == "empty"
    assert refused_at_the_door(send, "consumption", "a,b\n", "weeks.csv") == "wrong_extension"


def test_a_file_above_the_limit_is_refused_with_the_limit(send, settings):
    settings.IMPORT_MAX_BYTES = 1024**2
    assert refused_at_the_door(send, "bills", "x" * (1024**2 + 1)) == "too_large"


def broken_workbook():
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/nothing.xml", "<x/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        ("户号,账期\n3304012289,2026-10\n", "f.csv", "missing_columns"),
        ("户号,Account number,账期,电量\n1,2,3,4\n", "f.csv", "column_twice"),
        ("户号,账期,电量\n", "f.csv", "no_rows"),
        ("户号,账期,电量\n".encode("gb18030") + b"\xff\xff\xff", "f.csv", "encoding"),
        ('户号,账期,电量\n"3304012289,2026-10,1\n' + "x" * 200_000, "f.csv", "open_quote"),
        (broken_workbook(), "f.xlsx", "unreadable"),
        (xlsx([[]]), "f.xlsx", "empty"),
    ],
)
def test_a_file_that_cannot_be_understood_fails_with_its_reason(content, name, code, check):
    batch = check("bills", content, name)
    assert (batch.state, batch.message["code"]) == ("failed", code)


def test_a_missing_column_is_named_in_both_languages(check):
    assert check("bills", "户号,账期\n1,2\n").message["params"]["columns"] == ["kwh (电量)"]


def test_reasons_are_sentences_in_every_language(db):
    from crm.imports.problems import FILE_REASONS, NOTES, ROW_REASONS

    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert all(str(text) for reasons in (FILE_REASONS, NOTES, ROW_REASONS) for text in reasons.values())


def test_more_cells_than_headers_is_a_wrong_row(account, load):
    batch = load("bills", f"户号,账期,电量\n{account.number},2026-10,1,000\n{account.number},2026-11,1\n")
    assert [(p["row"], p["code"], p["value"]) for p in batch.problems] == [(2, "too_many_cells", "000")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_may_be_parted_by_comma_semicolon_or_tab(delimiter, account, load):
    lines = [["户号", "账期", "电量"], [account.number, "2026-10", "1"]]
    assert load("bills", "\n".join(delimiter.join(cells) for cells in lines)).created == 1
