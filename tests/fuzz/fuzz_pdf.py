"""PDFs with bytes changed, cut out or put in, read one after the other; run by hand, not by ``make test``.

    python tests/fuzz/fuzz_pdf.py 3000 1 file.pdf …

reads 3,000 mutations of the files (without any, of the two reports in tests/data/pdf and of two made on the spot) with seed 1, in worker processes that are
started again when pdfium ends one or it takes longer than ``LIMIT`` seconds, and prints what came of them. Anything but a
document, a ReadError, a crash of pdfium or a time-out is a bug and is shown with its seed.
"""

from __future__ import annotations

import random
import re
import sys
import zlib
from collections import Counter
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from govie.errors import ReadError
from govie.readers import ocr
from govie.readers.pdf import read_pdf

DATA = Path(__file__).parent.parent / "data" / "pdf"
LIMIT = 20
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)
_NUMBER = re.compile(rb"\d+")
_ODD = (b"0", b"-1", b"99999999999", b"4294967295", b"1e30", b"<<>>", b"[", b"null", b"2 0 R", b"(", b"/Kids", b"nan")


def unpacked(data: bytes) -> bytes:
    """Return the PDF with its deflated streams as they are, so that mutations reach what is drawn; lengths are left wrong."""

    def plain(match: re.Match[bytes]) -> bytes:
        try:
            return b"stream\n" + zlib.decompress(match[1]) + b"\nendstream"
        except zlib.error:
            return match[0]

    return _STREAM.sub(plain, data).replace(b"/FlateDecode", b"")


def mutated(data: bytes, source: random.Random) -> bytes:
    """Return the file with one to eight changes."""
    out = bytearray(data)
    for _ in range(source.randint(1, 8)):
        place = source.randrange(len(out))
        kind = source.choice((0, 0, 1, 2, 2, 3, 4, 4, 4, 5 if source.random() < 0.1 else 0))
        if kind == 0:
            out[place] = source.randrange(256)
        elif kind == 1:
            del out[place : place + source.randint(1, 400)]
        elif kind == 2:
            out[place:place] = source.choice(_ODD)
        elif kind == 3:
            other = source.randrange(len(out))
            out[place:place] = out[other : other + source.randint(1, 2000)]
        elif kind == 4:
            match = _NUMBER.search(out, place)
            if match:
                out[match.start() : match.end()] = source.choice((b"0", b"-7", b"65536", b"2147483647", b"0.00001"))
        elif len(out) > 100:
            del out[source.randrange(100, len(out)) :]
        if not out:
            break
    return bytes(out)


def _own() -> list[bytes]:
    sys.path.insert(0, str(Path(__file__).parent.parent))
    from pdf_support import table_pdf, text_pdf

    rows = [[f"（{number}）公开数", "条", str(number)] for number in range(60)]
    made = [text_pdf(["一、概述", "全年公开政府信息12条。" * 20]), table_pdf(rows, repeat=1)]
    return [*made, *(path.read_bytes() for path in sorted(DATA.glob("*.pdf")))]


def _work(pipe: Connection, files: list[bytes]) -> None:
    ocr.is_installed = lambda: False  # type: ignore[assignment]
    while True:
        seed = pipe.recv()
        source = random.Random(seed)
        data = mutated(source.choice(files), source)
        try:
            document = read_pdf(data)
            for grid in document.grids:
                for cell in grid.cells:
                    assert document.text[cell.start : cell.end] == cell.text
            pipe.send("document")
        except ReadError as error:
            pipe.send("ReadError: " + re.sub(r"[\d,]+", "N", error.what))
        except Exception as error:
            pipe.send(f"BUG at seed {seed}: {error!r}")


def main(count: int, first: int, names: list[str]) -> Counter[str]:
    """Read ``count`` mutations and return how many came out how."""
    read = [Path(name).read_bytes() for name in names] or _own()
    files = [*read, *map(unpacked, read)]
    context = get_context("spawn")
    outcomes: Counter[str] = Counter()
    worker = None
    for seed in range(first * 1_000_000, first * 1_000_000 + count):
        if worker is None:
            ours, theirs = context.Pipe()
            worker = context.Process(target=_work, args=(theirs, files), daemon=True)
            worker.start()
            theirs.close()
        ours.send(seed)
        try:
            answer = ours.recv() if ours.poll(LIMIT) else f"more than {LIMIT} s at seed {seed}"
        except EOFError:
            worker.join()
            answer = f"worker ended ({worker.exitcode}) at seed {seed}"
        outcomes[answer] += 1
        if "at seed" in answer and not answer.startswith("BUG"):
            worker.kill()
            worker = None
    if worker is not None:
        worker.kill()
    return outcomes


if __name__ == "__main__":
    for answer, number in main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]).most_common():
        print(number, answer)
