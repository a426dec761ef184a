"""Jobs of rotation; each part in its own module."""

import rotation.jobs.proposals
import rotation.jobs.room  # noqa: F401
