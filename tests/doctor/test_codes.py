"""Every code is brought about, named, mended in words and listed in the documents."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError, connections

from config.doctor import APART, CHECKS, Finding, examine, server, verdict, versions
from config.doctor.asking import LIMIT, catalog, one, within
from config.doctor.codes import CODES
from config.doctor.machine import has_room
from config.doctor.safety import is_guessed
from config.health import expected_migrations
from config.settings import BASE_DIR
from tests.doctor.ailments import AILMENTS
from tests.doctor.conftest import log

pytestmark = pytest.mark.django_db(databases=["default", "operator", "owner"])

# Shown by a process of its own, whose database is away.
ELSEWHERE = {"D002"}


@pytest.fixture(autouse=True)
def _read_migrations_anew():
    expected_migrations.cache_clear()
    yield
    expected_migrations.cache_clear()


def test_a_healthy_installation_has_no_findings(world, codes):
    assert codes() == set()


@pytest.mark.parametrize("code", sorted(AILMENTS))
def test_an_ailment_is_named(code, world, codes):
    said = AILMENTS[code](world)
    found = codes() if said is None else {finding.code for finding in said}
    assert code in found


def test_every_code_has_an_ailment():
    assert set(AILMENTS) | ELSEWHERE == set(CODES)


def test_every_code_is_listed_with_its_severity():
    text = (BASE_DIR / "docs" / "doctor.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| (D\d{3}) \| (\w+) \|", text, re.MULTILINE))
    assert listed == {code: entry.severity for code, entry in CODES.items()}


@pytest.mark.parametrize("code", sorted(CODES))
def test_each_mend_is_one_sentence(code):
    mend = Finding(code, "x").mend
    assert mend.endswith(".")
    assert mend[0].isupper()
    assert "\n" not in mend


def test_a_check_that_fails_leaves_the_others_to_be_made(world, codes):
    world.settings.DEFAULT_FROM_EMAIL = None
    world.settings.HTTPS = False
    assert codes() == {"D001", "D203"}


def test_problems_come_first(world):
    world.settings.HTTPS = False
    log("backup.failed")
    found = [finding for finding in examine() if finding.code != "D311"]
    assert [each.code for each in found] == ["D242", "D203"]


@pytest.mark.parametrize(
    ("codes", "expected"), [([], 0), (["D203"], 2), (["D203", "D242"], 1)]
)
def test_the_verdict_is_the_exit_code(codes, expected):
    assert verdict([Finding(code, "") for code in codes]) == expected


def test_a_developers_machine_is_no_server(world, codes):
    world.settings.DEBUG = True
    world.settings.HTTPS = False
    world.settings.ALLOWED_HOSTS = ["localhost"]
    world.settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    log("backup.made", 0)
    assert codes() == set()


def test_a_redis_that_is_away_is_named(world, codes):
    world.settings.REDIS_URL = "redis://127.0.0.1:1/0"
    world.settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": world.settings.REDIS_URL,
        }
    }
    assert codes() == {"D252"}


def test_the_facts_of_a_server_are_its_own():
    with catalog("operator") as cursor:
        facts = server.read(cursor)
        cursor.execute("SHOW max_connections")
        (most,) = cursor.fetchone()
    assert abs(facts.off) < 5
    assert facts.encoding == "UTF8"
    assert 0 < facts.connections < facts.most <= int(most)
    assert 0 < facts.age < server.OLD_TRANSACTIONS


def test_a_statement_of_a_check_is_cut_off_in_time():
    with pytest.raises(OperationalError, match="timeout"):
        sleep_in_a_check()


def sleep_in_a_check():
    with catalog("operator") as cursor:
        assert one(cursor, "SHOW statement_timeout") == "5s"
        cursor.execute(LIMIT, ["30ms"])
        cursor.execute("SELECT pg_sleep(5)")


def test_a_checks_limit_ends_with_it():
    cursor = connections["operator"].cursor()
    before = one(cursor, "SHOW statement_timeout")
    with catalog("operator"):
        pass
    assert one(cursor, "SHOW statement_timeout") == before != "5s"


def test_whoever_does_not_answer_is_not_waited_for(post_office):
    import threading

    never = threading.Event()
    with pytest.raises(TimeoutError):
        within(0.05, never.wait)
    never.set()


@pytest.mark.parametrize(
    ("number", "flaws"),
    [
        (150_002, 3),
        (150_003, 2),
        (150_009, 1),
        (150_013, 1),
        (150_014, 0),
        (160_004, 2),
        (170_005, 1),
        (170_006, 0),
        (180_000, 0),
        (190_000, 0),
        (90_600, 3),
    ],
)
def test_each_release_of_postgresql_has_the_flaws_it_has(number, flaws):
    said = "".join(each.what for each in versions.of_postgresql(number))
    assert said.count("CVE-") == flaws


@pytest.mark.parametrize(
    ("version", "is_sound"),
    [
        ((5, 2, 16), True),
        ((6, 0, 7), True),
        ((6, 1, 0), True),
        ((5, 2, 8), False),
        ((6, 0, 6), False),
        ((4, 2, 30), False),
    ],
)
def test_each_release_of_django_is_sound_or_not(version, is_sound):
    assert (list(versions.of_django(version)) == []) == is_sound


@pytest.mark.parametrize(
    ("free", "total", "fits"),
    [
        (2 * 1024**3, 10 * 1024**3, True),
        (2 * 1024**3, 100 * 1024**3, False),
        (1024**3 - 1, 5 * 1024**3, False),
    ],
)
def test_a_disk_needs_a_tenth_and_a_gigabyte(free, total, fits):
    assert has_room(free, total) == fits


@pytest.mark.parametrize(
    ("value", "guessed"),
    [
        ("a" * 60, True),
        ("please-change-me-0123456789-abcdefghijklmnop", True),
        ("4f1c9a7be2d83056fe19ab47c0d2865314fa", False),
    ],
)
def test_what_somebody_typed_is_no_secret(value, guessed):
    assert is_guessed(value) == guessed


def test_the_command_prints_what_it_found_and_how_to_mend_it(world):
    world.settings.HTTPS = False
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=said)
    assert ended.value.code == 2
    assert "D203 warning: Passwords and sessions travel in the clear. Put" in (
        said.getvalue()
    )
    assert f"{len(APART) + len(CHECKS)} checks," in said.getvalue()
