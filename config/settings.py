"""Settings of the project; what an operator may change comes from the environment (config/env.py)."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
env.load_files(BASE_DIR)

DEBUG = env.boolean("DEBUG", True)
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "data"))).resolve()
SECRET_KEY = env.secret_key("SECRET_KEY", debug=DEBUG, private_file=DATA_DIR / "secret_key")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", "testserver"] if DEBUG else [])

INSTALLED_APPS = [
    "config.admin.MosaiteAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "rest_framework",
    "rest_framework_simplejwt.token_blacklist",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "apps.common",
    "apps.audit",
    "apps.config",
    "apps.companies",
    "apps.users",
    "apps.accounts",
    "apps.trans",
    "apps.books",
    "apps.dash",
    "apps.llm",
    "apps.chat",
    "apps.exercises",
    "apps.recurring",
    "apps.attachments",
    "apps.consultor",
    "apps.transfer",
    "apps.daily",
]

MIDDLEWARE = [
    "config.middleware.RequestIdMiddleware",
    "config.health.ProbesMiddleware",
    "config.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "config.middleware.BodyLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "apps.config.middleware.SystemModeMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database ---------------------------------------------------------------------------------

# FULL: a posting that was answered survives a power cut. recursive_triggers: without it an
# INSERT OR REPLACE deletes the old row behind the back of the guards. cache_size (KB): each thread keeps a connection,
# and the system has the file in its own cache; SQLite's 2 MB each made no request cheaper.
_SQLITE_INIT = (
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA recursive_triggers=ON;"
    "PRAGMA temp_store=MEMORY;"
    "PRAGMA cache_size=-512;"
)
_AWAY_AFTER_S = 2


def _database(url: str) -> dict[str, Any]:
    """Return Django's description of the database at `url`."""
    parsed: dict[str, Any] = dict(dj_database_url.parse(url))
    options: dict[str, Any] = parsed.setdefault("OPTIONS", {})
    if parsed["ENGINE"].endswith("sqlite3"):
        # IMMEDIATE: a writer waits for its turn at BEGIN instead of failing in mid-transaction.
        options |= {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": _SQLITE_INIT}
        parsed["CONN_MAX_AGE"] = None  # opening costs 1 ms; the server's threads keep theirs (config/asgi.py)
        return parsed
    parsed["ENGINE"] = "apps.common.postgresql"
    # A server that is away is answered with 503 after these two seconds, wherever it is missed.
    options |= {"connect_timeout": _AWAY_AFTER_S}
    pool_max = env.integer("DATABASE_POOL_MAX", 16, minimum=0, maximum=500)
    if pool_max:
        options |= {"pool": {"min_size": 0, "max_size": pool_max, "timeout": _AWAY_AFTER_S}}
    return parsed


DATA_DIR.mkdir(parents=True, exist_ok=True)
DATABASE_URL = env.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'mosaite.sqlite3'}")
DATABASES = {"default": _database(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Wherever psycopg is installed DRF imports it, by way of these fields: 9 MB and 0.3 s that SQLite
    # has no use for. None makes the import fail, which DRF reads as "no PostgreSQL here".
    sys.modules.setdefault("django.contrib.postgres.fields", None)  # type: ignore[arg-type]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache: on disk by default (kept over restarts, shared by processes), Redis where there is one --

REDIS_URL = env.text("REDIS_URL")
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "apps.common.caches.SharedRedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "apps.common.caches.SharedDiskCache", "LOCATION": str(DATA_DIR / "cache"), "SHARDS": 1}
}

# --- Users and tokens ---------------------------------------------------------------------------

AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["apps.users.backends.EmailBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "apps.users.validators.CommonestPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    # OWASP's minimum for argon2id; 36 ms here against 319 with Django's default parameters.
    "apps.users.hashers.LeanArgon2PasswordHasher",
    # The first Mosaite's hashes keep working and are upgraded at login.
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

ACCESS_TOKEN_MINUTES = env.integer("ACCESS_TOKEN_MINUTES", 60, minimum=1, maximum=24 * 60)
REFRESH_TOKEN_DAYS = env.integer("REFRESH_TOKEN_DAYS", 7, minimum=1, maximum=365)
REFRESH_GRACE_S = env.integer("REFRESH_GRACE_S", 10, minimum=0, maximum=60)
# How simplejwt makes and reads the tokens that apps/users/tokens.py makes and reads.
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=ACCESS_TOKEN_MINUTES),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=REFRESH_TOKEN_DAYS),
    "USER_ID_FIELD": "user_id",
    "USER_ID_CLAIM": "user_id",
    "UPDATE_LAST_LOGIN": False,
    # A token carries a digest of the password hash it was issued under: a changed password ends it.
    "CHECK_REVOKE_TOKEN": True,
    "REVOKE_TOKEN_CLAIM": "pwd",
}

