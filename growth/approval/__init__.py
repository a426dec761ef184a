"""The 干部任免审批表 as PDF and as Word, in the geometry of the form of 2025 (domain.md 3.7)."""

from growth.approval.paper import approval_pdf
from growth.approval.sheet import approval_sheets
from growth.approval.word import approval_docx

__all__ = ["approval_docx", "approval_pdf", "approval_sheets"]
