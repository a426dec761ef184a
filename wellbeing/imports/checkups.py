"""体检名单: the institution's list of who went and who needs a recheck. It may say nothing else.

A file with any other column is refused as a whole, before one cell of it is read: 体检结论不得导入.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.access import Viewer
from core.audit import Entry, record_many
from core.choices import AuditAction
from core.errors import DomainError
from people.imports.dates import BadValue
from people.imports.faults import FileRefused
from people.imports.headers import Column, Layout, find_tables, words
from people.imports.persons import KnownPeople, Person
from people.imports.reading import Findings, RowReader
from people.imports.report import FieldChange, Outcome, Report, RowReport, report_of
from people.imports.service import register
from people.imports.tables import data_rows
from people.imports.text import one_line
from people.imports.values import as_text, read_staff_no, read_text
from people.imports.workbook import CellValue, Workbook, open_workbook
from people.imports.writer import Writer
from people.models import Cadre
from wellbeing.choices.checkups import CampaignState, CheckupState
from wellbeing.models import CheckupCampaign, CheckupMember
from wellbeing.services.checkups.members import EDIT, RESULTS, result_values

CHECKUPS = Layout(
    title="体检名单",
    columns=(
        Column("campaign", "体检批次", tuple(words("体检批次 体检名称 批次 体检安排"))),
        Column("name", "姓名", tuple(words("姓名 干部姓名 体检人 受检人 人员姓名"))),
        Column("staff_no", "工号", tuple(words("工号 人员编号 职工编号 员工编号"))),
        Column("unit", "部门", tuple(words("部门 单位 所在部门 工作单位 所在单位"))),
        Column(
            "done", "是否已检", tuple(words("是否已检 已检 是否体检 是否到检 到检情况 体检情况 是否参检"))
        ),
        Column("recheck", "是否需复查", tuple(words("是否需复查 需复查 复查 是否复查 需要复查"))),
    ),
    required=(("name", "staff_no"), ("done",)),
    anchors=("name", "staff_no"),
    ignored=tuple(words("序号 序 性别 年龄 备注序号")),
)
YES = frozenset(words("是 已检 已到检 已体检 到检 参检 √ ✓ 有 需 需要 需复查 1 Y y"))
NO = frozenset(words("否 未检 未到检 未体检 未参检 × ✗ 无 不需 不需要 不需复查 无需复查 0 N n"))


@dataclass(slots=True)
class CheckupRow:
    reader: RowReader
    member: CheckupMember | None = None
    person: Person | None = None
    result: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def different(self) -> dict[str, Any]:
        return {name: v for name, v in self.values.items() if getattr(self.member, name) != v}

    @property
    def outcome(self) -> Outcome:
        if self.reader.refused or self.member is None or not self.result:
            return Outcome.REFUSED
        return Outcome.CHANGED if self.different else Outcome.UNCHANGED

    def report(self) -> RowReport:
        row, member = self.reader.row, self.member
        changes: tuple[FieldChange, ...] = ()
        if self.outcome is Outcome.CHANGED and member:
            changes = (FieldChange("体检", str(member.get_state_display()), RESULTS[self.result]),)
        who, what = (self.person.label if self.person else "", str(member.campaign) if member else "")
        faults = tuple(self.reader.faults)
        return RowReport(row.table.sheet.name, row.number, who, what, self.outcome, changes, faults)


@dataclass
class CheckupPlan:
    book: Workbook
    rows: list[CheckupRow]
    findings: Findings

    def report(self) -> Report:
        report = report_of(self.book, "checkups", [row.report() for row in self.rows], self.findings)
        report.summary = {"people": len(self.rows)}
        return report

    def write(self, writer: Writer, *, by: Viewer | None) -> None:
        """Expects a plan without faults, made in the same transaction."""
        changed = [row for row in self.rows if row.outcome is Outcome.CHANGED and row.member]
        entries = _entries(changed, by)
        writer.update((row.member, row.different) for row in changed if row.member)
        record_many(entries)


def _entries(rows: list[CheckupRow], by: Viewer | None) -> list[Entry]:
    """One event per campaign: for how many, not for whom."""
    counts: dict[CheckupCampaign, int] = {}
    for row in rows:
        if row.member:
            counts[row.member.campaign] = counts.get(row.member.campaign, 0) + 1
    return [
        Entry(
            action=AuditAction.CHECKUP_CHANGED,
            by=by,
            subject=campaign,
            label=f"{campaign}：导入结果 {count} 人",
        )
        for campaign, count in counts.items()
    ]


@register("checkups", title="体检名单", suffixes=(".xlsx", ".xls", ".csv"), layout=CHECKUPS)
def checkup_file(
    data: bytes, filename: str, *, by: Viewer | None, on: date, create_units: bool
) -> CheckupPlan:
    """`create_units` means nothing here: the list names people, not units."""
    return plan_checkups(open_workbook(data, filename), by=by, on=on)


def plan_checkups(book: Workbook, *, by: Viewer | None, on: date) -> CheckupPlan:
    """Reads the whole file and compares it with the database; writes nothing."""
    refuse_findings(book)
    findings = Findings()
    rows = data_rows(book, CHECKUPS, findings)
    planner = _Planner.of(by, on)
    read = [planner.read(RowReader(row, findings, on=on, epoch_1904=book.epoch_1904)) for row in rows]
    return CheckupPlan(book, read, findings)


def refuse_findings(book: Workbook) -> None:
    """Whatever is neither read nor known to be harmless could be a finding."""
    for table in find_tables(book, CHECKUPS):
        for heading in table.unknown:
            message = (
                f"“{one_line(heading.text)[:20]}”列不能导入：体检结论不得导入，系统只登记是否已检、是否需复查。"
                "请删除这一列后重新选择文件。"
            )
            raise FileRefused(message, code="findings", sheet=table.sheet.name, cell=heading.cell)


@dataclass
class _Planner:
    known: KnownPeople
    campaigns: dict[str, CheckupCampaign]
    members: dict[tuple[int, int], CheckupMember]
    by: Viewer | None
    reach: set[int] | None
    seen: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, by: Viewer | None, on: date) -> "_Planner":
        open_ones = CheckupCampaign.objects.filter(state__in=[CampaignState.RUNNING, CampaignState.ENDED])
        running = {row.title: row for row in open_ones.order_by("-year", "-pk")}
        lines = CheckupMember.objects.filter(campaign__in=list(running.values()))
        members = {(m.campaign_id, m.cadre_id): m for m in lines.select_related("campaign", "cadre")}
        return cls(_known_people(on), running, members, by, _reach(by))

    def read(self, reader: RowReader) -> CheckupRow:
        found = CheckupRow(reader)
        campaign = self._campaign(reader)
        found.person = self._person(reader)
        found.result = self._result(reader)
        if campaign and found.person and found.result and not reader.refused:
            self._match(found, campaign)
        return found

    def _campaign(self, reader: RowReader) -> CheckupCampaign | None:
        """The one named, or the one that is running: a list seldom says which it is."""
        title = reader.get("campaign", read_text, longest=80) if reader.has("campaign") else None
        running = [row for row in self.campaigns.values() if row.state == CampaignState.RUNNING]
        if title:
            found = self.campaigns.get(title)
            if found is None:
                titles = "、".join(list(self.campaigns)[:5]) or "没有"
                message = f"没有进行中或已结束的体检“{title}”；系统中有：{titles}。"
                reader.fault("campaign", "unknown_campaign", message)
            return found
        if len(running) == 1:
            return running[0]
        message = "进行中的体检不止一次，或一次也没有；请加一列“体检批次”，填系统中的体检名称。"
        reader.fault("campaign", "which_campaign", message)
        return None

    def _person(self, reader: RowReader) -> Person | None:
        number = reader.get("staff_no", read_staff_no) if reader.has("staff_no") else None
        name = reader.get("name", read_text, longest=60) if reader.has("name") else None
        unit = reader.get("unit", read_text, longest=100) if reader.has("unit") else None
        if not number and not name:
            if not reader.refused:
                reader.fault("name", "missing_name", "这一行没有姓名或工号；请补上。")
            return None
        try:
            return (
                self.known.by_number(number, name or "")
                if number
                else self.known.find(name or "", unit or "")
            )
        except BadValue as bad:
            reader.fault("staff_no" if number else "name", bad.code, bad.message)
            return None

    def _result(self, reader: RowReader) -> str:
        done = reader.get("done", read_yes_no, marks=False)
        recheck = reader.get("recheck", read_yes_no, marks=False) if reader.has("recheck") else False
        if done is None:
            if not reader.refused:
                reader.fault("done", "missing_result", "这一行没有填是否已检；请填“是”或“否”。")
            return ""
        if recheck and not done:
            reader.fault("recheck", "recheck_without", "未检的不能填需复查；请核对这一行。")
            return ""
        if not done:
            return "missed"
        return "recheck" if recheck else "done"

    def _match(self, found: CheckupRow, campaign: CheckupCampaign) -> None:
        person, reader = found.person, found.reader
        assert person is not None
        if person.pk in self.seen:
            message = f"{person.name} 在第 {self.seen[person.pk]} 行已有一行；请只留一行。"
            reader.fault("name", "twice", message)
        self.seen.setdefault(person.pk, reader.row.number)
        if self.by and self.by.cadre_id == person.pk:
            reader.fault("name", "own_record", "不能登记本人的体检，请由其他经办人导入。")
        elif self.reach is not None and person.pk not in self.reach:
            reader.fault("name", "out_of_scope", f"{person.name} 不在您的管辖范围内。")
        found.member = self.members.get((campaign.pk, person.pk))
        if found.member is None:
            reader.fault("name", "not_listed", f"{person.name} 不在“{campaign}”的名单中；请先补入。")
        elif not reader.refused:
            self._values(found, found.member)

    def _values(self, found: CheckupRow, member: CheckupMember) -> None:
        """A list says 已检 again after the recheck was done: that is kept."""
        if found.result == "done" and member.state == CheckupState.DONE and member.recheck_done:
            found.result = "recheck"
        try:
            found.values = result_values(member, found.result)
        except DomainError as refusal:
            found.reader.fault("name", refusal.code or "refused", refusal.message)


def _known_people(on: date) -> KnownPeople:
    cadres: Any = Cadre.objects.with_position(on).only("name", "staff_no")
    return KnownPeople.of(Person(c.pk, c.name, c.staff_no or "", c.unit_name or "") for c in cadres)


def _reach(by: Viewer | None) -> set[int] | None:
    """Cadres whose checkup the importer may enter; None for everyone."""
    if by is None or by.sees_all(EDIT):
        return None
    return set(Cadre.objects.visible_to(by, EDIT).values_list("pk", flat=True))


def read_yes_no(value: CellValue) -> bool | None:
    """Only yes or no; what else stands in the cell is not repeated in the message, it might be a finding."""
    text = as_text(value).strip()
    if not text:
        return None
    if text in YES or text in NO:
        return text in YES
    raise BadValue("not_yes_no", "这一格只能填“是”或“否”；体检结论不得导入，请改正后再导入。")