# Failed logins allowed in a minute, for one account and for one address.
LOGIN_FAILURES_PER_ACCOUNT = env.integer("LOGIN_FAILURES_PER_ACCOUNT", 10, minimum=1, maximum=10_000)
LOGIN_FAILURES_PER_ADDRESS = env.integer("LOGIN_FAILURES_PER_ADDRESS", 60, minimum=1, maximum=100_000)
# How many trusted proxies stand before us; 0 means X-Forwarded-For is not believed at all.
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0, minimum=0, maximum=10)

# --- API ----------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.users.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": [
        "apps.common.parsers.StrictJSONParser",
        "rest_framework.parsers.FormParser",
        "apps.common.parsers.StrictMultiPartParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "apps.common.pagination.HeaderPagination",
    "DEFAULT_FILTER_BACKENDS": ["apps.common.filters.StrictFilterBackend", "apps.common.filters.StrictOrderingFilter"],
    "DEFAULT_METADATA_CLASS": None,  # the OpenAPI document tells more than OPTIONS would
    "EXCEPTION_HANDLER": "config.errors.exception_handler",
    "NUM_PROXIES": TRUSTED_PROXIES,
    "PAGE_SIZE": 100,
    "URL_FORMAT_OVERRIDE": None,  # an answer's format is asked for by Accept alone
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "DEFAULT_GENERATOR_CLASS": "config.schema.MosaiteSchemaGenerator",
    "TITLE": "Mosaite",
    "DESCRIPTION": "Libros de partida doble para aulas y pequeñas empresas.",
    "VERSION": "0.1.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/",
    "ENUM_NAME_OVERRIDES": {
        "RoleEnum": "apps.config.roles.Role",
        "UserStatusEnum": "apps.users.models.UserStatus",
        "TransactionStatusEnum": "apps.trans.models.TransactionStatus",
        "PeriodStatusEnum": "apps.companies.models.PeriodStatus",
        "PeriodKindEnum": "apps.companies.models.PeriodKind",
        "CompanyKindEnum": "apps.companies.models.CompanyKind",
        "AccountKindEnum": "apps.accounts.models.AccountKind",
        "ConsultorOriginEnum": "apps.consultor.models.Origin",
        "BookStatusEnum": "apps.books.models.BookStatus",
        "TransactionKindEnum": "apps.trans.models.TransactionKind",
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = env.integer("UPLOAD_BYTES_MAX", 20 * 1024 * 1024, minimum=1024, maximum=1 << 31)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50_000
IMPORTS_PER_MINUTE = env.integer("IMPORTS_PER_MINUTE", 30, minimum=1, maximum=10_000)
METRICS_TOKEN = env.text("METRICS_TOKEN")

CORS_ALLOWED_ORIGINS = env.words("CORS_ALLOWED_ORIGINS")
CORS_ALLOW_HEADERS = [
    "accept", "authorization", "content-type", "idempotency-key", "if-match", "x-company", "x-request-id",
]
CORS_EXPOSE_HEADERS = ["ETag", "Link", "Retry-After", "X-Request-Id", "X-Total-Count"]

# What gives a new company its chart, in order: called with (company, acting_user=), or for a practice
# company with (template, company, acting_user=) as long as the template has something to give. Each
# returns how many rows it gave; the last are called with (company, acting_user=) before it is deleted.
COMPANY_OPENING_STEPS = ["apps.accounts.actions.load_default_chart"]
COMPANY_FORKING_STEPS = ["apps.accounts.actions.copy_chart"]
COMPANY_REMOVAL_STEPS = [
    "apps.exercises.actions.clear_exercises",
    "apps.recurring.actions.clear_templates",
    "apps.accounts.actions.clear_chart",
]
# What rooms above the transactions do before all those of a company are erased: (company, acting_user=).
BOOKS_ERASURE_STEPS = ["apps.books.actions.forget_books"]
# What rooms above the transactions add to `verify_ledger`: (scope) -> findings.
VERIFICATION_RULES = ["apps.books.verification.books_say_what_is_closed"]
# Called with the transactions (a queryset) that are about to be deleted, inside the unit of work.
TRANSACTION_REMOVAL_STEPS = [
    "apps.recurring.actions.forget_transactions",
    "apps.attachments.actions.remove_with_transactions",
]

# Of the demo's people; by default it is derived from SECRET_KEY, so that it can be told again.
DEMO_PASSWORD = env.text("DEMO_PASSWORD")

# Pages of daily books; they can be made again at any time.
BOOKS_DIR = DATA_DIR / "books"

# --- Attachments: the documents of transactions, outside the web root -------------------------------------

ATTACHMENTS_DIR = DATA_DIR / "attachments"
ATTACHMENT_BYTES_MAX = env.integer("ATTACHMENT_BYTES_MAX", 10 * 1024 * 1024, minimum=1024, maximum=100 * 1024 * 1024)
ATTACHMENTS_MB_PER_COMPANY = env.integer("ATTACHMENTS_MB_PER_COMPANY", 2048, minimum=1, maximum=1_000_000)

# --- The assistant ----------------------------------------------------------------------------------

CHAT_INDEX_DIR = DATA_DIR / "chat_index"
# A change of the assistant's documents starts a process that makes the index anew.
CHAT_REBUILD_ON_CHANGE = env.boolean("CHAT_REBUILD_ON_CHANGE", True)
# What one user may use of the language models in a day (cents of a US dollar); 0 is no limit.
LLM_TOKENS_PER_USER_DAY = env.integer("LLM_TOKENS_PER_USER_DAY", 500_000, minimum=0, maximum=10**12)
LLM_CENTS_PER_USER_DAY = env.integer("LLM_CENTS_PER_USER_DAY", 100, minimum=0, maximum=10**9)
# PostgreSQL: who reads for ConsultorIA, where `migrate` may not make a role by itself.
CONSULTOR_DATABASE_URL = env.text("CONSULTOR_DATABASE_URL")
# Reading sessions that a process keeps between questions, for a minute each.
CONSULTOR_IDLE_SESSIONS = env.integer("CONSULTOR_IDLE_SESSIONS", 4, minimum=0, maximum=100)
CONSULTOR_QUESTIONS_PER_DAY = env.integer("CONSULTOR_QUESTIONS_PER_DAY", 1000, minimum=1, maximum=1_000_000)
CONSULTOR_QUESTIONS_PER_MINUTE = env.integer("CONSULTOR_QUESTIONS_PER_MINUTE", 60, minimum=1, maximum=10_000)
CHAT_QUESTIONS_PER_DAY = env.integer("CHAT_QUESTIONS_PER_DAY", 500, minimum=1, maximum=1_000_000)

# --- Backups -----------------------------------------------------------------------------------------

BACKUP_DIR = Path(env.text("BACKUP_DIR", str(DATA_DIR / "backups"))).resolve()
# The daily task keeps the last backup of each of so many days, and of each of so many months.
BACKUP_KEEP_DAYS = env.integer("BACKUP_KEEP_DAYS", 14, minimum=1, maximum=10_000)
BACKUP_KEEP_MONTHS = env.integer("BACKUP_KEEP_MONTHS", 12, minimum=0, maximum=1_000)
# Folders of DATA_DIR that are kept with the database. Their files are written once, under names that are
# not given twice, and never changed.
BACKUP_FOLDERS = [ATTACHMENTS_DIR.name]

# --- Language, time, files ------------------------------------------------------------------------

LANGUAGE_CODE = env.choice("LANGUAGE_CODE", "es-ar", allowed=["es-ar", "es", "en"])
LANGUAGES = [("es-ar", "Español (Argentina)"), ("es", "Español"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/Argentina/Buenos_Aires"

STATIC_URL = "static/"
# Straight from the packages, in production too: there is no collectstatic step to forget.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

# --- Security -------------------------------------------------------------------------------------

HTTPS = env.boolean("HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

# --- Logs: one JSON object a line, with the request's id -------------------------------------------

LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", allowed=["DEBUG", "INFO", "WARNING", "ERROR"])
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
    "handlers": {
        # The level here too: records that other loggers pass on are not asked for the root's.
        "stderr": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "json", "level": LOG_LEVEL},
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "propagate": True},  # its own handler would repeat each line as text in DEBUG
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
