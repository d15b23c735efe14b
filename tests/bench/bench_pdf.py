"""Speed and accuracy of reading PDFs, on one core: pages of text PDFs a second, seconds a scanned page.

Run by hand, not by ``make test`` (pdfplumber is the yardstick where it is installed; recognition needs ``govie[ocr]``)::

    python tests/bench/bench_pdf.py [file.pdf …]

Without files: the two reports in tests/pdfs, and a report of 30 pages made on the spot. Times are of the process, so other
work on the machine shows less in them; recognition is timed by the clock, and its share of wrong characters is taken over the report
of 2022, drawn at 200 dots an inch with a fall-back font where the file's own has no outlines.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from govie.readers import ocr
from govie.readers.pdf import read_pdf

DATA = Path(__file__).parent.parent / "pdfs"
SECONDS = 2.0


def pages_a_second(work: Callable[[bytes], int], data: bytes) -> float:
    work(data)
    start, pages = time.process_time(), 0
    while time.process_time() - start < SECONDS:
        pages += work(data)
    return pages / (time.process_time() - start)


def by_govie(data: bytes) -> int:
    return max(block.origin.page or 0 for block in read_pdf(data).blocks if block.origin)


def by_pdfplumber(data: bytes) -> int:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            page.extract_text()
            page.extract_tables()
        return len(document.pages)


def wrong_characters(text: str, truth: str) -> float:
    """Return the edit distance of two texts without blanks, a share of the length of ``truth``."""
    one, two = "".join(text.split()), "".join(truth.split())
    row = list(range(len(two) + 1))
    for number, character in enumerate(one, 1):
        last, row[0] = row[0], number
        for place, other in enumerate(two, 1):
            last, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, last + (character != other))
    return row[-1] / len(two)


def long_report() -> bytes:
    sys.path.insert(0, str(Path(__file__).parent.parent))
    from pdf_support import table_pdf

    prose = "全年公开政府信息215条，其中财政预决算12条，涉农补贴41条，都在网站和公开栏公布，群众看得到，也看得懂；来问的人，都有答复。"
    rows = [[f"（{number}）不同渠道和方式公开政府信息数", "条", str(number)] for number in range(400)]
    return table_pdf(rows, widths=[260, 60, 60], before=[prose * 4] * 40)


def main(names: list[str]) -> None:
    files = {name: Path(name).read_bytes() for name in names or map(str, sorted(DATA.glob("*.pdf")))}
    if not names:
        files["long report"] = long_report()
    print(f"{'file':40} {'pages':>5} {'govie':>9} {'pdfplumber':>11}  (pages a second)")
    for name, data in files.items():
        other = f"{pages_a_second(by_pdfplumber, data):11.0f}" if find_spec("pdfplumber") else "          -"
        print(f"{Path(name).name:40} {by_govie(data):5} {pages_a_second(by_govie, data):9.0f} {other}")
    if ocr.is_installed() and not names:
        recognition()


def recognition() -> None:
    """Read scans of a report and say how long a page takes and how many characters are wrong."""
    for name in ("scan_text", "scan_table"):
        data = (DATA / f"{name}.png").read_bytes()
        ocr.read_image(data)
        start, used = time.perf_counter(), time.process_time()
        text = ocr.read_image(data).text
        clock, processor = time.perf_counter() - start, time.process_time() - used
        truth = (DATA / f"{name}.txt").read_text(encoding="utf-8")
        print(f"{name}: {clock:.1f} s, {processor:.1f} s of processor, {wrong_characters(text, truth):.1%} of characters wrong")


if __name__ == "__main__":
    main(sys.argv[1:])
