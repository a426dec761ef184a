"""A finished PDF is written once. Imported with WeasyPrint, so never at start-up."""

import zlib

import pydyf

LEVEL = 6  # against 9: half the time, one percent more bytes


def settle(pdf: pydyf.PDF) -> None:
    """Every object as bytes: the identifier of a PDF/A is a digest of all of them, and pydyf would write and
    compress each a second time for it."""
    for place, found in enumerate(pdf.objects):
        if found.free != "f":
            pdf.objects[place] = _Settled(found)


class _Settled(pydyf.Object):
    data = b""
    compressible = False

    def __init__(self, found: pydyf.Object) -> None:
        super().__init__()
        self.number, self.generation = found.number, found.generation
        self.compressible = found.compressible
        if isinstance(found, pydyf.Stream) and found.compress:
            _compress(found)
        self.data = found.data


def _compress(stream: pydyf.Stream) -> None:
    clear = pydyf.Stream(stream.stream).data
    stream.stream = [zlib.compress(clear[clear.index(b"stream\n") + 7 : -10], LEVEL)]
    stream.extra = stream.extra | {"Filter": "/FlateDecode"}
    stream.compress = False
