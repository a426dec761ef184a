"""From records to snapshots: a constant number of queries for any number of cadres."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from core.access import Viewer
from growth.contracts import Edition, Section, SectionContext, sections_for, sections_for_many
from growth.evidence import Known, Verdict, cited, evidence_of
from growth.models import LineVerdict
from growth.snapshot import Identity, Snapshot
from growth.summary import without_hidden_lines
from growth.trails import trails_of
from people.models import Cadre
from people.services.photos import read_photo

BATCH = 50  # cadres read together: bounds memory, keeps queries few
_MARKS = {Edition.SELF: "本", Edition.LEADER: "领", Edition.ARCHIVE: "归"}


def snapshot_of(cadre: Cadre, *, edition: Edition, as_of: date, viewer: Viewer | None = None) -> Snapshot:
    return next(snapshots_of([cadre.pk], edition=edition, as_of=as_of, viewer=viewer))


def shown_of(cadre: Cadre, *, edition: Edition, as_of: date, viewer: Viewer | None = None) -> Snapshot:
    """What the file would say, without the evidence behind it: to compare with. `cadre` has the position
    of the day (`with_position`)."""
    context = SectionContext(cadre, as_of, edition, viewer)
    return without_hidden_lines(_snapshot(context, sections_for(context)))


def snapshots_of(
    cadre_ids: Sequence[int], *, edition: Edition, as_of: date, viewer: Viewer | None = None
) -> Iterator[Snapshot]:
    """Snapshots in the order of the ids, read in batches as they are asked for.

    The caller has checked that the reader may have this edition of these cadres.
    """
    for ids in _batches(cadre_ids):
        cadres = _with_positions(ids, as_of)
        contexts = [SectionContext(cadre, as_of, edition, viewer) for cadre in cadres]
        sections = sections_for_many(contexts)
        known = known_of(sections)
        for context in contexts:
            shown = without_hidden_lines(_snapshot(context, sections[context.cadre.pk]))
            yield replace(shown, evidence=evidence_of(shown.sections, known[context.cadre.pk]))


def known_of(sections: Mapping[int, Sequence[Section]]) -> dict[int, Known]:
    """What the database knows of the evidence of these cadres, by cadre id; a constant number of queries."""
    lines = {pk: cited(of_cadre) for pk, of_cadre in sections.items()}
    trails = trails_of(line.source.key for found in lines.values() for line in found)
    verdicts = verdicts_of(list(sections))
    return {pk: Known(trails, verdicts.get(pk, {})) for pk in sections}


def verdicts_of(cadre_ids: Sequence[int]) -> dict[int, dict[tuple[str, str], Verdict]]:
    """What each cadre said of which line, by cadre id."""
    found: dict[int, dict[tuple[str, str], Verdict]] = defaultdict(dict)
    rows = LineVerdict.objects.filter(cadre__in=cadre_ids).order_by("at")
    for pk, key, digest, verdict in rows.values_list("cadre", "key", "line_digest", "verdict"):
        found[pk][key, digest] = Verdict(verdict)
    return found


def file_number(cadre: Cadre, edition: Edition, as_of: date) -> str:
    """The same for the same person, day and edition, so that equal data gives equal bytes."""
    return f"CZ-{cadre.staff_no or f'{cadre.pk:06d}'}-{as_of:%Y%m%d}-{_MARKS[edition]}"


def cadres_of(cadres: "QuerySet[Cadre]") -> list[int]:
    """Ids in roster order."""
    return list(cadres.order_by("display_order", "name_pinyin", "pk").values_list("pk", flat=True))


def _with_positions(ids: Sequence[int], as_of: date) -> list[Cadre]:
    found = {cadre.pk: cadre for cadre in Cadre.objects.with_position(as_of).filter(pk__in=ids)}
    return [found[pk] for pk in ids if pk in found]


def _snapshot(context: SectionContext, sections: tuple[Section, ...]) -> Snapshot:
    cadre = context.cadre
    return Snapshot(
        zone=settings.ZONE_NAME,
        number=file_number(cadre, context.edition, context.as_of),
        edition=context.edition,
        as_of=context.as_of,
        identity=Identity(
            name=cadre.name,
            staff_no=cadre.staff_no or "",
            unit=cadre.unit_name or "",  # type: ignore[attr-defined]
            post=cadre.post_title or "",  # type: ignore[attr-defined]
        ),
        sections=sections,
        photo=read_photo(cadre),
        cadre_id=cadre.pk,
        verify_at=f"{settings.SITE_URL}{reverse('growth:verify')}" if settings.SITE_URL else "",
    )


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    remaining = iter(ids)
    while batch := list(islice(remaining, BATCH)):
        yield batch
