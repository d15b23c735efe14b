#!/usr/bin/env bash
# Draws docs/example.png: the sheet of facts of the workbook that govie makes of examples/, as LibreOffice shows it.
# Needs LibreOffice Calc, poppler-utils and a Chinese font (on Debian: libreoffice-calc poppler-utils fonts-noto-cjk).
set -euo pipefail
cd "$(dirname "$0")/.."
govie=${GOVIE:-.venv/bin/govie}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$govie" extract examples -o "$folder/example.xlsx"
soffice --headless "-env:UserInstallation=file://$folder/profile" --convert-to pdf --outdir "$folder" "$folder/example.xlsx" >/dev/null
# The reports fit on the first page; the facts begin on the second. The crop is their upper left corner: place, concept, value, sentence.
pdftoppm -f 2 -l 2 -r 215 -x 223 -y 162 -W 1770 -H 340 -png -singlefile "$folder/example.pdf" "$folder/example"
cp "$folder/example.png" docs/example.png
ls -l docs/example.png
