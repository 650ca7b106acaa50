"""Insula's settings, top to bottom; environments differ only by variables."""

import logging.config
from hashlib import sha256
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF

from config import devdb, env
from config.logs import logging_config
from config.middleware.headers import open_to_mail
from config.sign_in import *  # noqa: F403  # names that allauth reads
from config.walls import WALLS

# --- paths and mode -------------------------------------------------------------
BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1"
# Without an address we are on a developer's machine, with a database of our own.
DEVELOPMENT = not env.is_set("DATABASE_URL")
DEBUG = env.flag("DEBUG", DEVELOPMENT)
# Off only where nothing but a private network reads along.
HTTPS = env.flag("HTTPS", not DEVELOPMENT)

# --- secrets and hosts ----------------------------------------------------------
SECRET_KEY = env.secret(
    "SECRET_KEY", devdb.secret("secret-key") if DEVELOPMENT else None, at_least=50
)
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS", [])
SEAL_KEY = env.secret(
    "TENANCY_SEAL_KEY", devdb.secret("seal-key") if DEVELOPMENT else None
)
ALLOWED_HOSTS = env.names(
    "ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if DEVELOPMENT else None
)
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    env.fail("ALLOWED_HOSTS must name the hosts that are served; * would serve any.")
if SEAL_KEY == SECRET_KEY:
    env.fail("TENANCY_SEAL_KEY must differ from SECRET_KEY.")
CSRF_TRUSTED_ORIGINS = env.addresses("CSRF_TRUSTED_ORIGINS", {"http", "https"})
PORT = env.number("PORT", 8000)
BASE_URL = env.text(
    "BASE_URL",
    f"http://localhost:{PORT}"
    if DEVELOPMENT
    else f"{'https' if HTTPS else 'http'}://{ALLOWED_HOSTS[0].lstrip('.')}",
)

# --- apps -----------------------------------------------------------------------
INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "tasks.attachments.apps.AttachmentsConfig",
    "tasks.comments.apps.CommentsConfig",
    "tasks.apps.TasksConfig",
    "tasks.labels.apps.LabelsConfig",
    "tasks.changesets.apps.ChangesetsConfig",
    "tasks.exports.apps.ExportsConfig",
    "tasks.imports.apps.ImportsConfig",
    "billing.apps.BillingConfig",
    "billing.intake.apps.IntakeConfig",
    "billing.djstripe.apps.DjstripeConfig",
    "organizations.apps.OrganizationsConfig",
    "organizations.domains.apps.DomainsConfig",
    "organizations.invitations.apps.InvitationsConfig",
    "organizations.onboarding.apps.OnboardingConfig",
    "organizations.gallery.apps.GalleryConfig",
    "organizations.members.apps.MembersConfig",
    "organizations.teams.apps.TeamsConfig",
    "organizations.personal.apps.PersonalConfig",
    "organizations.archives.apps.ArchivesConfig",
    "organizations.pictures.apps.PicturesConfig",
    "organizations.roles.apps.RolesConfig",
    "organizations.security.apps.SecurityConfig",
    "organizations.limits.apps.LimitsConfig",
    "organizations.api.apps.ApiConfig",
    "organizations.notifications.apps.NotificationsConfig",
    "organizations.webhooks.apps.WebhooksConfig",
    "organizations.events.apps.EventsConfig",
    "organizations.failures.apps.FailuresConfig",
    "organizations.flags.apps.FlagsConfig",
    "organizations.notes.apps.NotesConfig",
    "organizations.support.apps.SupportConfig",
    "organizations.audit.apps.AuditConfig",
    "accounts.banners.apps.BannersConfig",
    "accounts.apps.AccountsConfig",
    "accounts.impersonation.apps.ImpersonationConfig",
    "organizations.tenancy.apps.TenancyConfig",
    "config.operator.apps.OperatorConfig",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.github",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_htmx",
    "template_partials",
    "csp",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    # Every answer passes these, refusals too: an id, the headers, the look.
    "config.middleware.request_id.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.headers.HeadersMiddleware",
    "config.middleware.policy.PolicyMiddleware",
    # Round whatever draws a page, so that none is without it.
    "organizations.support.bar.BarMiddleware",
    "config.middleware.database.DatabaseAwayMiddleware",
    "config.middleware.look.LookMiddleware",
    "config.middleware.timing.ServerTimingMiddleware",
    # What cannot be meant for us goes no further.
    "config.middleware.guard.GuardMiddleware",
    "config.health.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # From here on there are people, and after the last one organizations.
    "organizations.tenancy.middleware.TenancyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.middleware.AuthenticationMiddleware",
    "accounts.impersonation.middleware.ImpersonationMiddleware",
    "accounts.middleware.PreferencesMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.terms.TermsMiddleware",
    "organizations.middleware.OrganizationMiddleware",
    "organizations.support.middleware.SupportMiddleware",
    "config.middleware.replica.ReplicaMiddleware",
    "organizations.api.middleware.ApiMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The package's own hundreds of operations take half a minute.
