from core.models.audit import AuditEvent, AuditResult
from core.models.bulk import BulkChange, BulkChangeRow
from core.models.files import StoredFile
from core.models.jobs import Job, JobState, Schedule, WorkerBeat
from core.models.notifications import Channel, Delivery, Notification, NotificationSetting
from core.models.saved_views import DefaultView, SavedView
from core.models.search import SearchEntry

__all__ = [
    "AuditEvent",
    "AuditResult",
    "BulkChange",
    "BulkChangeRow",
    "Channel",
    "DefaultView",
    "Delivery",
    "Job",
    "JobState",
    "Notification",
    "NotificationSetting",
    "SavedView",
    "Schedule",
    "SearchEntry",
    "StoredFile",
    "WorkerBeat",
]
