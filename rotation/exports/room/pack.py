"""会议材料: everything for the meeting as one PDF with bookmarks, or file by file in a ZIP.

Each copy is made for one reader: their name and the moment stand on every page, and every growth file in it
is a reading on the log.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from core.access import Viewer
from core.errors import DomainError
from core.pdf import PdfMetadata, PdfResult, render_pdf
from core.pdf.book import Paper, bind
from core.pdf.stamp import stamp
from growth.approval import approval_docx, approval_pdf, approval_sheets
from growth.approval.sheet import Proposal
from growth.models import GrowthFile, GrowthReading, ReadingWay
from growth.services import clear_copy, mark_of, read_growth_file
from growth.signing import sign
from people.imports.lrmx_export import form_of
from people.lrmx import AppointmentForm, write_lrmx
from people.models import Cadre
from rotation.exports.room.comparison import STYLE, comparison_pdf, comparison_xlsx
from rotation.models import Case, CaseFile, Move
from rotation.queries.room.cases import candidates_of, speakers_of
from rotation.queries.room.comparison import Comparison, comparison_of

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Dossier:
    """One candidate's papers."""

    cadre: Cadre
    moves: tuple[Move, ...]
    file: GrowthFile
    form: AppointmentForm
    proposal: Proposal

    @property
    def name(self) -> str:
        return f"{self.cadre.name}_{self.cadre.staff_no or self.cadre.pk}"


def agenda_pdf(case: Case, comparison: Comparison) -> PdfResult:
    context = {
        "case": case,
        "meeting_on": case.plan.meeting_on,
        "people": comparison.people,
        "speakers": speakers_of(case),
    }
    html = render_to_string("rotation/papers/agenda.html", context)
    metadata = PdfMetadata(f"会议议程（{case.number}）", settings.ZONE_NAME, "会议议程", comparison.on)
    return render_pdf(html, stylesheets=[STYLE], metadata=metadata)


def dossiers_of(case: Case, by: Viewer) -> list[Dossier]:
    """In the order of strokes; refused as a whole where one file is missing or may not be read."""
    moves: dict[int, list[Move]] = {}
    for candidate in candidates_of(case):
        moves.setdefault(candidate.move.cadre_id, []).append(candidate.move)
    shown = {row.cadre_id: row.file_id for row in CaseFile.objects.visible_to(by).filter(case=case)}
    readable = GrowthFile.objects.visible_to(by).select_related("cadre").in_bulk(list(shown.values()))
    return [_dossier(rows, readable.get(shown.get(pk, 0)), by) for pk, rows in moves.items()]


def _dossier(moves: list[Move], file: GrowthFile | None, by: Viewer) -> Dossier:
    cadre = moves[0].cadre
    if file is None:
        message = f"{cadre}的上会档案还没有准备，或您没有阅档授权；请联系承办人。"
        raise DomainError(message, code="no_file")
    form, proposal = form_of(cadre, on=by.on), proposal_of(moves)
    return Dossier(cadre, tuple(moves), file, form, proposal)


def proposal_of(moves: list[Move]) -> Proposal:
    """拟任、拟免 and 理由 as the 任免审批表 has them; several variants stand one after the other."""
    first = moves[0]
    to = "；".join(dict.fromkeys(str(move.to_post) for move in moves if move.to_post))
    reasons = "；".join(dict.fromkeys(str(move.reason) for move in moves if move.reason))
    return Proposal(proposed=to, removed=first.from_text, reason=reasons)


def pack_pdf(case: Case, *, by: Viewer, at: datetime, progress: Progress) -> bytes:
    comparison, dossiers = comparison_of(case, on=by.on), dossiers_of(case, by)
    papers: list[Paper] = [
        ("会议议程", agenda_pdf(case, comparison).data),
        ("干部比选一览表", comparison_pdf(case, comparison).data),
    ]
    reading: GrowthReading | None = None
    for number, dossier in enumerate(dossiers, start=1):
        data, reading = clear_copy(file=dossier.file, by=by, at=at)
        form = approval_pdf(dossier.form, on=by.on, proposal=dossier.proposal).data
        papers.append((dossier.cadre.name, [("成长档案", data), ("任免审批表", form)]))
        progress(number, len(dossiers), f"已合订：{dossier.cadre.name}")
    mark = mark_of(by, at, reading) if reading else f"{by.name}　{timezone.localtime(at):%Y-%m-%d %H:%M}"
    book = bind(papers, title=f"会议材料（{case.number}）")
    return sign(stamp(book, mark), reason=f"会议材料 {case.number}，由{by.name}取得")


def pack_zip(case: Case, *, by: Viewer, at: datetime, progress: Progress) -> bytes:
    """For the office: workbook, papers, and each person's form to go on with in other programs."""
    comparison, dossiers = comparison_of(case, on=by.on), dossiers_of(case, by)
    output = BytesIO()
    with ZipFile(output, "w", ZIP_STORED) as archive:
        for name, data in _common(case, comparison, by, at):
            archive.writestr(ZipInfo(name), data)
        for number, dossier in enumerate(dossiers, start=1):
            for name, data in _of_person(dossier, by, at):
                archive.writestr(ZipInfo(name), data)
            progress(number, len(dossiers), f"已打包：{dossier.cadre.name}")
    return output.getvalue()


def _common(case: Case, comparison: Comparison, by: Viewer, at: datetime) -> Iterator[tuple[str, bytes]]:
    mark = f"{by.name}　{timezone.localtime(at):%Y-%m-%d %H:%M}"
    yield "会议议程.pdf", stamp(agenda_pdf(case, comparison).data, mark)
    yield "干部比选一览表.pdf", stamp(comparison_pdf(case, comparison).data, mark)
    yield "干部比选一览表.xlsx", comparison_xlsx(case, comparison, by=by.name, at=at)


def _of_person(dossier: Dossier, by: Viewer, at: datetime) -> Iterator[tuple[str, bytes]]:
    form, proposal, on = dossier.form, dossier.proposal, by.on
    filled = replace(
        form, proposed_post=proposal.proposed, removed_post=proposal.removed, reason=proposal.reason
    )
    mark = f"{by.name}　{timezone.localtime(at):%Y-%m-%d %H:%M}"
    folder = f"{dossier.name}/{dossier.cadre.name}"
    yield f"{folder}_成长档案.pdf", read_growth_file(file=dossier.file, by=by, at=at, way=ReadingWay.BATCH)
    yield f"{folder}_任免审批表.pdf", stamp(approval_pdf(form, on=on, proposal=proposal).data, mark)
    yield f"{folder}_任免审批表.docx", approval_docx(form, approval_sheets(form, on=on, proposal=proposal))
    yield f"{folder}.lrmx", write_lrmx(filled)
