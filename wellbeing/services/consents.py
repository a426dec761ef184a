"""The separate consents of a cadre: each to one purpose, in the words of one version, until withdrawn."""

from datetime import datetime

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import save_validated
from people.models import Cadre
from wellbeing.choices.privacy import ConsentPurpose
from wellbeing.models import Consent
from wellbeing.purposes import consent_version


@transaction.atomic
def give_consent(*, purpose: ConsentPurpose, by: Viewer, at: datetime) -> Consent:
    """To the present text; a consent to an earlier one ends here, and stays as evidence."""
    cadre, version = own_cadre(by), consent_version(purpose)
    earlier = Consent.objects.in_force().filter(cadre=cadre, purpose=purpose, text_version__lt=version)
    earlier.update(withdrawn_at=at)
    consent = Consent(cadre=cadre, purpose=purpose, text_version=version, given_at=at)
    save_validated(consent)
    _record(consent, by, f"同意第 {version} 版", at)
    return consent


@transaction.atomic
def withdraw_consent(*, purpose: ConsentPurpose, by: Viewer, at: datetime) -> None:
    mine = Consent.objects.in_force().filter(cadre=own_cadre(by), purpose=purpose)
    consent = mine.first()
    if consent is None:
        raise DomainError("您没有同意过这一项，不用撤回。", code="no_consent")
    mine.update(withdrawn_at=at)
    _record(consent, by, "撤回", at)


def has_consented(cadre_id: int, purpose: ConsentPurpose) -> bool:
    """Whether the cadre has agreed to the present text and not taken it back."""
    rows = Consent.objects.in_force().filter(cadre_id=cadre_id, purpose=purpose)
    return bool(rows.filter(text_version=consent_version(purpose)).exists())


def own_cadre(by: Viewer) -> Cadre:
    if by.cadre_id is None or not by.on_own_record(Permission.OWN_TALK):
        raise DomainError("只有关联了干部档案的本人能办理。", code="not_allowed")
    return Cadre.objects.get(pk=by.cadre_id)


def _record(consent: Consent, by: Viewer, what: str, at: datetime) -> None:
    record(action=AuditAction.PRIVACY_CHANGED, by=by, subject=consent, label=f"{consent}：{what}", at=at)
