from core.models.audit import AuditEvent, AuditResult
from core.models.files import StoredFile
from core.models.jobs import Job, JobState, Schedule, WorkerBeat
from core.models.notifications import Channel, Delivery, Notification, NotificationSetting

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
    "StoredFile",
    "WorkerBeat",
]
