"""Settings, read from the environment; a bare ``make run`` needs none.

README.md has every variable with its meaning, and what holds without it ("For operators").
"""

from __future__ import annotations

import os
from pathlib import Path
from socket import gethostname
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from foundation.forms.typed import whole_number
from foundation.scheduling.job_log import told
from foundation.scheduling.overlong import ended_in_time
from marketplace.monitoring import logs
from marketplace.server import embedded
from marketplace.server.addresses import bracketed, host_of, loopback
from marketplace.server.secrets_file import load

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_FOLDER") or BASE_DIR / "var").absolute()

load(VAR / "secrets.env")

DEBUG = os.environ.get("DEBUG") == "1"
SECRET_KEY = os.environ["SECRET_KEY"]
LIANDONG_DATA_KEYS = os.environ["LIANDONG_DATA_KEYS"]
LIANDONG_HASH_KEY = os.environ["LIANDONG_HASH_KEY"]


def _listed(name: str, otherwise: str = "") -> list[str]:
    """The values of a variable, separated by commas."""
    text = os.environ.get(name) or otherwise
    return [part.strip() for part in text.split(",") if part.strip()]


def _number(name: str, otherwise: int) -> int:
    """The whole number of a variable; one that is none is refused at the start (``starting.NUMBERS``)."""
    found = whole_number(os.environ.get(name, ""))
    return otherwise if found is None else found


HOST, PORT = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
#: The files with which the product speaks HTTPS itself; "" where it speaks HTTP.
TLS_CERTIFICATE, TLS_KEY = os.environ.get("TLS_CERTIFICATE", ""), os.environ.get("TLS_KEY", "")
#: The scheme in which the web process itself answers.
SPOKEN = "https" if TLS_CERTIFICATE else "http"
PUBLIC_ADDRESS = os.environ.get("PUBLIC_ADDRESS", "").strip() or f"{SPOKEN}://{bracketed(HOST)}:{PORT}"
PUBLIC_ADDRESS = PUBLIC_ADDRESS.rstrip("/")
ALLOWED_HOSTS = _listed(
    "ALLOWED_HOSTS",
    f"127.0.0.1,localhost,[::1],{bracketed(HOST)},{gethostname()},{bracketed(host_of(PUBLIC_ADDRESS))}",
)
CSRF_TRUSTED_ORIGINS = _listed("CSRF_TRUSTED_ORIGINS", PUBLIC_ADDRESS)
#: Addresses and networks of proxies whose forwarding headers are believed.
TRUSTED_PROXIES = _listed("TRUSTED_PROXIES")
#: The settings by which people on other machines can reach this one: where it listens, its names,
#: its proxies.
PUBLIC_BY = [
    f"{name}={value}"
    for name, values in (
        ("HOST", [HOST]),
        ("PUBLIC_ADDRESS", [PUBLIC_ADDRESS]),
        ("ALLOWED_HOSTS", _listed("ALLOWED_HOSTS")),
        ("CSRF_TRUSTED_ORIGINS", _listed("CSRF_TRUSTED_ORIGINS")),
        ("TRUSTED_PROXIES", TRUSTED_PROXIES),
    )
    for value in values
    if name == "TRUSTED_PROXIES" or not loopback(value if name == "HOST" else host_of(value))
]
PUBLIC = bool(PUBLIC_BY)
#: Whether the operator asks for the demonstration (see ``starting.refusal_of_a_demonstration``).
DEMO = os.environ.get("DEMO") == "1"
#: Whether the operator answers for a network in which nobody reads what goes over it in clear.
PLAIN_HTTP = os.environ.get("PLAIN_HTTP") == "1"
OCDS_PREFIX = os.environ.get("OCDS_PREFIX", "ocds-000000")
SIGNING_CERTIFICATE = os.environ.get("SIGNING_CERTIFICATE", "")
SIGNING_PASSPHRASE = os.environ.get("SIGNING_PASSPHRASE", "")
HTTPS = PUBLIC_ADDRESS.lower().startswith("https://")

INSTALLED_APPS = [
    "marketplace",
    "evaluations",
    "referrals",
    "procurement",
    "giving",
    "contracts",
    "catalog",
    "households",
    "organizations",
    "foundation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "pgtrigger",
    "procrastinate.contrib.django",
    "csp",
    "django_htmx",
    "lucide",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
if DEMO or not PUBLIC:  # a city's server has no invented data
    INSTALLED_APPS.insert(0, "demo")

MIDDLEWARE = [
    "marketplace.monitoring.request_log.RequestLogMiddleware",
    "marketplace.monitoring.straight.StraightMiddleware",
    "marketplace.server.proxies.ProxyMiddleware",
    "marketplace.errors.faults.ProblemMiddleware",
    "foundation.limits_told.LimitsToldMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "marketplace.errors.paths.PathMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "marketplace.server.caching.NotKeptMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "marketplace.chrome.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "foundation.remembering.RememberingMiddleware",
    "organizations.signing_in.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "marketplace.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "marketplace.chrome.frame.frame",
            ],
            "builtins": ["foundation.templatetags.liandong_tags", "foundation.templatetags.components"],
        },
    }
]


# Fixed times as defaults are meant; Django warns of them near that time of day. Whether HSTS binds other names of
# the city's domain (security.W005, W021) is the city's decision.
SILENCED_SYSTEM_CHECKS = ["fields.W161", "security.W005", "security.W021"]


