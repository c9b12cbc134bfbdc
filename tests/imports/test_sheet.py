import pytest

from planner.domain.mistake import Mistake
from planner.imports.outside import decoded
from planner.imports.sheet import read_sheet


def rows(text: str) -> list[tuple[str, ...]]:
    return [row.cells for row in read_sheet(text, "log.csv").rows]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found_in_the_header(delimiter: str) -> None:
    assert rows(f"idea{delimiter}status\nmixup{delimiter}keep\n") == [("mixup", "keep")]


def test_a_delimiter_in_a_quoted_name_parts_nothing() -> None:
    assert rows('"idea; what, why";status\nmixup;keep\n') == [("mixup", "keep")]


def test_a_quoted_cell_may_go_on_over_lines_and_the_next_row_knows_its_line() -> None:
    sheet = read_sheet('idea,notes\r\nmixup,"one\r\ntwo"\r\n\r\ncutmix,x\r\n', "log.csv")
    assert [(row.line, row.cells) for row in sheet.rows] == [(2, ("mixup", "one\ntwo")), (5, ("cutmix", "x"))]


def test_ragged_rows_are_named_by_line_but_blank_cells_at_the_end_do_not_count() -> None:
    sheet = read_sheet("idea,status\nmixup,keep,,\ncutmix\nema,keep,0.9\n", "log.csv")
    assert [row.cells for row in sheet.rows] == [("mixup", "keep")]
    assert [row.line for row in sheet.ragged] == [3, 4]


def test_the_apostrophe_that_an_export_puts_before_a_formula_is_taken_off_again() -> None:
    assert rows("title,impact\n'=1+1,'+0.3pp\n'tis,1\n") == [("=1+1", "+0.3pp"), ("'tis", "1")]


def test_bytes_are_read_by_their_mark_else_as_utf_8_else_as_latin_1() -> None:
    assert decoded(b"\xef\xbb\xbfidea", "log.csv") == "idea"
    assert decoded("idea, größer".encode(), "log.csv") == "idea, größer"
    assert decoded("idea, größer".encode("latin-1"), "log.csv") == "idea, größer"
    assert decoded("idea".encode("utf-16"), "log.csv") == "idea"


@pytest.mark.parametrize("data", [b"PK\x03\x04rest", b"\x7fELF" + bytes(range(32)) * 9, b"%PDF-1.7"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(Mistake, match="is no text"):
        decoded(data, "log.xlsx")


def test_an_endless_quote_is_refused_with_its_line() -> None:
    with pytest.raises(Mistake, match=r"log\.csv, line 2: no table"):
        read_sheet('idea,status\nmixup,"' + "x" * 1_000_001, "log.csv")
