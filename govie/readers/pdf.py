"""PDF files to a :class:`~govie.records.Document`: a place kept for the reader to come."""

from __future__ import annotations

from govie.errors import ReadError
from govie.records import Document

__all__ = ["read_pdf"]


def read_pdf(data: bytes, *, path: str | None = None) -> Document:
    """Raise ReadError: PDF files are not read by this version."""
    raise ReadError("this is a PDF, which is not read", where=path, hint="Save or copy its text into a text file.")
