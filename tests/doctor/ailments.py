"""One way to bring about each code of the doctor; nothing is pretended.

Each either makes the installation ill, or hands on what its check says of something
that no test could bring about, such as a database that is two thousand million
transactions old.
"""

from dataclasses import replace
from datetime import date

from django.db import connections

from config.doctor import machine, roles, safety, server, versions, walls
from config.doctor.asking import catalog
from organizations.tenancy import no_context
from organizations.tenancy.proof import expected, findings
from tests.doctor.conftest import administrator, job, log, person, run

AILMENTS = {}


def brings(*codes):
    """Note what brings codes about."""

    def decorate(function):
        AILMENTS.update(dict.fromkeys(codes, function))
        return function

    return decorate


def setting(code, name, value):
    """Note a setting that brings a code about."""

    def set_it(world):
        setattr(world.settings, name, value)

    AILMENTS[code] = set_it


def fact(code, judge, **facts):
    """Note what the server would have to say for a code."""

    def say(world):
        with catalog("operator") as cursor:
            return judge(replace(server.read(cursor), **facts))

    AILMENTS[code] = say


setting("D001", "DEFAULT_FROM_EMAIL", None)
setting("D202", "ALLOWED_HOSTS", ["*"])
setting("D203", "HTTPS", False)
setting("D204", "SECRET_KEY", "short but odd: q7Zw")
setting("D206", "SECRET_KEY", "django-insecure-q7ZwR0uYp3LkMn8Bv5Cx2Sd9Gh4Jf6TaEiOQ")
setting("D212", "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
setting("D213", "DEFAULT_FROM_EMAIL", "Insula <hello@localhost>")
setting("D211", "EMAIL_PORT", 1)
setting("D251", "MEDIA_ROOT", "/proc/self")

fact("D301", lambda facts: server.about_way(facts, ""), off=-90.0)
fact("D302", lambda f: server.about_way(f, "db.example"), is_encrypted=False)
fact("D303", server.about_data, encoding="SQL_ASCII")
fact("D304", server.about_data, timezone="Europe/Vienna")
fact("D305", server.about_data, collation="2.31", library="2.36")
fact("D306", server.about_room, connections=81, most=100)
fact("D307", server.about_room, age=1_500_000_000)
fact("D308", server.about_room, behind_bytes=2 * 1024**3)


@brings("D101")
def somebody_elses_address(world):
    with catalog("operator") as cursor:
        return list(roles.of_connection("default", cursor))


@brings("D102")
def an_administrators_address(world):
    with administrator() as cursor:
        return list(roles.of_connection("default", cursor))


@brings("D111")
def an_open_table(world):
    with no_context(), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE lab_label NO FORCE ROW LEVEL SECURITY")
    return walls.walls_stand()


@brings("D112")
def shown_statements(world):
    with catalog("owner") as cursor:
        wanted = expected(cursor)
    with administrator() as cursor:
        cursor.execute("ALTER ROLE insula_app RESET track_activities")
        return list(walls.about(findings(cursor, wanted)))


@brings("D113")
def an_old_proof(world):
    world.forget()
    log("isolation.proven", 60)


@brings("D114")
def a_failed_proof(world):
    log("isolation.broken", codes=["I031"])


@brings("D121")
def a_newer_release(world):
    world.settings.MIGRATION_MODULES = {"lab": "tests.doctor.later"}


@brings("D201")
def debug_on_a_server(world):
    world.settings.DEVELOPMENT, world.settings.DEBUG = False, True


@brings("D205")
def one_secret_for_two_things(world):
    world.settings.STRIPE_WEBHOOK_SECRET = world.settings.SECRET_KEY


@brings("D207")
def a_person_of_the_demo(world):
    person("alice@example.com", "alice-demo-42")
    return safety.demo_people_are_gone()


@brings("D221")
def a_test_key(world):
    world.settings.STRIPE_SECRET_KEY = "sk_test_" + "q7ZwR0uY" * 4
    world.settings.STRIPE_WEBHOOK_SECRET = "whsec_q7ZwR0uYp3LkMn8Bv5Cx"


@brings("D222")
def a_live_key_of_a_developer(world):
    a_test_key(world)
    world.settings.STRIPE_LIVE_MODE = world.settings.DEBUG = True


@brings("D223")
def a_key_without_its_events(world):
    world.settings.STRIPE_SECRET_KEY = "sk_live_" + "q7ZwR0uY" * 4
    world.settings.STRIPE_LIVE_MODE = True


@brings("D224")
def plans_that_nobody_sells(world):
    world.settings.BILLING_ON = True


@brings("D231")
def a_job_that_waits(world):
    job("todo")
    run("UPDATE procrastinate_events SET at = now() - interval '10 minutes'")


@brings("D232")
def a_job_of_a_dead_worker(world):
    job("doing")


@brings("D233")
def a_job_that_was_given_up(world):
    job("failed")


@brings("D234")
def no_worker(world):
    run("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")


@brings("D241")
def an_old_backup(world):
    world.forget()
    log("backup.made", 30)


@brings("D242")
def a_failed_backup(world):
    log("backup.failed")


@brings("D252")
def a_cache_that_is_away(world):
    world.settings.CACHES = {
        "default": {"BACKEND": "accounts.cache.SharedCache", "LOCATION": "no_cache"}
    }
    return machine.cache_answers()


@brings("D253")
def pages_without_styles(world):
    world.settings.STATIC_ROOT = world.folder / "static"


@brings("D311")
def an_old_postgresql(world):
    return versions.of_postgresql(150_013)


@brings("D312")
def an_old_django(world):
    return versions.of_django((5, 2, 15))


@brings("D313")
def an_old_python(world):
    return versions.of_python((3, 11), date(2027, 11, 1))
