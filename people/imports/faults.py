"""What an import has to say: faults refuse a row, warnings do not, FileRefused refuses the file."""

from dataclasses import asdict, dataclass

from core.errors import DomainError


@dataclass(frozen=True, slots=True)
class Fault:
    """One sentence at one cell. `code` is stable for machines; `message` is Chinese with the way out.

    `cell` is the address as Excel shows it ("R5"), `column` the heading as the file writes it.
    """

    sheet: str
    cell: str
    column: str
    code: str
    message: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


class FileRefused(DomainError):  # noqa: N818 - it is a refusal, as DomainError is
    """The file as a whole cannot be read or does not hold the table that was asked for."""

    def __init__(self, message: str, *, code: str, sheet: str = "", cell: str = "") -> None:
        super().__init__(message, field="file", code=code)
        self.sheet = sheet
        self.cell = cell

    def as_fault(self) -> Fault:
        return Fault(self.sheet, self.cell, "", self.code, self.message)
