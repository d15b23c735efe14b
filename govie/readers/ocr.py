"""Pictures of pages to a :class:`~govie.records.Document`: a place kept for the reader to come."""

from __future__ import annotations

from govie.errors import ReadError
from govie.records import Document

__all__ = ["read_image"]


def read_image(data: bytes, *, path: str | None = None) -> Document:
    """Raise ReadError: pictures are not read by this version."""
    raise ReadError("this is a picture, which is not read", where=path, hint="Recognise its text and read that.")
