"""The real settings plus what a test run must own; warnings, sockets and order: pyproject.toml."""

import atexit
import os
import shutil
import tempfile

# Before the settings are read: they create keys and folders. Each xdist worker gets its own.
os.environ["CADRE_DATA_DIR"] = tempfile.mkdtemp(prefix="cadre-test-")
os.environ["CADRE_KEYFILE"] = os.environ["CADRE_DATA_DIR"] + "/keys.json"
atexit.register(shutil.rmtree, os.environ["CADRE_DATA_DIR"], ignore_errors=True)

from cadre_dev.settings import *  # noqa: E402, F403
from cadre_dev.settings import DATA_DIR, DATABASES, STORAGES  # noqa: E402

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file like in production, because memory databases lock differently; only durability is left out.
    options = DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

# Argon2 is slow on purpose; the login tests ask for the real hashers with the fixture `real_hashers`.
REAL_PASSWORD_HASHERS = PASSWORD_HASHERS  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Jobs run where they are started, unless a test asks for the database backend.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
# Files are served from their sources: no collectstatic, no manifest.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
(DATA_DIR / "static").mkdir(exist_ok=True)
