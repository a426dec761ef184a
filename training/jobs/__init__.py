"""What the clock does in training; each part in its own module."""

import training.jobs.needs  # noqa: F401 - declares its job
