"""What the clock does in training; each part in its own module."""

import training.jobs.classes
import training.jobs.needs
import training.jobs.reminders
import training.jobs.study
import training.jobs.timetables  # noqa: F401 - each declares its jobs
