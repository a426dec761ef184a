"""What the job pages show beyond the row itself."""

from datetime import datetime, timedelta

from core.jobs.registry import REGISTRY
from core.models import Job
from core.models.jobs import JobState, WorkerBeat

SILENCE = timedelta(seconds=60)  # a worker that has not been heard of for so long counts as dead

LIGHTS = {
    JobState.WAITING: "grey",
    JobState.RUNNING: "blue",
    JobState.DONE: "green",
    JobState.PARTIAL: "yellow",
    JobState.FAILED: "red",
    JobState.CANCELLED: "grey",
}


def light_of(job: Job) -> tuple[str, str]:
    """Colour and words of the state."""
    return LIGHTS[JobState(job.state)], job.get_state_display()


def remaining(job: Job, now: datetime) -> str:
    """How much longer at the present pace, in words; empty while nothing can be said."""
    if job.state != JobState.RUNNING or not job.started_at or not 0 < job.done < job.total:
        return ""
    seconds = (now - job.started_at).total_seconds() / job.done * (job.total - job.done)
    return f"约剩 {seconds:.0f} 秒" if seconds < 90 else f"约剩 {seconds / 60:.0f} 分钟"


def can_retry(job: Job) -> bool:
    """Whether some of its items failed and can be tried again by themselves."""
    spec = REGISTRY.get(job.key)
    return bool(job.finished and spec and spec.retry_param and any(item["ref"] for item in job.failures))


def is_resumable(job: Job) -> bool:
    spec = REGISTRY.get(job.key)
    return bool(spec and spec.resumable)


def can_resume(job: Job) -> bool:
    """Whether the job was paused and goes on from what it has made."""
    return job.state == JobState.CANCELLED and is_resumable(job)


def worker_alive(now: datetime) -> bool:
    return WorkerBeat.objects.filter(at__gte=now - SILENCE).exists()
