"""The objects of a PDF in an order that does not change from run to run."""

from __future__ import annotations

import re

_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_FONTS = re.compile(rb"(/Font <<\n)(.*?)(\s*>>)", re.DOTALL)
_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_ENTRY = re.compile(rb"(\d{10}) \d{5} n")
_HEAD = re.compile(rb"(\d+) 0 obj\s*(.*?)\s*endobj\s*$", re.DOTALL)


def steady_pdf(pdf: bytes) -> bytes:
    """Order the objects of a simple PDF as they are referred to, and number them so.

    The converter of charts (svg2pdf) walks its fonts in the order of a hash table, so their
    objects have other numbers and places in each run; the page looks the same.

    Parameters
    ----------
    pdf
        A file with one cross-reference table, as svg2pdf writes it.

    Returns
    -------
    bytes
        The same document; a file of another make is given back as it is.
    """
    start = _START.search(pdf)
    if not start or not pdf[int(start[1]) :].startswith(b"xref"):
        return pdf
    table = int(start[1])
    objects = _objects(pdf, table)
    trailer = pdf[pdf.index(b"trailer", table) : start.start()]
    order = _order(objects, trailer)
    numbers = {old: at for at, old in enumerate(order, start=1)}
    parts, offsets, at = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"], [], 0
    for old in order:
        at += len(parts[-1])
        offsets.append(at)
        head, stream = objects[old]
        parts.append(
            b"%d 0 obj\n%s%s\nendobj\n" % (numbers[old], _renumbered(head, numbers), stream)
        )
    at += len(parts[-1])
    entries = b"".join(b"%010d 00000 n\r\n" % offset for offset in offsets)
    parts.append(b"xref\n0 %d\n0000000000 65535 f\r\n%s" % (len(order) + 1, entries))
    parts.append(_renumbered(trailer, numbers) + b"startxref\n%d\n%%%%EOF\n" % at)
    return b"".join(parts)


def _objects(pdf: bytes, table: int) -> dict[int, tuple[bytes, bytes]]:
    """Cut a file at the offsets of its table: each object as its text and its stream."""
    offsets = sorted(int(found[1]) for found in _ENTRY.finditer(pdf, table))
    objects = {}
    for begin, end in zip(offsets, [*offsets[1:], table], strict=True):
        found = _HEAD.match(pdf[begin:end])
        if found:
            head, mark, stream = found[2].partition(b"stream\n")
            objects[int(found[1])] = (_FONTS.sub(_sorted_names, head), mark + stream)
    return objects


def _sorted_names(found: re.Match[bytes]) -> bytes:
    return found[1] + b"\n".join(sorted(found[2].split(b"\n"))) + found[3]


def _order(objects: dict[int, tuple[bytes, bytes]], trailer: bytes) -> list[int]:
    order: list[int] = []
    waiting = [int(number) for number in _REFERENCE.findall(trailer)]
    while waiting:
        number = waiting.pop(0)
        if number in objects and number not in order:
            order.append(number)
            waiting += [int(each) for each in _REFERENCE.findall(objects[number][0])]
    return order


def _renumbered(text: bytes, numbers: dict[int, int]) -> bytes:
    return _REFERENCE.sub(lambda found: b"%d 0 R" % numbers.get(int(found[1]), 0), text)
