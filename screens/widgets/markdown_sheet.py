"""A Markdown text as a sheet: headings, paragraphs, lists and tables, dense enough for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from rich.cells import cell_len
from textual.content import Content

from screens.text import clean
from screens.widgets.sheet import Sheet

HEADINGS = {"h1": "bold underline $text-accent", "h2": "bold $text-accent", "h3": "bold"}
"""How a heading is written."""
INK = {"strong_open": "bold", "em_open": "italic", "s_open": "strike"}
"""How a stressed word is written."""
GAP = 2
"""Blanks between the columns of a table."""
NARROWEST = 8
"""Cells a column of a table keeps."""


class MarkdownSheet(Sheet):
    """Reads like the file, without its signs; outside text can't become more than text."""

    _tokens: Sequence[Token] = ()

    def show(self, text: str, *, top: bool = False) -> None:
        """Put a text on the sheet."""
        self._tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(text)
        self.rewrite(top=top)

    def lines(self, width: int) -> Sequence[Content]:
        """Block after block; a blank line between them, but not before an item nor after a heading."""
        lines: list[Content] = []
        close = True
        for block in _blocks(self._tokens):
            if not (close or block[0].type == "list_item_open"):
                lines.append(Content())
            lines += _drawn(block, max(NARROWEST, width))
            close = block[0].type == "heading_open"
        return lines


def _blocks(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Headings, paragraphs, list items and tables, each as its tokens."""
    block: list[Token] = []
    depth = 0
    for token in tokens:
        if token.type in ("bullet_list_open", "bullet_list_close", "ordered_list_open", "ordered_list_close"):
            continue
        block.append(token)
        depth += token.nesting
        if depth == 0:
            yield block
            block = []


def _drawn(block: list[Token], width: int) -> Iterator[Content]:
    kind = block[0].type
    if kind == "table_open":
        yield from _table(block, width)
    elif kind == "list_item_open":
        yield from _item(block, width)
    elif kind == "hr":
        yield Content.styled("─" * width, "$foreground-muted")
    else:
        style = HEADINGS.get(block[0].tag, "")
        for token in block:
            for line in _broken(_inline(token), width):
                yield line.stylize(style) if style else line


def _item(block: list[Token], width: int) -> Iterator[Content]:
    first = True
    for token in block:
        for line in _broken(_inline(token), width - 2):
            yield Content("• " if first else "  ") + line
            first = False


def _table(block: list[Token], width: int) -> Iterator[Content]:
    rows: list[list[Content]] = []
    for token in block:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline(token) or Content())
    widths = _widths(rows, width)
    for number, row in enumerate(rows):
        for line in _row(row, widths):
            yield line.stylize("bold $foreground-muted") if number == 0 else line


def _widths(rows: list[list[Content]], width: int) -> list[int]:
    """What each column wants; headings are broken first, then the widest column, until the table fits."""
    columns = [[row[place] for row in rows if place < len(row)] for place in range(max(map(len, rows)))]
    wanted = [max(cell.cell_length for cell in column) for column in columns]
    needed = [max([_longest_word(head), *(cell.cell_length for cell in body)]) for head, *body in columns]
    over = sum(wanted) + GAP * (len(columns) - 1) - width
    for place, need in sorted(enumerate(needed), key=lambda each: each[1]):
        cut = max(0, min(over, wanted[place] - need))
        wanted[place], over = wanted[place] - cut, over - cut
    while over > 0 and max(wanted) > NARROWEST:
        wanted[wanted.index(max(wanted))] -= 1
        over -= 1
    return [max(1, each) for each in wanted]


def _longest_word(cell: Content) -> int:
    return max((cell_len(word) for word in cell.plain.split()), default=0)


def _row(cells: list[Content], widths: list[int]) -> Iterator[Content]:
    broken = [_broken(cell, width) or [Content()] for cell, width in zip(cells, widths, strict=False)]
    for number in range(max(map(len, broken))):
        line = Content()
        for lines, width in zip(broken, widths, strict=False):
            part = lines[number] if number < len(lines) else Content()
            line += part + " " * (width - part.cell_length + GAP)
        yield line


def _broken(content: Content | None, width: int) -> list[Content]:
    return [line.rstrip() for line in content.wrap(max(1, width))] if content is not None else []


def _inline(token: Token) -> Content | None:
    """The words of a block with their ink; None where the token holds no words."""
    if token.type in ("code_block", "fence"):
        return Content(clean(token.content.rstrip("\n"), keep="\n"))
    if token.type != "inline":
        return None
    parts: list[Content] = []
    ink: list[str] = []
    for child in token.children or ():
        if child.type in INK:
            ink.append(INK[child.type])
        elif child.type.endswith("_close") and child.type.replace("_close", "_open") in INK:
            ink.pop()
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(Content(" " if child.type == "softbreak" else "\n"))
        elif child.content:
            style = " ".join([*ink, "$text-primary"] if child.type == "code_inline" else ink)
            parts.append(Content.styled(clean(child.content), style))
    return Content().join(parts)
