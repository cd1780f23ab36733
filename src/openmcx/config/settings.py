"""Django's settings, all of them made from `env`."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import bootstrap_wrapper  # type: ignore[import-untyped]  # ships no types
from django.utils.csp import CSP

from openmcx.config import addresses, languages
from openmcx.config import env as environment
from openmcx.ui.languages import FURTHER, UNION, teach_django

env = environment.load()

# --- ours ---------------------------------------------------------------------------------------------------------
OPENMCX_BASE_URL = env.base_url
OPENMCX_MASTER_KEY = environment.master_key(env)
OPENMCX_DATA_DIR = env.DATA_DIR.absolute()
OPENMCX_AUDIT_HEADS = Path(env.AUDIT_HEADS).absolute() if env.AUDIT_HEADS else None
OPENMCX_DEMO = env.DEMO
OPENMCX_HTTP_ALLOW = frozenset(env.HTTP_ALLOW)
OPENMCX_NETWORK_NAME = env.NETWORK_NAME
OPENMCX_MAX_UPLOAD_BYTES = env.MAX_UPLOAD_MB * 1_000_000
OPENMCX_CLASS_LIST_MAX_ROWS = env.CLASS_LIST_MAX_ROWS
OPENMCX_TRUSTED_PROXIES = env.TRUSTED_PROXIES
OPENMCX_TRUSTED_CERTIFICATES = Path(env.TRUSTED_CERTIFICATES).absolute() if env.TRUSTED_CERTIFICATES else None
OPENMCX_VC_API = env.VC_API
OPENMCX_DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)

# --- apps, on their ladder: each imports only from those before it ------------------------------------------------
LADDER = (
    "kernel",
    "ui",
    "accounts",
    "institutions",
    "catalogue",
    "issuing",
    "verification",
    "portal",
    "demo",
)
_is_postgresql = env.DATABASE_URL.startswith("postgres")
INSTALLED_APPS = [
    *(f"openmcx.{name}" for name in LADDER if name != "demo" or env.DEMO),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.humanize",  # the sign-in library's list of passkeys
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "procrastinate.contrib.django" if _is_postgresql else "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "lucide",
    "ninja",
    "rules",
]
AUTH_USER_MODEL = "accounts.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- requests -----------------------------------------------------------------------------------------------------
MIDDLEWARE = [
    "openmcx.kernel.middleware.TrustedProxies",
    "django.middleware.security.SecurityMiddleware",
    "openmcx.kernel.middleware.Permissions",
    "openmcx.kernel.static.StaticFiles",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "openmcx.kernel.middleware.UploadCap",
    "openmcx.kernel.middleware.CompressPublicPages",  # outside the session's, which adds the cookie
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "openmcx.accounts.middleware.ActorMiddleware",
    "openmcx.kernel.middleware.Refusals",
]
ROOT_URLCONF = "openmcx.config.urls"
WSGI_APPLICATION = "openmcx.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "openmcx.kernel.web.node",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "ui/table.html"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000  # form fields; files are counted apart
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_HANDLERS = [
    "openmcx.kernel.uploads.CappedHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600

# --- data ---------------------------------------------------------------------------------------------------------
DATABASES = {"default": addresses.database(env.DATABASE_URL, OPENMCX_DATA_DIR)}
TASKS: dict[str, dict[str, object]] = {
    "default": {
        "BACKEND": "openmcx.kernel.jobs.postgresql.ProcrastinateBackend"
        if _is_postgresql
        else "openmcx.kernel.jobs.sqlite.SqliteBackend",
        "QUEUES": [],  # any name
    }
}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""  # our tasks are Django's tasks
# "default" is in the database, so that counts of failed sign-ins hold for all web processes; it keeps nothing else.
# "process" is what each process may know for some seconds without asking: never what somebody may or may not do.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 1_000}},
}
MAILERS = {"default": addresses.mailer(env.EMAIL_URL or f"file://{OPENMCX_DATA_DIR / 'outbox'}")}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.EMAIL_FROM or f"noreply@{urlsplit(OPENMCX_BASE_URL).hostname}"

# --- security -----------------------------------------------------------------------------------------------------
SECRET_KEY = env.SECRET_KEY
DEBUG = env.DEBUG
_host = urlsplit(OPENMCX_BASE_URL).hostname or ""
_is_https = OPENMCX_BASE_URL.startswith("https://")
ALLOWED_HOSTS = [_host, *(["localhost", "127.0.0.1", "[::1]"] if env.DEMO else [])]
CSRF_TRUSTED_ORIGINS = [OPENMCX_BASE_URL]
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
# Decided above: HTTPS is the proxy's work, and what other hosts of the domain do is not ours to promise.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False  # the proxy's work, which also knows its health checks
SECURE_HSTS_SECONDS = 31_536_000 if _is_https else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _is_https
SESSION_COOKIE_NAME = "__Host-session" if _is_https else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _is_https else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Argon2 needs one more binary package; scrypt of the standard library is memory-hard as well.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- signing in ---------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/home/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "openmcx.accounts.forms.AccountAdapter"
ACCOUNT_FORMS = {"login": "openmcx.accounts.adapters.LoginForm"}
ACCOUNT_SIGNUP_FORM_CLASS = "openmcx.accounts.forms.SignUpFields"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(OPENMCX_BASE_URL).scheme
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ALLAUTH_TRUSTED_PROXY_COUNT = 0  # our own middleware has put the client's address right
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = env.DEMO
MFA_TOTP_ISSUER = env.NETWORK_NAME

# --- languages ----------------------------------------------------------------------------------------------------
teach_django()
LANGUAGE_CODE = env.LANGUAGE
LANGUAGES = [(tag, UNION.get(tag) or FURTHER.get(tag, tag)) for tag in languages.offered(env.LANGUAGES)]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 31_536_000
FORMAT_MODULE_PATH = "openmcx.config.formats"
LOCALE_PATHS = [languages.FOLDER]
# For languages whose formats Django does not know, or not all of them: as in most of Europe.
DATE_FORMAT, DATETIME_FORMAT, TIME_FORMAT = "j F Y", "j F Y, H:i", "H:i"
SHORT_DATE_FORMAT, SHORT_DATETIME_FORMAT = "d/m/Y", "d/m/Y H:i"
MONTH_DAY_FORMAT, YEAR_MONTH_FORMAT = "j F", "F Y"
FIRST_DAY_OF_WEEK = 1
NUMBER_GROUPING, USE_THOUSAND_SEPARATOR = 3, True
USE_I18N = USE_TZ = True
TIME_ZONE = env.TIME_ZONE

# --- static files -------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
# The package carries the files of Bootstrap beside its code, not in a `static` folder of an app.
STATICFILES_DIRS = [("bootstrap", bootstrap_wrapper.get_bootstrap_dir())]
STATIC_ROOT = None  # served from the packages themselves, so there is nothing to collect
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = env.DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "openmcx.kernel.static.VersionedStorage"},
}

# --- log: no bodies, no addresses with secrets --------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"quiet_paths": {"()": "openmcx.kernel.logs.HideSecrets"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["quiet_paths"]},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "openmcx": {"level": env.LOG_LEVEL},
        "django": {"level": "WARNING"},
        "django.security": {"level": "WARNING"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # scanners; the answer is 400
        "django.request": {"level": "ERROR"},
    },
}
