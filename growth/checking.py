"""The lines of the own file as the cadre checks them: what stands there, what was said of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from core.access import Viewer
from growth.contracts import Edition, Section, SectionContext, sections_for_many
from growth.evidence import Cited, Verdict, cited
from growth.models import CorrectionRequest, CorrectionState
from growth.queries import verdicts_of
from people.models import Cadre


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One line that can be confirmed. `request` is the correction asked for and not yet decided."""

    chapter: str
    cited: Cited
    verdict: Verdict
    request: CorrectionRequest | None = None

    @property
    def key(self) -> str:
        return self.cited.source.key

    @property
    def label(self) -> str:
        return self.cited.source.label

    @property
    def text(self) -> str:
        return self.cited.text

    @property
    def is_open(self) -> bool:
        return self.verdict == Verdict.NONE and self.request is None


def own_lines(cadre: Cadre, *, viewer: Viewer, only: Collection[str] | None = None) -> list[OwnLine]:
    """Every sourced line of the self edition as of the viewer's day; sums are left out, they follow.

    `only` names the sections wanted.
    """
    at_post = Cadre.objects.with_position(viewer.on).get(pk=cadre.pk)
    context = SectionContext(at_post, viewer.on, Edition.SELF, viewer)
    sections = sections_for_many([context], only)[cadre.pk]
    verdicts = verdicts_of([cadre.pk]).get(cadre.pk, {})
    waiting = CorrectionRequest.objects.filter(cadre=cadre, state=CorrectionState.OPEN)
    requests = {request.key: request for request in waiting}
    return [
        OwnLine(
            section.title,
            line,
            verdicts.get((line.source.key, line.digest), Verdict.NONE),
            requests.get(line.source.key),
        )
        for section in sections
        for line in confirmable([section])
    ]


def confirmable(sections: Sequence[Section]) -> list[Cited]:
    """Lines with words of their own; sums are left out, they follow."""
    return [line for line in cited(sections) if line.text and not line.source.parts]


@dataclass(frozen=True, slots=True)
class Completeness:
    """How far the file is checked and how much of it stands on evidence."""

    lines: int
    confirmed: int
    disputed: int

    @property
    def percent(self) -> int:
        return round(100 * self.confirmed / self.lines) if self.lines else 0


def checked(lines: Sequence[OwnLine]) -> Completeness:
    verdicts = [line.verdict for line in lines]
    return Completeness(len(lines), verdicts.count(Verdict.CONFIRMED), verdicts.count(Verdict.DISPUTED))
