"""Jobs of rotation; each part in its own module."""

import rotation.jobs.room  # noqa: F401
