"""A finished PDF is written once. Imported with WeasyPrint, so never at start-up."""

import zlib

import pydyf

from core.pdf.stamp import BEFORE, MARK, NAME

SKELETON = ("/Catalog", "/Pages", "/Page")
LEVEL = 6  # against 9: half the time, one percent more bytes


def settle(pdf: pydyf.PDF) -> None:
    """Every object as bytes: the identifier of a PDF/A is a digest of all of them, and pydyf would write and
    compress each a second time for it."""
    _outside(pdf, pdf.catalog.get("Names", {}), "Dests")
    for place, found in enumerate(pdf.objects):
        if found.free != "f":
            pdf.objects[place] = _Settled(found)
    pdf.info = _Settled(pdf.info, apart=True)  # pydyf adds it last


def leave_room(pdf: pydyf.PDF) -> None:
    """An empty form on every page where a reader's mark will stand; pages of several sizes get it later."""
    pages = [found for found in pdf.objects if isinstance(found, dict) and found.get("Type") == "/Page"]
    if len({(page["Resources"], page["MediaBox"].data) for page in pages}) != 1:
        return
    about = {"Type": "/XObject", "Subtype": "/Form", "BBox": pages[0]["MediaBox"]}
    form = pydyf.Stream([], about)
    pdf.add_object(form)
    _named(pdf, pages[0]["Resources"])["XObject"][NAME[1:]] = form.reference
    for page in pages:
        contents = _named(pdf, page["Contents"]).stream
        contents.insert(0, BEFORE)
        contents.append(MARK)


def _named(pdf: pydyf.PDF, reference: bytes) -> pydyf.Object:
    return pdf.objects[int(reference.split()[0])]


class _Settled(pydyf.Object):
    data = b""
    compressible = False

    def __init__(self, found: pydyf.Object, *, apart: bool = False) -> None:
        super().__init__()
        self.number, self.generation = found.number, found.generation
        self.compressible = found.compressible and not (apart or _read_by_signers(found))
        if isinstance(found, pydyf.Stream) and found.compress:
            _compress(found)
        self.data = found.data


def _read_by_signers(found: pydyf.Object) -> bool:
    """These stay outside the object stream: with thousands of tags in it, pyHanko would go through all of
    them for each object it looks at."""
    return isinstance(found, dict) and (found.get("Type") in SKELETON or "XObject" in found)


def _outside(pdf: pydyf.PDF, holder: pydyf.Dictionary, key: str) -> None:
    """What is long and seldom read, as an object of its own."""
    if key in holder:
        pdf.add_object(holder[key])
        holder[key] = holder[key].reference


def _compress(stream: pydyf.Stream) -> None:
    clear = pydyf.Stream(stream.stream).data
    stream.stream = [zlib.compress(clear[clear.index(b"stream\n") + 7 : -10], LEVEL)]
    stream.extra = stream.extra | {"Filter": "/FlateDecode"}
    stream.compress = False
