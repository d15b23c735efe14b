"""Lines to rows: cells that stand one a line are gathered, labels broken over lines are put together again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from govie.tables import forms
from govie.tables.lines import Line, Piece, known

__all__ = ["gather_rows"]


def gather_rows(lines: Sequence[Line]) -> list[list[Piece]]:
    """Return the rows of a table: a line with columns is one, single cells are gathered up to the next label."""
    rows: list[list[Piece]] = []
    piped = any(None in line.tokens for line in lines)
    open_row = False  # whether single cells may still be added to the last row
    after_pipe = True
    for line in lines:
        if line.kind == "S" and not line.columns:
            continue
        if line.columns:
            _add_columns(rows, list(line.pieces))
            open_row, after_pipe = False, True
            continue
        for token in line.tokens:
            if token is None:
                if after_pipe and open_row and rows:
                    end = rows[-1][-1].end
                    rows[-1].append(Piece(end, end, ""))
                after_pipe = True
            elif forms.cell_kind(token.text) in "NDU":
                if not open_row:
                    rows.append([])
                rows[-1].append(token)
                open_row, after_pipe = True, False
            else:
                _add_words(rows, token, same_cell=piped and not after_pipe and open_row)
                open_row, after_pipe = True, False
    rows = [row for row in rows if row]
    return rows if any(line.columns for line in lines) else _codes_first(rows)


def _codes_first(rows: list[list[Piece]]) -> list[list[Piece]]:
    """Give item numbers back to their rows: one cell a line, 序号 stands below the row before."""
    last = [int(words) if (words := forms.joined(row[-1].text)).isdigit() else -9 for row in rows[:-1]]
    steps = [b - a for a, b in pairwise(last) if a >= 0 or b >= 0]
    if len(steps) < 4 or steps.count(1) * 5 < len(steps) * 4:
        return rows
    shifted: list[list[Piece]] = []
    code: list[Piece] = []
    for row in rows:
        moves = row is not rows[-1] and forms.joined(row[-1].text).isdigit()
        shifted.append(code + (row[:-1] if moves else row))
        code = [row[-1]] if moves else []
    return [row for row in shifted if row]


def _add_words(rows: list[list[Piece]], piece: Piece, *, same_cell: bool) -> None:
    if rows and all(forms.cell_kind(p.text) == "T" for p in rows[-1]):
        last = rows[-1][-1]
        if same_cell or _continues(last.text, piece.text):
            rows[-1][-1] = Piece(last.start, last.end, last.text + piece.text)
            return
        for count in (3, 2, 1):
            parts = rows[-count:]
            if len(parts) == count and all(
                len(r) == 1 and not known(r[0].text) and forms.cell_kind(r[0].text) == "T" for r in parts
            ):
                whole = "".join(r[0].text for r in parts) + piece.text
                if len(whole) <= 70 and known(whole):
                    rows[-count:] = [[Piece(parts[0][0].start, parts[0][0].end, whole)]]
                    return
    rows.append([piece])


def _add_columns(rows: list[list[Piece]], pieces: list[Piece]) -> None:
    filled = [index for index, piece in enumerate(pieces) if piece.text]
    if len(filled) > 1 and rows and len(rows[-1]) > 1:
        rows.append(pieces)  # a whole row below a whole row
        return
    words = [index for index in filled if forms.cell_kind(pieces[index].text) == "T"]
    if words and rows and len(rows[-1]) == 1 and forms.cell_kind(rows[-1][0].text) == "T":
        before, here = rows[-1][0], pieces[words[-1]]
        whole = before.text + here.text
        if (
            len(filled) > 1
            and len(whole) <= 110
            and known(whole)
            and (not known(here.text) or _continues(before.text, here.text))
            and not forms.is_header(before.text)
        ):
            pieces[words[-1]] = Piece(before.start, before.end, whole)
            rows[-1] = pieces
            return
    if len(filled) == 1 and words and rows and len(rows[-1]) > 1:
        labels = [index for index, piece in enumerate(rows[-1]) if forms.cell_kind(piece.text) == "T"]
        if labels and _continues(rows[-1][labels[-1]].text, pieces[words[0]].text):
            label = rows[-1][labels[-1]]
            rows[-1][labels[-1]] = Piece(label.start, label.end, label.text + pieces[words[0]].text)
            return
    rows.append(pieces)


def _continues(label: str, words: str) -> bool:
    """Say whether ``words`` on the next line go on with a label broken inside its cell."""
    opened = forms.joined(label)
    if opened.count("（") > opened.count("）"):
        return len(opened) < 80
    if forms.numbering_style(words) or forms.is_header(words):
        return False
    if not forms.label_key(words):
        return forms.joined(words).startswith("（")
    return (
        not known(words)
        and len(label) + len(words) <= 70
        and known(label + words)
        and _same_meaning(label, label + words)
    )


def _same_meaning(label: str, whole: str) -> bool:
    # 收到申请数 and a local row below it do not make one label; 危及国家安全、公共安全 and 和社会稳定 do.
    return (
        not known(label)
        or any(option.exact for option in forms.indicator(whole))
        or forms.begins_label(whole)
        or forms.request_row(whole) not in (None, "")
    )
