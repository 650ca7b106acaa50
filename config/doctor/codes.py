"""Every code of the doctor, how grave it is, and how it is mended; docs/doctor.md lists
them."""

from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Code(NamedTuple):
    """How grave a finding is, and one sentence that says how to mend it."""

    severity: str
    mend: Promise


def problem(mend: Promise) -> Code:
    return Code("problem", mend)


def warning(mend: Promise) -> Code:
    return Code("warning", mend)


CODES: Final[dict[str, Code]] = {
    "D001": warning(_("Run the doctor again; if it says the same, read the log.")),
    "D002": problem(_("Start the database, or correct its address, and look again.")),
    "D101": problem(_("Give the connection its own user: manage.py create_roles.")),
    "D102": problem(_("Take the powers from the role: manage.py create_roles.")),
    "D111": problem(_("Run manage.py check_isolation, then manage.py apply_rls.")),
    "D112": warning(_("Run manage.py check_isolation and do what W001 says.")),
    "D113": warning(_("Run manage.py check_isolation every day, with the owner.")),
    "D114": problem(_("Run manage.py check_isolation and mend each hole it names.")),
    "D121": problem(_("Run manage.py migrate.")),
    "D201": problem(_("Set DEBUG=false and start the processes again.")),
    "D202": problem(_("Name the hosts people type in ALLOWED_HOSTS.")),
    "D203": warning(_("Put TLS in front and leave HTTPS at its default.")),
    "D204": problem(_("Make a longer one, for instance with openssl rand -hex 40.")),
    "D205": problem(_("Give each variable a secret of its own.")),
    "D206": problem(_("Replace it by one that a machine has drawn.")),
    "D207": problem(_("Run manage.py changepassword for them, or ban them.")),
    "D211": problem(_("Correct EMAIL_URL, or start the mail server.")),
    "D212": problem(_("Set EMAIL_URL to a mail server's address.")),
    "D213": warning(_("Set DEFAULT_FROM_EMAIL to an address of your domain.")),
    "D221": warning(_("Set STRIPE_SECRET_KEY to the live key when you sell.")),
    "D222": problem(_("Use a test key here, or switch DEBUG off.")),
    "D223": problem(_("Run manage.py billing_setup and set what it tells.")),
    "D224": warning(_("Run manage.py billing_setup.")),
    "D231": warning(_("Start more workers: manage.py worker --concurrency 4.")),
    "D232": warning(_("Start a worker: it takes them up within a minute.")),
    "D233": warning(_("Read why in the console, then run manage.py jobs_retry.")),
    "D234": problem(_("Start one: manage.py worker.")),
    "D241": problem(_("Run manage.py backup, and let the clock do it daily.")),
    "D242": problem(_("Run manage.py backup and read what it says.")),
    "D251": problem(_("Free some space, or move the folder to a larger disk.")),
    "D252": problem(_("Start the cache server, or correct REDIS_URL.")),
    "D253": problem(_("Run manage.py collectstatic.")),
    "D301": problem(_("Let both machines follow a time server (chrony, ntpd).")),
    "D302": problem(_("Add sslmode=verify-full to the database's address.")),
    "D303": problem(_("Dump the database and load it into one made with UTF8.")),
    "D304": warning(_("Run ALTER DATABASE ... SET timezone TO 'UTC'.")),
    "D305": warning(
        _("Run REINDEX DATABASE, then ALTER DATABASE ... REFRESH COLLATION VERSION.")
    ),
    "D306": warning(_("Set DATABASE_POOL=true, or raise max_connections.")),
    "D307": problem(_("End old transactions, then run VACUUM (FREEZE).")),
    "D308": warning(_("Look at the standby, or drop the slot nobody reads.")),
    "D311": warning(_("Update PostgreSQL to the newest release of its line.")),
    "D312": warning(_("Update Django: the newest release of the same line.")),
    "D313": warning(_("Move to a Python that still gets security releases.")),
}
