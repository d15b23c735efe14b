"""Paths as outputs and messages name them."""

from __future__ import annotations

import os

import pytest

from govie.errors import ReadError
from govie.paths import printable, tidied


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("reports/报告.txt", "reports/报告.txt"),
        (os.fsdecode(b"a\xff\x80.txt"), r"a\xff\x80.txt"),
        ("a\ud800.txt", "a\ufffd.txt"),  # no byte of a name: Windows has names with half characters
        ("a\nb.txt", "a\nb.txt"),
    ],
)
def test_what_a_path_is_written_as(path: str, written: str) -> None:
    assert printable(path) == written
    written.encode()


def test_an_error_names_no_other_absolute_path() -> None:
    error = ReadError("broken (/tmp/govie-x1/a.pdf, at /home/me/in/a.pdf)", where="/tmp/govie-x1/a.pdf", hint="See /usr/lib/x.py.")
    assert str(tidied(error, "/home/me/in/a.pdf")) == "/home/me/in/a.pdf: broken (a.pdf, at /home/me/in/a.pdf). See x.py."