MIGRATION_MODULES = {"djstripe": "billing.djstripe.migrations"}
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
            ],
        },
    },
    {
        "BACKEND": "config.drawn.DrawnOnce",
        "NAME": "drawn",
        "DIRS": [],
        "APP_DIRS": False,
    },
]

# --- database -------------------------------------------------------------------
ROLE_PREFIX = env.text("DATABASE_ROLE_PREFIX", "insula")


# A pool keeps this many connections a process; without one, each thread keeps its own.
POOL = {"min_size": 1, "max_size": 10, "max_idle": 30, "timeout": 10}
POOLED = env.flag("DATABASE_POOL", False)
NEARBY = {"", "localhost", "127.0.0.1", "::1"}


def connection(parsed: dict[str, Any], **extra: Any) -> dict[str, Any]:
    """Return a Django database entry that carries the tenant context.

    Another machine's certificate is verified unless the address says otherwise.
    """
    options = {"connect_timeout": 10, **parsed.pop("OPTIONS", {})}
    host = parsed.get("HOST", "")
    if host not in NEARBY and not host.startswith("/") and "sslmode" not in options:
        options |= {"sslmode": "verify-full", "sslrootcert": "system"}
    if POOLED:
        options["pool"] = POOL
    return {
        **parsed,
        "ENGINE": "organizations.tenancy.postgresql",
        "CONN_MAX_AGE": 0 if POOLED else 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": options,
        **extra,
    }


def databases() -> dict[str, dict[str, Any]]:
    """Return the runtime, operator and owner connections this process has."""
    if DEVELOPMENT:
        wake = {"BEFORE_CONNECT": "config.devdb.hold"}
        found = {
            alias: connection(env.parsed_database(devdb.url(role)), **wake)
            for alias, role in (
                ("default", f"{ROLE_PREFIX}_app"),
                ("operator", f"{ROLE_PREFIX}_operator"),
                ("owner", f"{ROLE_PREFIX}_owner"),
            )
        }
    else:
        found = {"default": connection(env.database("DATABASE_URL"))}
        for alias, name in (
            ("operator", "DATABASE_OPERATOR_URL"),
            ("owner", "DATABASE_OWNER_URL"),
        ):
            if env.is_set(name):
                found[alias] = connection(env.database(name))
    if env.is_set("DATABASE_REPLICA_URL"):
        found["replica"] = connection(env.database("DATABASE_REPLICA_URL"))
    for alias, entry in found.items():
        if alias != "default":
            entry["TEST"] = {"MIRROR": "default"}
    return found


def backup_database() -> dict[str, Any] | None:
    """Return how backups are read, where this process may; no request does."""
    if DEVELOPMENT:
        return connection(env.parsed_database(devdb.url(f"{ROLE_PREFIX}_backup")))
    name = "DATABASE_BACKUP_URL"
    return connection(env.database(name)) if env.is_set(name) else None


DATABASES = databases()
BACKUP_DATABASE = backup_database()
DATABASE_ROUTERS = ["organizations.tenancy.routers.TenancyRouter"]
HAS_CONSOLE = "operator" in DATABASES
HAS_REPLICA = "replica" in DATABASES
# For so long after a write its browser reads from the primary, and a standby that is
# further behind is left alone.
REPLICA_GRACE_SECONDS = env.number("REPLICA_GRACE_SECONDS", 5)

# --- tenancy --------------------------------------------------------------------
TENANCY: dict[str, Any] = {
    "SEAL_KEY": SEAL_KEY,
    "ROLE_PREFIX": ROLE_PREFIX,
    # Only for the proof's planted breaks, and only where an administrator is at hand.
    "ADMIN_URL": devdb.url("postgres")
    if DEVELOPMENT
    else env.text("DATABASE_ADMIN_URL", ""),
    # A migration gives a lock up after so long, lets others work, and tries again.
    "MIGRATE_LOCK_SECONDS": env.number("MIGRATE_LOCK_SECONDS", 5),
    **WALLS,
}