def _database(url: str) -> dict[str, Any]:
    """The settings of the database at a URL."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "marketplace.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or "postgres"),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": parts.port or "",
        "ATOMIC_REQUESTS": False,
        # Each of the few threads keeps its connection and checks it before each request, so a
        # restart of the server causes no errors, and while it is away the answer comes at once.
        # A pool would make every request wait for a connection.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": "3",
            "tcp_user_timeout": "20000",
            # A row that is locked for long makes others fail and retry instead of waiting.
            "options": "-c lock_timeout=10s",
            **query,
        },
        "TEST": {"TEMPLATE": "template0"},
    }


#: Whether the embedded server is used.
EMBEDDED = not os.environ.get("DATABASE_URL")
DATABASES = {"default": _database(os.environ.get("DATABASE_URL") or f"postgresql:///{embedded.DATABASE}")}
if EMBEDDED:
    DATABASES["default"]["EMBEDDED"] = VAR / embedded.FOLDER
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
#: Each process has its own cache; evicted or missing values are made again.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = ["organizations.signing_in.backends.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "organizations.signing_in.strength.UnlikeThePerson"},
    {"NAME": "organizations.signing_in.strength.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "organizations.signing_in.strength.Uncommon"},
    {"NAME": "organizations.signing_in.strength.NotOnlyDigits"},
    {"NAME": "organizations.signing_in.strength.HardToGuess"},
]
CSRF_FAILURE_VIEW = "marketplace.errors.forgery.failed"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "workbench"
LOGOUT_REDIRECT_URL = "catalog"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "marketplace.server.static_files.Storage"
    },
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/api/v1/docs"],
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
#: For how long a browser that came by HTTPS comes by nothing else; 0 takes it back.
HSTS_YEAR = 31_536_000
SECURE_HSTS_SECONDS = _number("HSTS_SECONDS", HSTS_YEAR) if HTTPS else 0
# These affect other sites of the city for long, so only if the operator asks for it.
SECURE_HSTS_INCLUDE_SUBDOMAINS = os.environ.get("HSTS_SUBDOMAINS") == "1"
SECURE_HSTS_PRELOAD = os.environ.get("HSTS_PRELOAD") == "1"
SECURE_REFERRER_POLICY = "same-origin"
# The rule ``sign_in.times`` ends sessions earlier.
SESSION_COOKIE_AGE = 24 * 3600
X_FRAME_OPTIONS = "DENY"

#: Tokens of the API are rows of ours, which tell from where they were used.
KNOX_TOKEN_MODEL = "organizations.Token"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_WORKER_DEFAULTS = {"worker_middleware": [told, ended_in_time]}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "organizations.signing_in.authentication.SessionAuthentication",
        "organizations.signing_in.authentication.TokenAuthentication",
        "organizations.signing_in.authentication.BearerAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["foundation.api.defaults.Declared"],
    "DEFAULT_PAGINATION_CLASS": "foundation.api.defaults.Paging",
    "DEFAULT_FILTER_BACKENDS": ["foundation.api.defaults.Filters"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["foundation.api.bodies.JSONParser"],
    "EXCEPTION_HANDLER": "foundation.api.problems.handle",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Liandong 联动",
    "DESCRIPTION": "社会救助联动市场的接口。动作是子资源：POST /api/v1/referrals/{number}/accept。"
    "错误按 RFC 9457 返回。",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_PUBLIC": True,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "ENUM_NAME_OVERRIDES": {
        "ServiceKindEnum": "catalog.items.kinds.ServiceKind",
        "NeedKindEnum": "organizations.responsibilities.need_kinds.NeedKind",
        "CategoryEnum": "households.register.models.Category",
        "MethodEnum": "catalog.items.kinds.Method",
        "AccountEnum": "contracts.budgets.models.Account",
        "StockAccountEnum": "giving.models.Account",
        "WeekdayEnum": "catalog.offers.models.Weekday",
        "GradeEnum": "organizations.providers.models.Grade",
        "TargetGroupEnum": "catalog.items.kinds.TargetGroup",
        "RoleEnum": "foundation.roles.Role",
        "InUseEnum": "organizations.places.states.PlaceStatus.choices",
        "NatureEnum": "organizations.providers.models.Nature",
    },
}

#: Whether figures are counted, and the addresses that may read them at ``/metrics``.
METRICS = os.environ.get("METRICS") == "1"
METRICS_FROM = ["127.0.0.0/8", "::1", *_listed("METRICS_FROM")]

#: The sender of text messages; see ``foundation.messaging.senders``.
MESSAGE_SENDER = os.environ.get("MESSAGE_SENDER", "foundation.messaging.senders.Kept")

#: The city's single sign-on (OpenID Connect), if it has one, and the words of ``acr`` or ``amr`` by which it says that
#: it asked for a second factor.
SSO_ISSUER = os.environ.get("SSO_ISSUER", "").strip()
SSO_CLIENT_ID = os.environ.get("SSO_CLIENT_ID", "").strip()
SSO_CLIENT_SECRET = os.environ.get("SSO_CLIENT_SECRET", "")
SSO_NAME = os.environ.get("SSO_NAME", "").strip()
SSO_PROVES = _listed("SSO_PROVES")

#: The server that takes mails (invitations, forgotten passwords); without one none are offered.
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = _number("EMAIL_PORT", 587)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "") or EMAIL_HOST_USER

LOGGING = logs.configured(os.environ.get("LOG_LEVEL", "WARNING"), plain=DEBUG)
