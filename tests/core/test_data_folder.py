"""What an installation owns is readable by its own account alone, even in a folder that others may enter."""

import os
import subprocess
import sys
from pathlib import Path


def test_database_keys_and_media_are_closed_to_others(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    kept = {"DATABASE_URL", "CADRE_KEYFILE", "DJANGO_SETTINGS_MODULE"}
    environment = {name: value for name, value in os.environ.items() if name not in kept}
    subprocess.run(
        [sys.executable, "-c", "import cadre_dev.settings"],
        check=True,
        env=environment | {"CADRE_DATA_DIR": str(tmp_path)},
        cwd=Path(__file__).parents[2],
    )
    modes = {entry.name: oct(entry.stat().st_mode & 0o777) for entry in tmp_path.iterdir()}
    assert modes == {"cadre.sqlite3": "0o600", "keys.json": "0o600", "secret_key": "0o600", "media": "0o700"}
