from core.models.audit import AuditEvent, AuditResult
from core.models.files import StoredFile
from core.models.jobs import Job, JobState, Schedule, WorkerBeat

__all__ = ["AuditEvent", "AuditResult", "Job", "JobState", "Schedule", "StoredFile", "WorkerBeat"]