# --- people and sessions --------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "accounts.sessions"
# A session ends after this long, however much it is used; and after being left alone
# for this long, unless that is 0.
SESSION_ABSOLUTE_SECONDS = env.number("SESSION_ABSOLUTE_SECONDS", 14 * 24 * 3600)
SESSION_IDLE_SECONDS = env.number("SESSION_IDLE_SECONDS", 0)
if SESSION_ABSOLUTE_SECONDS < 300 or not (
    SESSION_IDLE_SECONDS == 0 or SESSION_IDLE_SECONDS >= 60
):
    env.fail(
        "SESSION_ABSOLUTE_SECONDS must be 300 or more, SESSION_IDLE_SECONDS 60 or more"
        " (0 for no limit)."
    )
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Who may make an account; accounts/doors.py holds the door.
SIGNUP_MODE = env.choice(
    "SIGNUP_MODE", ("open", "domains", "invited", "closed"), "open"
)
SIGNUP_DOMAINS = [name.lower() for name in env.names("SIGNUP_DOMAINS", [])]
if (SIGNUP_MODE == "domains") != bool(SIGNUP_DOMAINS):
    env.fail("SIGNUP_MODE=domains and SIGNUP_DOMAINS need each other.")
# Where the terms stand and which they are: newcomers accept them, and everybody does
# again at the next page once the version is another.
TERMS_URL = env.address("TERMS_URL", {"https", "http"})
TERMS_VERSION = env.text("TERMS_VERSION", "")
if bool(TERMS_URL) != bool(TERMS_VERSION) or len(TERMS_VERSION) > 40:
    env.fail("TERMS_URL and TERMS_VERSION (40 characters or less) need each other.")
# Nobody is told by mail to make an account that cannot be made.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = SIGNUP_MODE in ("open", "domains")
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
SERVER_TIMING = env.flag("SERVER_TIMING", False)
# Other providers that sign people in: those whose client is given here, none otherwise.
SOCIALACCOUNT_PROVIDERS = env.providers()
USERSESSIONS_TRACK_ACTIVITY = False
USERSESSIONS_ADAPTER = "accounts.adapter.SessionsAdapter"
# How many proxies of ours stand in front; none is believed otherwise.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)

# --- caches, mail, jobs ---------------------------------------------------------
REDIS_URL = env.address("REDIS_URL", {"redis", "rediss", "unix"})
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
    }
    if REDIS_URL
    else {
        "BACKEND": "accounts.cache.SharedCache",
        "LOCATION": "insula_cache",
    }
}
MAIL_DIR = BASE_DIR / "var" / "mail"
globals().update(env.mail("EMAIL_URL", folder=MAIL_DIR))
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Insula <hello@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Each app's jobs.py; the word "tasks" is the product's.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
# A daily job whose hour passed while no worker ran is made up for.
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 24 * 3600}

# Asked for the TXT records by which an organization proves a domain.
DNS_RESOLVER = env.text("DNS_RESOLVER", "organizations.domains.dns.lookup_txt")

# --- webhooks -------------------------------------------------------------------
# The first key locks the secrets of endpoints, the others open what they locked.
WEBHOOK_SECRETS_KEYS = env.keys(
    "WEBHOOK_SECRETS_KEY", [SECRET_KEY, *SECRET_KEY_FALLBACKS]
)
# Private networks and hosts that may be sent to all the same, over http as well.
WEBHOOK_ALLOWED_NETWORKS = env.receivers("WEBHOOK_ALLOWED_NETWORKS")
WEBHOOK_PLAIN_HTTP = env.flag("WEBHOOK_PLAIN_HTTP", DEBUG)
WEBHOOK_RESOLVER = env.text(
    "WEBHOOK_RESOLVER", "organizations.webhooks.addresses.lookup"
)
# A call is over after so many seconds, whatever the receiver does, and so much of its
# answer is read.
WEBHOOK_DEADLINE_SECONDS = 15.0
WEBHOOK_READ_BYTES = 64 * 1024
# Queues with places of their own in each worker: what waits there for strangers takes
# none of the others' places.
JOB_LANES = {"webhooks": 50, "webhooks_slow": 50, "backups": 1}

# --- money ----------------------------------------------------------------------
# Without a key a developer's machine has a double of Stripe of its own, and a server
# no payments; nor has one that has a key, until it knows the secret of its events,
# which `billing_setup` tells.
STRIPE_SECRET_KEY = env.stripe_key("STRIPE_SECRET_KEY")
STRIPE_WEBHOOK_SECRET = (
    env.secret("STRIPE_WEBHOOK_SECRET") if env.is_set("STRIPE_WEBHOOK_SECRET") else ""
)
if STRIPE_WEBHOOK_SECRET and not STRIPE_SECRET_KEY:
    env.fail("STRIPE_WEBHOOK_SECRET needs STRIPE_SECRET_KEY.")
