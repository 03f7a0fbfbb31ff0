"""All settings of Postbag. Each comes from an environment variable that README.md explains; see `.env.example`.

With DEBUG off, a setting that is missing or unsafe stops every process at start with one sentence (`config.safety`).
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.databases import database
from config.logs import log_to_stderr
from config.mail import anymail_settings, provider_of
from config.safety import refusal

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(env.str("ENV_FILE", default=str(BASE_DIR / ".env")))

# ── The site ──────────────────────────────────────────────────────────────────────────────────────────────────────────

DEBUG: bool = env.bool("DEBUG", default=False)

# Every link in a mail is made from this, never from a request's Host header.
SITE_URL: str = env.str("SITE_URL", default="http://localhost:8000" if DEBUG else "").rstrip("/")
SITE_HOST: str = urlsplit(SITE_URL).hostname or ""
HTTPS: bool = SITE_URL.startswith("https://")

ALLOWED_HOSTS: list[str] = [host for host in [SITE_HOST, *env.list("ALLOWED_HOSTS", default=[])] if host]
if DEBUG:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]

# Proxies of ours in front of the site. So many entries at the right end of X-Forwarded-For are believed, no more.
TRUSTED_PROXIES: int = env.int("TRUSTED_PROXIES", default=0)

# Files that the site itself makes: collected static files, the demo's database, the filesystem broker.
VAR_DIR: Path = BASE_DIR / env.str("VAR_DIR", default="var")
# The beat can't start without a folder for its schedule, and what lies here is for the site's own user.
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

# ── Secrets ───────────────────────────────────────────────────────────────────────────────────────────────────────────

# With DEBUG on, a missing secret becomes this public one, so that a fresh checkout runs. `config.safety` refuses it.
PUBLIC_SECRET = "public-" * 6 if DEBUG else ""
PUBLIC_FERNET_KEYS = ["cHVibGljLXB1YmxpYy1wdWJsaWMtcHVibGljLXB1Ymw="] if DEBUG else []

SECRET_KEY: str = env.str("SECRET_KEY", default=PUBLIC_SECRET)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])

# Fernet keys for supporters' personal fields: the first encrypts, all decrypt.
PERSONAL_DATA_KEYS: list[str] = env.list("PERSONAL_DATA_KEYS", default=PUBLIC_FERNET_KEYS)

# HMAC key of person_key, by which a person counts once a campaign. Never rotated: a new one would count everybody anew.
COUNTING_KEY: str = env.str("COUNTING_KEY", default=PUBLIC_SECRET)

# HMAC key of the tokens in supporters' links. A new one ends every link that is out.
TOKEN_KEY: str = env.str("TOKEN_KEY", default=PUBLIC_SECRET)

# ── Apps, middleware, templates ───────────────────────────────────────────────────────────────────────────────────────

INSTALLED_APPS = [
    "letters",
    "campaigns",
    "prisoners",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "anymail",
    "csp",
    "django_countries",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    # Before staticfiles, so that runserver serves static files the way production does.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    # Templates of widgets may stand in templates/ too (see FORM_RENDERER).
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.Utf8OnlyMiddleware",
    "config.middleware.PrivateAnswersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.LanguageFromPathMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.DatabaseDownMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.page",
            ],
        },
    },
]

# Our own widgets have their templates beside all others.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# A campaign's page in the admin has a box for each text and language of its offices, asks and letters.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# ── Database and cache ────────────────────────────────────────────────────────────────────────────────────────────────

DATABASE_URL: str = env.str("DATABASE_URL", default="sqlite:///var/postbag.sqlite3" if DEBUG else "")

DATABASES = {"default": database(env, DATABASE_URL, BASE_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}

# ── Celery ────────────────────────────────────────────────────────────────────────────────────────────────────────────

CELERY_BROKER_URL: str = env.str("BROKER_URL", default="filesystem://localhost" if DEBUG else "")
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
# A message is a wake-up and nothing is lost with it, so it counts as done when it is read.
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_TIME_LIMIT: int = env.int("TASK_SECONDS", default=1800)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

if CELERY_BROKER_URL.startswith("filesystem://"):
    BROKER_DIR = VAR_DIR / "broker"
    # kombu would make these folders readable by everyone on the machine.
    for folder in (BROKER_DIR, BROKER_DIR / "queue", BROKER_DIR / "control"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, str | int] = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
    }
else:
    # A wake-up that can't be published must not hold up a supporter's page: the sweep finds the row anyway.
    # Without ack_emulation a worker gives no messages back to a broker that went away: kombu 5.7 ends over that.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 2, "ack_emulation": False}
    CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2}

# ── Delivery ──────────────────────────────────────────────────────────────────────────────────────────────────────────

# "capture" keeps every delivery in the database, readable by organisers; "live" sends, but never what was captured.
DELIVERY_MODE: str = env.str("DELIVERY_MODE", default="capture")

# The relay that takes our mail (smtp+tls://user:password@host:587), or a provider and what its news is checked with.
EMAIL_URL: str = env.str("EMAIL_URL", default="")
EMAIL_WEBHOOK_SECRET: str = env.str("EMAIL_WEBHOOK_SECRET", default="")
ANYMAIL = anymail_settings(EMAIL_URL, EMAIL_WEBHOOK_SECRET)
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="postbag@localhost.invalid" if DEBUG else "")
# Evidence for what nobody could know at the hand-over: log and queue (`postqueue -j`) of a Postfix relay of our own,
# and a mailbox that gets a copy of each letter, either because letters name its address or because the relay does.
POSTFIX_LOG: str = env.str("POSTFIX_LOG", default="")
POSTFIX_QUEUE: str = env.str("POSTFIX_QUEUE", default="")
JOURNAL_ADDRESS: str = env.str("JOURNAL_ADDRESS", default="")
JOURNAL_MAILBOX_URL: str = env.str("JOURNAL_MAILBOX_URL", default="")
# Where bounces and answers of offices arrive, and the secret of the address for services that bring them by HTTPS.
INCOMING_MAILBOX_URL: str = env.str("INCOMING_MAILBOX_URL", default="")
INCOMING_MAIL_SECRET: str = env.str("INCOMING_MAIL_SECRET", default="")
# The domain of return paths and Message-IDs; bounces come back to it.
MAIL_DOMAIN: str = env.str("MAIL_DOMAIN", default=DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> "))

# How long each phase of a hand-over may take, in seconds. Defaults are the minima of RFC 5321, 4.5.3.2.
SMTP_CONNECT_SECONDS: int = env.int("SMTP_CONNECT_SECONDS", default=30)
SMTP_COMMAND_SECONDS: int = env.int("SMTP_COMMAND_SECONDS", default=300)
SMTP_DATA_SECONDS: int = env.int("SMTP_DATA_SECONDS", default=180)
SMTP_FINAL_SECONDS: int = env.int("SMTP_FINAL_SECONDS", default=600)
SMTP_MESSAGES_PER_CONNECTION: int = env.int("SMTP_MESSAGES_PER_CONNECTION", default=100)

# The fax service, e.g. hylafax://user:password@fax.example.org:4559?modem=ttyS0; empty: this site sends no fax.
FAX_URL: str = env.str("FAX_URL", default="")
FAX_SECONDS: int = env.int("FAX_SECONDS", default=60)
# A longer letter is not sent by fax: it would hold an office's machine for too long.
FAX_MAX_PAGES: int = env.int("FAX_MAX_PAGES", default=5)
# How long the fax service surely remembers a job that is over. After that its silence proves nothing.
FAX_JOBS_KEPT_HOURS: int = env.int("FAX_JOBS_KEPT_HOURS", default=24)

# The press that makes PDFs: limits of a document (seconds, characters of HTML), of the process's address space, and the
# number of documents after which a fresh one starts. Strict: a character that no font has is an error, not a box.
PDF_SECONDS: int = env.int("PDF_SECONDS", default=20)
PDF_CHARACTERS: int = env.int("PDF_CHARACTERS", default=500_000)
PDF_MEGABYTES: int = env.int("PDF_MEGABYTES", default=1024)
PDF_DOCUMENTS: int = env.int("PDF_DOCUMENTS", default=500)
PDF_STRICT: bool = env.bool("PDF_STRICT", default=False)

# How long a worker may hold a delivery before it counts as dead, before and after the last moment a resend is safe.
LEASE_SENDING_SECONDS: int = env.int("LEASE_SENDING_SECONDS", default=900)
LEASE_HANDING_OVER_SECONDS: int = env.int("LEASE_HANDING_OVER_SECONDS", default=1200)
SWEEP_SECONDS: int = env.int("SWEEP_SECONDS", default=30)

# How long a woken worker goes on before it lets others in.
DRAIN_SECONDS: int = env.int("DRAIN_SECONDS", default=20)

# Days after which a letter that could not leave is given up, where the campaign has no earlier last day.
DELIVER_WITHIN_DAYS: int = env.int("DELIVER_WITHIN_DAYS", default=60)

# How many letters an hour may go to one mailbox, one mail domain and one fax number within the office's hours; outside
# them a third. A total for all letters as well. 0: no ceiling.
MAILBOX_PER_HOUR: int = env.int("MAILBOX_PER_HOUR", default=30)
MAIL_DOMAIN_PER_HOUR: int = env.int("MAIL_DOMAIN_PER_HOUR", default=120)
MAIL_HOSTS: dict[str, str] = env.dict("MAIL_HOSTS", default={})  # domains that share a host share its ceiling
FAX_PER_HOUR: int = env.int("FAX_PER_HOUR", default=10)
LETTERS_PER_HOUR: int = env.int("LETTERS_PER_HOUR", default=0)

# News that may go to subscribers within an hour, spread over its minutes: links to confirm must not stand behind them.
NEWS_PER_HOUR: int = env.int("NEWS_PER_HOUR", default=1200)

# ── Counting and keeping ──────────────────────────────────────────────────────────────────────────────────────────────

# Below this a tally is not shown in numbers: a small one would tell who wrote.
TALLY_MINIMUM: int = env.int("TALLY_MINIMUM", default=25)

# What one network (an IPv4 address, an IPv6 /64) may do at once, and again within each hour: a letter, a report or a
# mail costs 1, a form that comes back faster than a human writes 2. A hall full of supporters shares one network.
NETWORK_ALLOWANCE: int = env.int("NETWORK_ALLOWANCE", default=120)

# How many letters of a campaign may say nearly the same in the supporters' own words in one day; more are held for an
# organiser. Model text does not count. 0: no limit.
SAME_WORDS_A_DAY: int = env.int("SAME_WORDS_A_DAY", default=30)

# Days until the texts and personal fields of a letter are blanked; counts, day, country and channel stay.
RETENTION_DAYS: int = env.int("RETENTION_DAYS", default=90)

# Days until the finished file of a dossier (letters to be handed over on paper) is deleted.
DOSSIER_DAYS: int = env.int("DOSSIER_DAYS", default=3)

# ── Organisers' accounts ──────────────────────────────────────────────────────────────────────────────────────────────

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "config.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# Five wrong passwords must not lock out the account's owner: guesses are limited by network only.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,50/h/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
# Whether the admin asks for a second factor.
SECOND_FACTOR: bool = env.bool("SECOND_FACTOR", default=DELIVERY_MODE == "live")
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_HOST

SESSION_COOKIE_AGE = int(timedelta(hours=10).total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "letters.writing.views.csrf_failure"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS

# How many seconds browsers and proxies may show a public page without asking again. This process keeps it for one.
PUBLIC_PAGE_SECONDS: int = env.int("PUBLIC_PAGE_SECONDS", default=10)

# ── Headers ───────────────────────────────────────────────────────────────────────────────────────────────────────────

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz(/web)?$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not "no-referrer": with it browsers send "Origin: null" with our own forms too, and the Origin check, which is what
# keeps foreign forms out, could not tell them apart. Nothing leaves for another site either way.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    # HSTS for sub-domains and preloading bind the organisation's whole domain: that is for its proxy to decide.
    "security.W005",
    "security.W021",
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # The QR code of the two-factor page is a data: image.
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# ── Languages and time ────────────────────────────────────────────────────────────────────────────────────────────────

USE_I18N = True
USE_TZ = True
# A day in a tally is a day in this time zone.
TIME_ZONE: str = env.str("TIME_ZONE", default="UTC")

# The languages of pages. The first has no prefix in the address; letters may be in any language.
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("ru", _("Russian")),
    ("ar", _("Arabic")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
# English dates as "14 March 2026", which nobody reads as another day.
FORMAT_MODULE_PATH = ["config.formats"]

# ── Static files ──────────────────────────────────────────────────────────────────────────────────────────────────────

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.finders.PackageFinder",
]
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "prisoners.stylesheets.JoinedStorage"
    },
}
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"

# ── Mail of Django itself: organisers' password resets ────────────────────────────────────────────────────────────────

if DELIVERY_MODE == "live" and provider_of(EMAIL_URL):
    EMAIL_BACKEND: str = f"anymail.backends.{provider_of(EMAIL_URL)}.EmailBackend"
elif DELIVERY_MODE == "live" and EMAIL_URL:
    relay = env.email_url_config(EMAIL_URL)
    EMAIL_BACKEND = relay["EMAIL_BACKEND"]
    EMAIL_HOST: str = relay["EMAIL_HOST"]
    EMAIL_PORT: int = relay["EMAIL_PORT"] or 25
    EMAIL_HOST_USER: str = relay["EMAIL_HOST_USER"] or ""
    EMAIL_HOST_PASSWORD: str = relay["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS: bool = relay.get("EMAIL_USE_TLS", False)
    EMAIL_USE_SSL: bool = relay.get("EMAIL_USE_SSL", False)
    EMAIL_TIMEOUT = SMTP_CONNECT_SECONDS
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"

# ── Watching: the bearer token of /metrics; without one there is no such page ─────────────────────────────────────────

METRICS_TOKEN: str = env.str("METRICS_TOKEN", default="")

# ── Logs: to standard error, one line an event, without anything that tells who a supporter is ────────────────────────

LOG_LEVEL: str = env.str("LOG_LEVEL", default="INFO")
LOGGING = log_to_stderr(LOG_LEVEL)

# ── Refusal ───────────────────────────────────────────────────────────────────────────────────────────────────────────

if not DEBUG and (sentence := refusal(globals())):
    raise ImproperlyConfigured(sentence)
