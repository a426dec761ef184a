from core.models.audit import AuditEvent, AuditResult
from core.models.jobs import Job, JobState, Schedule, WorkerBeat

__all__ = ["AuditEvent", "AuditResult", "Job", "JobState", "Schedule", "WorkerBeat"]
