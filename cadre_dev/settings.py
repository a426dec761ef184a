"""Settings: wiring only. Everything an office may change comes from the environment (docs/deploy.md)."""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from core.crypto.keyfile import load_keyring
from core.secret import load_or_create_secret

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# One folder holds everything an installation owns, so copies can run side by side.
DATA_DIR = Path(env.str("CADRE_DATA_DIR", str(BASE_DIR / "data"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
MEDIA_ROOT = DATA_DIR / "media"  # never served by URL: views check the reader first
MEDIA_ROOT.mkdir(exist_ok=True, mode=0o700)
FONT_DIR = DATA_DIR / "fonts"
BACKUP_DIR = env.str("CADRE_BACKUP_DIR", "")  # only looked at: how old is the newest file in it

DEBUG = env.bool("CADRE_DEBUG", False)
SECRET_KEY = load_or_create_secret(DATA_DIR / "secret_key")
ALLOWED_HOSTS = env.list("CADRE_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CADRE_TRUSTED_ORIGINS", default=[])
# The address under which people open the site, such as http://10.1.2.3:8000: QR codes lead there.
SITE_URL = env.str("CADRE_SITE_URL", "").rstrip("/")
# Password of signing/office.p12 in the data folder: the certificate that growth files are signed with.
SIGNING_PASSWORD = env.str("CADRE_SIGNING_PASSWORD", "")
ZONE_NAME = env.str("CADRE_ZONE_NAME", "示例经济开发区")

# Field encryption: keys live in a file beside the database, never inside it.
FIELD_KEYRING = load_keyring(Path(env.str("CADRE_KEYFILE", str(DATA_DIR / "keys.json"))))
FIELD_CIPHER = env.str("CADRE_CIPHER", "aes256gcm")  # or sm4gcm

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "rest_framework",
    "core",
    "people",
    "growth",
    "training",
    "wellbeing",
    "park",
    "rotation",
    "cadre_dev.help",
]

MIDDLEWARE = [
    "core.web.middleware.RequestContextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "people.middleware.ViewerMiddleware",
    "people.middleware.PasswordChangeMiddleware",
    "core.web.middleware.DomainErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "cadre_dev.urls"
WSGI_APPLICATION = "cadre_dev.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.web.context.shell",
            ],
            "builtins": ["core.templatetags.ui"],
        },
    },
]
FORM_RENDERER = "core.web.forms.Renderer"

SQLITE_OPTIONS = {
    # A write transaction takes the lock at its start: a deferred one can fail half-way (security.md 0.2).
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;PRAGMA secure_delete=ON;"
    ),
}
DATABASE_FILE = DATA_DIR / "cadre.sqlite3"
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATABASE_FILE}")}
if DATABASES["default"]["NAME"] == str(DATABASE_FILE):
    DATABASE_FILE.touch(mode=0o600)  # SQLite would make it readable for everyone on the machine
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.path("CADRE_STATIC_ROOT", default=str(DATA_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Only names that change with the content are served; maps are for debuggers, compressing them takes seconds.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("png", "map")
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Accounts
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "people.backends.AccountBackend",
]
PASSWORD_HASHERS = [
    "core.passwords.Argon2Small",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "core.passwords.CharacterClassesValidator"},
    {"NAME": "core.passwords.OwnNameValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = env.float("CADRE_LOCK_SECONDS", 900) / 3600
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # a colleague behind the same address stays free
AXES_CLIENT_IP_CALLABLE = "core.web.middleware.client_ip"
AXES_USERNAME_CALLABLE = "people.login.normalised_username"
AXES_LOCKOUT_CALLABLE = "people.login.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# Cookies and headers; CADRE_HTTPS=off is for a pilot without a certificate (docs/deploy.md)
HTTPS = env.bool("CADRE_HTTPS", False)
SESSION_COOKIE_AGE = 8 * 3600
IDLE_MINUTES = env.int("CADRE_IDLE_MINUTES", 30)  # the three administrators: at most 15
# 等保 asks for a new password every 90 days, ASVS for none: 0 (CADRE_PASSWORD_PROFILE=asvs).
PASSWORD_DAYS = 0 if env.str("CADRE_PASSWORD_PROFILE", "dengbao") == "asvs" else 90
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.bool("CADRE_BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if HTTPS else None
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "core.web.errors.csrf_failed"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    }
}

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": [],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "people.authentication.TokenAuthentication",
        "core.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["core.api.permissions.ViewerPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.parsers.StrictJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["core.api.filters.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "core.api.pagination.Pages",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.Schema",
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS would list choices and labels of fields one may not see
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,  # `?format=` would be one more way past the filters
    "EXCEPTION_HANDLER": "core.api.errors.handle",
}
REST_KNOX = {"TOKEN_TTL": timedelta(hours=8), "AUTO_REFRESH": False}  # as long as a session
SPECTACULAR_SETTINGS = {
    "TITLE": "干部发展与培训管理系统 API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["core.api.permissions.ViewerPermission"],
    # Choices stand where they are used: shared components would need a made-up name for every second list.
    "POSTPROCESSING_HOOKS": [],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django_tasks_db": {"level": "ERROR"}},  # a worker told to stop is no warning
    "root": {"handlers": ["console"], "level": "WARNING"},
}
