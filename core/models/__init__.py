from core.models.audit import AuditEvent, AuditResult
from core.models.files import StoredFile
from core.models.jobs import Job, JobState, Schedule, WorkerBeat
from core.models.notifications import Channel, Delivery, Notification, NotificationSetting
from core.models.search import SearchEntry

__all__ = [
    "AuditEvent",
    "AuditResult",
    "Channel",
    "Delivery",
    "Job",
    "JobState",
    "Notification",
    "NotificationSetting",
    "Schedule",
    "SearchEntry",
    "StoredFile",
    "WorkerBeat",
]