# Another server than Stripe's own answers in its stead.
STRIPE_API_BASE = env.address("STRIPE_API_BASE", {"https", "http"})
STRIPE_API_VERSION = "2026-05-27.dahlia"
# The double keeps what it knows in this file; no variable switches it on.
BILLING_DOUBLE: Path | None = None
BILLING_DOUBLE_DELIVERS_TO = ""
if DEBUG and not STRIPE_SECRET_KEY:
    BILLING_DOUBLE = BASE_DIR / "var" / "fakestripe.sqlite3"
    BILLING_DOUBLE_DELIVERS_TO = f"{BASE_URL.rstrip('/')}/billing/stripe/events/"
    STRIPE_SECRET_KEY = "sk_test_" + "double" * 5
    STRIPE_WEBHOOK_SECRET = "whsec_" + sha256(SECRET_KEY.encode()).hexdigest()
BILLING_ON = bool(STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET)
# Where a form of ours may lead people: to pay, to their card and papers.
STRIPE_PAGES = (
    ["https://checkout.stripe.com", "https://billing.stripe.com"]
    if BILLING_ON and not BILLING_DOUBLE
    else []
)
STRIPE_LIVE_MODE = "_live_" in STRIPE_SECRET_KEY
# The mirror of Stripe's objects, for staff; nothing of ours reads it.
BILLING_MIRROR = HAS_CONSOLE
DJSTRIPE_FOREIGN_KEY_TO_FIELD = "id"
DJSTRIPE_SUBSCRIBER_MODEL = "organizations.Organization"
# Whose customer one is says our own row, and not what stands at Stripe.
DJSTRIPE_SUBSCRIBER_CUSTOMER_KEY = None
BILLING_CURRENCY = env.choice("BILLING_CURRENCY", ("eur", "usd", "gbp", "chf"), "eur")
# Days after a payment failed: the three mails, then read-only, then suspended.
BILLING_DUNNING_DAYS = (0, 4, 9, 14, 28)

# --- files ----------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Pictures and exports; web and worker share it, and no web server shows it.
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(BASE_DIR / "media")))
STORAGES = {
    "default": env.storage("STORAGE_URL", folder=MEDIA_ROOT),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.storage.StaticStorage"
    },
}
# Nightly backups, where a folder is set, and how many of them stay.
BACKUP_DIR = Path(env.text("BACKUP_DIR", "")) if env.is_set("BACKUP_DIR") else None
BACKUP_KEEP = env.number("BACKUP_KEEP", 7)
if BACKUP_KEEP < 1:
    env.fail("BACKUP_KEEP must be 1 or more.")
# The folder of pg_dump and pg_restore, where they are not in a usual place.
POSTGRES_PROGRAMS = env.text("POSTGRES_PROGRAMS", "")
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_ADD_HEADERS_FUNCTION = open_to_mail
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- language and time ----------------------------------------------------------
LANGUAGE_CODE = "en"
# Only languages whose catalogue is complete; whoever adds one offers it here.
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

# --- limits ---------------------------------------------------------------------
# The whole body with its files; then what of it is not a file, and how many of each.
# Forms take fewer files than that, and say so; a page that counts too many says less.
REQUEST_MAX_BYTES = 12_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 1_000
# Of one task's files; several sent at once share the whole body.
ATTACHMENT_MAX_BYTES = 10_000_000
ATTACHMENTS_MOST = 25
PICTURES_AT_ONCE = 20
IMPORT_MAX_ROWS = env.number("IMPORT_MAX_ROWS", 200_000)
IMPORT_MAX_BYTES = env.number("IMPORT_MAX_BYTES", 50 * 1024 * 1024)
ARCHIVE_MAX_BYTES = env.number("ARCHIVE_MAX_BYTES", 500 * 1024 * 1024)
# Pages that take more, by their address: the file, and the form round it.
REQUEST_MAX_BYTES_OF = {
    "/tasks/import/new/": IMPORT_MAX_BYTES + 100_000,
    "/organizations/settings/import/new/": ARCHIVE_MAX_BYTES + 100_000,
    "/billing/stripe/events/": 1_000_000,
}
PICTURE_MAX_BYTES = 5_000_000
PICTURE_MAX_PIXELS = 40_000_000

# --- security -------------------------------------------------------------------
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
)
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *STRIPE_PAGES],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- logs and figures -----------------------------------------------------------
# Whoever scrapes /metrics sends it; without one nothing is counted.
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
if METRICS_TOKEN and len(METRICS_TOKEN) < 32:
    env.fail("METRICS_TOKEN must have 32 characters or more.")
# Statements that take longer are logged, without their values; 0 logs none.
SLOW_STATEMENT_MS = env.number("SLOW_STATEMENT_MS", 500)
LOGGING_CONFIG = None
LOGGING = logging_config(pretty=DEVELOPMENT)
logging.config.dictConfig(LOGGING)
