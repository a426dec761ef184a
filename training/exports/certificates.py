"""Certificates as PDF: A4 across, one page each, with a code by which the paper can be verified."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.charts import qr_svg
from core.pdf import PdfMetadata, PdfResult, render_pdf
from core.templatetags.ui import cn_date
from training.hours import plain
from training.models import Certificate

STYLE = "training/certificate.css"
DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Paper:
    """What one certificate says, and where it is verified."""

    number: str
    code: str
    holder: str
    class_name: str
    span: str
    hours: str
    issued: str
    qr: SafeString
    withdrawn: bool


def code_in_groups(code: str) -> str:
    """ABCD-EFGH-JKMN, as it is read and typed."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def certificates_pdf(certificates: Sequence[Certificate], *, verify_url: str, zone: str) -> PdfResult:
    """One page for each; `verify_url` is the absolute address of the verification page."""
    papers = [_paper(one, verify_url) for one in certificates]
    html = render_to_string("training/certificates/paper.html", {"papers": papers, "zone": zone})
    first = certificates[0]
    title = f"结业证书 {first.number}" if len(papers) == 1 else f"{first.class_name} 结业证书"
    metadata = PdfMetadata(
        title=title, author=zone, subject="结业证书", keywords=("结业证书",), as_of=first.issued_on
    )
    return render_pdf(html, stylesheets=[STYLE], metadata=metadata)


def _paper(found: Certificate, verify_url: str) -> Paper:
    return Paper(
        number=found.number,
        code=code_in_groups(found.code),
        holder=found.holder,
        class_name=found.class_name,
        span=_span(found),
        hours=plain(found.hours),
        issued=_in_characters(found),
        qr=qr_svg(f"{verify_url}?code={found.code}", title="核验二维码", border=0),
        withdrawn=found.withdrawn_at is not None,
    )


def _span(found: Certificate) -> str:
    if found.starts_on == found.ends_on:
        return f"于{cn_date(found.starts_on)}"
    return f"于{cn_date(found.starts_on)}至{cn_date(found.ends_on)}"


def _in_characters(found: Certificate) -> str:
    """二〇二六年十一月二日: the date of an official paper."""
    day = found.issued_on
    year = "".join(DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{_under_hundred(day.month)}月{_under_hundred(day.day)}日"


def _under_hundred(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{DIGITS[tens]}十")
    return head + (DIGITS[ones] if ones or not tens else "")
