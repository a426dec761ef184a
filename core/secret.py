"""The signing secret of an installation, made once and kept in the data folder."""

import os
import secrets
from pathlib import Path


def load_or_create_secret(path: Path) -> str:
    """The text in `path`; a fresh one (file mode 0600) when the file is not there yet."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(fd, "w") as file:
        secret = secrets.token_urlsafe(64)
        file.write(secret)
    return secret
