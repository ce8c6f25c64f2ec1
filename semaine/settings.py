"""One file of settings: working defaults for a demonstration, the environment over them for production.

Without any variable the portal runs as a demonstration: SQLite, tasks in the caller, mails on a page for staff.
``DEMO=0`` makes it a production configuration, which refuses to start half configured (see ``semaine.checks``).
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from semaine import failures, logs, theme

# Lets classes such as ModelAdmin[Application] say what they are of.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"


class Environment(environ.Env):  # type: ignore[misc]  # the library has no types
    def list(self, var: str, cast: Any = str.strip, default: Any = environ.Env.NOTSET) -> Any:
        """By commas, with spaces or without."""
        return [part for part in super().list(var, cast, default) if part]


env = Environment()
env.read_env(BASE_DIR / ".env")

DEMO = env.bool("DEMO", default=True)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="demonstration-only-key-never-for-production" if DEMO else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY must be set when DEMO is 0.")
# Those before it: what they signed or sealed is still read, nothing new is.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEMO else [])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
STATE_BRAND = env.bool("STATE_BRAND", default=False)
# What the contact page and the legal notice must name, and only who deploys knows; answers to mails go there too.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="")
HOSTING = env.str("HOSTING", default="")
# The law asks the legal notice and the page on personal data to name these too.
PUBLISHER_ADDRESS = env.str("PUBLISHER_ADDRESS", default="")
PUBLICATION_DIRECTOR = env.str("PUBLICATION_DIRECTOR", default="")
DPO_CONTACT = env.str("DPO_CONTACT", default="")
# Who is told of a flaw, in security.txt; CONTACT_EMAIL where nobody is named.
SECURITY_EMAIL = env.str("SECURITY_EMAIL", default="")
# Every page but the probes says that the portal is being worked on.
MAINTENANCE = env.bool("MAINTENANCE", default=False)

INSTALLED_APPS = [
    "semaine.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "crispy_forms",
    "csp",
    "dsfr",
    "widget_tweaks",
    "leaflet",
    "core",
    "places",
    "accounts",
    "events",
    "labels",
    "maps",
    "figures",
    "editorial",
    "pages",
    "demo",
    "semaine",
]

MIDDLEWARE = [
    "semaine.requests.tell",
    "semaine.headers.add",
    "django.middleware.security.SecurityMiddleware",
    # Before the files: a worker obeys the policy of its own file.
    "semaine.headers.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pages.middleware.page_of_maintenance",
    "pages.middleware.refuse_what_no_browser_sends",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "accounts.audit.remember_request",
    "accounts.sessions.renew_sessions",
    "accounts.second_factor.require",
    "pages.middleware.page_for_oversized_bodies",
    "pages.middleware.page_for_refused_methods",
]

ROOT_URLCONF = "semaine.urls"
WSGI_APPLICATION = "semaine.wsgi.application"

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
                "pages.context_processors.site",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("dsfr",)
CRISPY_TEMPLATE_PACK = "dsfr"
CRISPY_CLASS_CONVERTERS = {
    **dict.fromkeys(["textinput", "urlinput", "emailinput", "textarea", "dateinput", "timeinput"], "fr-input"),
    "fileinput": "fr-upload",
    "select": "fr-select",
}
DSFR_USE_INTEGRITY_CHECKSUMS = False

# Data -----------------------------------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES: dict[str, dict[str, Any]] = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/db.sqlite3")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR_DIR.mkdir(exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
    }
else:
    DATABASES["default"]["ENGINE"] = "core.postgresql"
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A pooler in transaction mode refuses settings at the start of a connection, and keeps no cursor between two.
    _IS_POOLED = not DATABASES["default"]["CONN_MAX_AGE"]
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = _IS_POOLED
    # What is prepared finds rows by their keys, whichever: PostgreSQL need not look at the values five times first.
    _ON_A_KEPT_CONNECTION = {"options": "-c lock_timeout=5000 -c plan_cache_mode=force_generic_plan"}
    # What DATABASE_URL asks for after its question mark (sslmode, host of a unix socket…) stands above these.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        **({} if _IS_POOLED else _ON_A_KEPT_CONNECTION),
        **DATABASES["default"].get("OPTIONS", {}),
    }

REDIS_URL = env.str("REDIS_URL", default="")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "core.cache.MissableRedisCache",
        "LOCATION": REDIS_URL,
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# Celery: tasks run in the caller where no Redis is named. The web process never waits for a broker for more than 0.5 s.
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_TASK_ALWAYS_EAGER = not REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 0.5
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 0.5,
    "max_retries": 0,
    # Longer than any task and any delay: what is not done by then is taken for lost, and given to another worker too.
    "visibility_timeout": 3900,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BEAT_SCHEDULE = {
    "sweep-the-outbox": {"task": "core.outbox.sweep", "schedule": 30.0},
    "digest-for-examiners": {
        "task": "labels.tasks.send_digests",
        "schedule": crontab(hour="7", minute="30", day_of_week="mon-fri"),
    },
    "reminder-of-drafts": {
        "task": "labels.tasks.send_reminders",
        "schedule": crontab(hour="8", minute="0", day_of_week="mon-fri"),
    },
    "reading-of-what-waits": {"task": "labels.tasks.reassess_waiting", "schedule": crontab(hour="4", minute="0")},
    "purge": {"task": "pages.tasks.purge", "schedule": crontab(hour="3", minute="10")},
    "complete-organisations": {"task": "accounts.tasks.complete_organisations", "schedule": 600.0},
}

# Outside services: each may be missing (an empty address), none is waited for more than two seconds.
GEOCODER_URL = env.str("GEOCODER_URL", default="https://data.geopf.fr/geocodage")
COMPANIES_URL = env.str("COMPANIES_URL", default="https://recherche-entreprises.api.gouv.fr/search")

# Mail -----------------------------------------------------------------------------------------------------------------

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://" if DEMO else "smtp://localhost:25")
vars().update({key: value for key, value in EMAIL_CONFIG.items() if key.startswith("EMAIL_")})
if DEMO and "EMAIL_URL" not in env:
    EMAIL_BACKEND = "demo.mail.TerminalBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Semaine de l’industrie <portail@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Seconds a decision's mail waits, during which the same examiner may undo the decision.
DECISION_MAIL_DELAY = env.int("DECISION_MAIL_DELAY", default=300)

# Accounts -------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in [
        ("UserAttributeSimilarityValidator", {"user_attributes": ("email", "name")}),
        ("CommonPasswordValidator", {}),
    ]
] + [{"NAME": "accounts.passwords.StrengthValidator"}]
# How long the link by which staff choose a password is good.
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "labels:desk"
LOGOUT_REDIRECT_URL = "pages:home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_FORMS = {
    "request_login_code": "accounts.forms.RequestCodeForm",
    "confirm_login_code": "accounts.forms.ConfirmCodeForm",
    "reauthenticate": "accounts.factor_forms.PasswordForm",
}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
# Those of one caller about one address are fewer (accounts.forms): else anybody could use up somebody else's.
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,20/10m/key", "reset_password": "20/10m/ip,15/h/key"}
# Whether staff must show a second factor; a production configuration that turns it off is refused.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=not DEMO)
# The published sign-ins: whoever added a factor to one would shut it for all others.
STAFF_SECOND_FACTOR_EXEMPT_DOMAIN = "@demo.example" if DEMO else ""
MFA_ADAPTER = "accounts.mfa.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Semaine de l’industrie"
# Telephones' clocks are half a minute wrong; a code serves once all the same.
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_COUNT = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "accounts.factor_forms.AuthenticateForm",
    "reauthenticate": "accounts.factor_forms.ReauthenticateCodeForm",
    "activate_totp": "accounts.factor_forms.ActivateForm",
    "add_webauthn": "accounts.factor_forms.AddPasskeyForm",
    "authenticate_webauthn": "accounts.factor_forms.AuthenticatePasskeyForm",
    "reauthenticate_webauthn": "accounts.factor_forms.ReauthenticatePasskeyForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
# From whom X-Forwarded-For is read (core.limits); whoever reaches the application another way is where they are.
TRUSTED_PROXIES = env.list(
    "TRUSTED_PROXIES",
    default=["127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
)
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"
AXES_RESET_ON_SUCCESS = True
# Failures are counted; who signed in, when and from where is nobody's business.
AXES_DISABLE_ACCESS_LOG = True
# Without it, everybody would come from the proxy, and any visitor could lock out the staff.
AXES_CLIENT_IP_CALLABLE = "core.limits.address_of"
AXES_LOCKOUT_CALLABLE = "accounts.views.sign_in.locked_out"
# Not in the log: who tries, from where, and what the caller writes as the name of its browser.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "user_agent"]

# French ---------------------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# Files ----------------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("geo", BASE_DIR / "places" / "data" / "outlines")]
# What people send: served by `events:media` alone, never by a server that would list it.
MEDIA_URL = "/media/"
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(VAR_DIR / "media"))
FILE_UPLOAD_HANDLERS = ["core.uploads.BoundedUploadHandler"]
# Instead of MEDIA_ROOT, where several machines share no disk: a bucket, private, at MEDIA_ENDPOINT_URL.
MEDIA_BUCKET = env.str("MEDIA_BUCKET", default="")
_BUCKET = {
    "bucket_name": MEDIA_BUCKET,
    "endpoint_url": env.str("MEDIA_ENDPOINT_URL", default="") or None,
    "region_name": env.str("MEDIA_REGION", default="") or None,
    "access_key": env.str("MEDIA_ACCESS_KEY", default=""),
    "secret_key": env.str("MEDIA_SECRET_KEY", default=""),
    "default_acl": None,
    "file_overwrite": True,
}
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "semaine.object_storage.ObjectMediaStorage", "OPTIONS": _BUCKET}
    if MEDIA_BUCKET
    else {"BACKEND": "semaine.storage.MediaStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEMO else "semaine.storage.Storage"
    },
}
WHITENOISE_USE_FINDERS = DEMO
WHITENOISE_AUTOREFRESH = DEMO
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}

# Doors ----------------------------------------------------------------------------------------------------------------

SECURE_COOKIES = not DEMO
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_NAME = "__Host-session" if SECURE_COOKIES else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE_COOKIES else "csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
# Confirmations wait in the session: no third cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "pages.errors.csrf_failure"
SECURE_SSL_REDIRECT = SECURE_COOKIES
SECURE_REDIRECT_EXEMPT = [r"^sante/"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE_COOKIES else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_COOKIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
TILES_URL = env.str(
    "TILES_URL",
    default="https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal&TILEMATRIXSET=PM&FORMAT=image/png"
    "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
)
THEME_SCRIPT = theme.SCRIPT
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, theme.SOURCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "{0.scheme}://{0.netloc}".format(urlsplit(TILES_URL))],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LEAFLET_CONFIG = {
    "DEFAULT_CENTER": (46.6, 2.4),
    "DEFAULT_ZOOM": 6,
    "MIN_ZOOM": 3,
    "MAX_ZOOM": 18,
    "TILES": [("Plan IGN", TILES_URL, "© IGN – Géoplateforme")],
    "ATTRIBUTION_PREFIX": False,
    "RESET_VIEW": False,
    "NO_GLOBALS": True,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": logs.formatter("console" if DEMO else "json")},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "axes": {"level": "WARNING"},
        # It would write whole addresses of people, with their query.
        "httpx": {"level": "WARNING"},
        # Tasks that run in the caller are part of its request: a line each would tell it twice.
        "celery.app.trace": {"level": "INFO" if REDIS_URL else "WARNING"},
        # The terminal of a demonstration is for its mails.
        "semaine.requests": {"level": "WARNING" if DEMO else "NOTSET"},
        # It has a handler of its own until it is told otherwise.
        "django": {"handlers": [], "propagate": True},
    },
}
# Or it would take the place of the above in workers.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# Failures, to a Sentry server of the operator's: without people, see `semaine.failures`.
SENTRY_DSN = env.str("SENTRY_DSN", default="")
if SENTRY_DSN:
    failures.report_to(SENTRY_DSN)

# Who may read /sante/mesures: whoever bears this token; nobody where there is none.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
