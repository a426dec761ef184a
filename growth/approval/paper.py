"""The form as PDF."""

from datetime import date

from django.template.loader import render_to_string

from core.pdf import Blob, PdfMetadata, PdfResult, render_pdf
from growth.approval.sheet import Proposal, approval_sheets
from people.lrmx import AppointmentForm

STYLESHEETS = ("growth/approval.css",)


def approval_pdf(form: AppointmentForm, *, on: date, proposal: Proposal | None = None) -> PdfResult:
    """Two pages; the same form gives the same bytes. Raises what core.pdf.render_pdf raises."""
    sheets = approval_sheets(form, on=on, proposal=proposal or Proposal())
    html = render_to_string("growth/file/approval.html", {"sheets": sheets, "form": form})
    metadata = PdfMetadata(f"{form.name}干部任免审批表", form.submitting_unit, "干部任免审批表", on)
    blobs = {"photo": Blob(form.photo)} if form.photo else {}
    return render_pdf(html, stylesheets=STYLESHEETS, blobs=blobs, metadata=metadata, archival=True)
