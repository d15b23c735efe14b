#!/usr/bin/env bash
# Draws docs/example.png: the sheet of facts of the workbook that govie makes of examples/, as LibreOffice shows it
# with a filter set and some columns hidden, as one would do to compare towns. No cell is changed.
# Needs LibreOffice Calc, poppler-utils and a Chinese font (on Debian: libreoffice-calc poppler-utils fonts-wqy-microhei),
# and openpyxl and Pillow (in govie[dev]).
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$python" -c 'from govie.cli import main; main()' extract examples -o "$folder/facts.xlsx"
"$python" - "$folder/facts.xlsx" "$folder/example.xlsx" <<'PYTHON'
import sys

import openpyxl

SHOWN = {"locality": 10, "report_year": 12, "label": 35, "value": 8, "unit": 6, "scope": 12, "sentence": 62, "path": 40}
CONCEPTS = ("disclosure.total", "disclosure.channel.website", "requests.received")

book = openpyxl.load_workbook(sys.argv[1], rich_text=True)
sheet = book["facts"]
for name in book.sheetnames:
    if name != "facts":
        book[name].sheet_state = "hidden"
places = {}
for cell in sheet[1]:
    column = cell.value.split()[-1]
    places[column] = cell.column - 1
    shape = sheet.column_dimensions[cell.column_letter]
    shape.min = shape.max = cell.column
    shape.width = SHOWN.get(column, 9)
    shape.hidden = column not in SHOWN
for row in sheet.iter_rows(min_row=2):
    concept, applicant = (row[places[name]].value for name in ("concept", "applicant"))
    sheet.row_dimensions[row[0].row].hidden = concept not in CONCEPTS or applicant is not None
sheet.print_options.gridLines = sheet.print_options.headings = True
sheet.page_setup.paperSize = 8  # A3
sheet.page_margins = openpyxl.worksheet.page.PageMargins(0.2, 0.2, 0.2, 0.2, 0, 0)
sheet.oddFooter.center.text = sheet.oddHeader.center.text = None
book.save(sys.argv[2])
PYTHON
soffice --headless "-env:UserInstallation=file://$folder/profile" --convert-to pdf --outdir "$folder" "$folder/example.xlsx" >/dev/null
pdftoppm -f 1 -l 1 -r 120 -png -singlefile "$folder/example.pdf" "$folder/example"
"$python" - "$folder/example.png" docs/example.png <<'PYTHON'
import sys

from PIL import Image, ImageChops, ImageOps

page = Image.open(sys.argv[1]).convert("RGB")
inked = ImageChops.difference(page, Image.new("RGB", page.size, "white")).getbbox()
ImageOps.expand(page.crop(inked), 4, "white").quantize(64, dither=Image.Dither.NONE).save(sys.argv[2], optimize=True)
PYTHON
ls -l docs/example.png
