"""The settings of the tests: the same house, with cheap passwords and a lab app."""

import os

from config.settings import *  # noqa: F403
from config.settings import (
    BACKUP_DATABASE,
    BASE_DIR,
    DATABASES,
    INSTALLED_APPS,
    STORAGES,
    TENANCY,
)
from tests.server import on_server

# What a real server would choose; the embedded one is only how the tests run.
DEBUG = False
SERVER_TIMING = True
INSTALLED_APPS = [*INSTALLED_APPS, "tests.lab"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    **STORAGES,
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
TENANCY = {
    **TENANCY,
    "SEAL_KEY": "a seal key that only tests have, 40 long",
    "EXAMINE_AT_START": False,
}
if os.environ.get("INSULA_TEST_SERVER"):
    DATABASES = on_server(DATABASES)
    BACKUP_DATABASE = on_server({"backup": BACKUP_DATABASE})["backup"]
    TENANCY["ADMIN_URL"] = os.environ["INSULA_TEST_SERVER"]
# Payments are off but where a test starts its own double of Stripe.
STRIPE_SECRET_KEY = STRIPE_WEBHOOK_SECRET = ""
BILLING_DOUBLE, BILLING_DOUBLE_DELIVERS_TO, BILLING_ON = None, "", False
# As on a server.
WEBHOOK_PLAIN_HTTP = False
# It is written on a connection that few tests have.
BILLING_MIRROR = False
STATIC_ROOT = BASE_DIR / "static"
# Every test's client would list all files first, which takes longer than the test.
WHITENOISE_AUTOREFRESH = True
