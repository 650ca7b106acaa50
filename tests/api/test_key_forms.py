"""What can be typed, or sent past the form, where keys are made and changed."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from organizations.api.flows import change_key
from organizations.api.models import ApiKey
from organizations.api.offered import ABILITIES
from organizations.permissions import ABILITIES as EVERY
from organizations.tenancy import identity, no_context, tenant
from tests.api.conftest import FORM, KEYS, NEW, Program, code_of, make_key
from tests.api.test_key_pages import key_now, shown
from tests.history import entries
from tests.security.test_logs import lines

__all__ = ["lines"]

TASKS = "/api/v1/tasks"
PASSWORD = {"password": "correct horse battery"}
ZONES = ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Cairo", "America/Santiago")


def live_in(person, zone):
    with no_context(), identity():
        User.objects.filter(pk=person.pk).update(timezone=zone)


def proved(cast, sign_in):
    """Return Alice, who signs in and types her password now, whenever that is."""
    client = sign_in(cast.alice, cast.acme)
    client.post("/accounts/reauthenticate/", PASSWORD)
    return client


def keys(organization):
    with no_context(), tenant(organization):
        return list(ApiKey.objects.order_by("created_at"))


@pytest.mark.parametrize(
    "more",
    [
        {"digest": "0" * 64},
        {"prefix": "ins_aaaaaa"},
        {"former_digest": "0" * 64, "former_until": "2099-01-01T00:00"},
        {"revoked_at": "2020-01-01T00:00", "last_used_from": "10.0.0.1"},
        {"expires_at": "2099-01-01T00:00"},
        {"id": str(uuid4()), "pk": str(uuid4())},
    ],
)
def test_what_a_form_does_not_ask_is_not_taken(proven, cast, more):
    text = shown(proven.post(NEW, FORM | more))
    key = key_now(cast.acme)
    assert (key.prefix, key.former_digest) == (text[:10], "")
    assert key.revoked_at is key.former_until is key.last_used_from is None
    assert key.expires_at < datetime.now(UTC) + timedelta(days=91)
    assert Program(text).get(TASKS).status_code == 200


@pytest.mark.parametrize("field", ["house", "organization_id", "created_by"])
def test_nobody_makes_a_key_for_others(proven, cast, field):
    other = cast.charlie.pk if field == "created_by" else cast.globex.pk
    shown(proven.post(NEW, FORM | {field: str(other)}))
    assert keys(cast.globex) == []
    assert key_now(cast.acme).created_by_id == cast.alice.pk


def test_a_form_drawn_for_another_organization_makes_nothing(proven, cast):
    answer = proven.post(NEW, FORM | {"organization": str(cast.globex.pk)})
    assert "ins_" not in answer.text
    assert keys(cast.acme) == keys(cast.globex) == []


@pytest.mark.parametrize("scope", sorted(set(EVERY) - set(ABILITIES)))
def test_no_ability_beyond_those_offered_is_given(proven, cast, scope):
    answer = proven.post(NEW, FORM | {"scopes": ["tasks.view", scope]})
    assert answer.status_code == 422
    assert keys(cast.acme) == []


@given(scopes=st.lists(st.sampled_from(ABILITIES), min_size=1, max_size=12))
def test_scopes_are_kept_once_each_in_the_order_they_are_offered(proven, cast, scopes):
    shown(proven.post(NEW, FORM | {"scopes": scopes}))
    kept = keys(cast.acme)[-1].scopes
    assert kept == [name for name in ABILITIES if name in scopes]


@given(scopes=st.lists(st.text(max_size=30), max_size=4), former=st.text(max_size=8))
def test_no_value_breaks_a_page_or_widens_a_key(proven, cast, scopes, former):
    key = (keys(cast.acme) or [make_key(cast.acme, cast.alice, ["tasks.view"])[0]])[0]
    edit = FORM | {"scopes": scopes, "expires": "keep"}
    assert proven.post(f"{KEYS}{key.pk}/edit/", edit).status_code == 422
    rotate = {"former": former, "expires": "keep"}
    assert proven.post(f"{KEYS}{key.pk}/rotate/", rotate).status_code == 422
    address = {"scopes": scopes, "name": former, "expires": former}
    for page in (NEW, f"{KEYS}{key.pk}/edit/", f"{KEYS}{key.pk}/rotate/"):
        assert proven.get(page, address).status_code == 200
    assert keys(cast.acme)[0].scopes == ["tasks.view"]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", ["2027-04-30", "2027-09-05", "2028-02-29"])
def test_the_last_day_ends_where_its_maker_lives(
    cast, sign_in, time_machine, zone, day
):
    live_in(cast.alice, zone)
    time_machine.move_to(datetime(2027, 3, 1, 12, tzinfo=UTC), tick=False)
    alice = proved(cast, sign_in)
    text = shown(alice.post(NEW, FORM | {"expires": "on", "expires_on": day}))
    last = datetime.fromisoformat(f"{day}T23:59:59").replace(tzinfo=ZoneInfo(zone))
    time_machine.move_to(last.astimezone(UTC) - timedelta(hours=2), tick=False)
    assert Program(text).get(TASKS).status_code == 200
    time_machine.move_to(last.astimezone(UTC) + timedelta(hours=2), tick=False)
    assert code_of(Program(text).get(TASKS)) == "key_expired"


@pytest.mark.parametrize(("zone", "status"), [(ZONES[0], 422), (ZONES[1], 200)])
def test_whether_a_day_is_over_is_asked_where_its_maker_lives(
    cast, sign_in, time_machine, zone, status
):
    live_in(cast.alice, zone)
    # The second of March has come to one of them, and is not yet there for the other.
    time_machine.move_to(datetime(2027, 3, 1, 20, tzinfo=UTC), tick=False)
    alice = proved(cast, sign_in)
    form = FORM | {"expires": "on", "expires_on": "2027-03-01"}
    assert alice.post(NEW, form).status_code == status


@pytest.mark.parametrize("verb", ["", "edit/", "rotate/", "revoke/"])
def test_a_key_of_others_is_a_missing_one(proven, cast, verb):
    foreign = make_key(cast.globex, cast.charlie)[0]
    for pk in (foreign.pk, uuid4()):
        assert proven.get(f"{KEYS}{pk}/{verb}").status_code == 404
        if verb:
            assert proven.post(f"{KEYS}{pk}/{verb}", FORM).status_code == 404
    with no_context(), tenant(cast.globex):
        assert ApiKey.objects.get().revoked_at is None


@pytest.mark.parametrize("who", ["bob", "vera"])
def test_who_keeps_no_keys_sees_and_does_nothing(cast, sign_in, who):
    client = sign_in(getattr(cast, who), cast.acme)
    client.post("/accounts/reauthenticate/", PASSWORD)
    key = make_key(cast.acme, cast.alice)[0]
    for verb in ("edit/", "rotate/", "revoke/"):
        assert client.post(f"{KEYS}{key.pk}/{verb}", FORM).status_code == 403
    assert client.get(KEYS).status_code == client.post(NEW, FORM).status_code == 403
    assert not keys(cast.acme)[0].is_revoked


def test_revoking_twice_is_recorded_once(as_alice, cast):
    key = make_key(cast.acme, cast.alice)[0]
    for _each in range(2):
        assert as_alice.post(f"{KEYS}{key.pk}/revoke/").status_code == 302
    assert len(entries(cast.acme, "key.revoked")) == 1


def test_saving_a_key_as_it_is_records_nothing(proven, cast):
    key = make_key(cast.acme, cast.alice, ["tasks.view"], name="Shop backend")[0]
    form = FORM | {"expires": "keep"}
    assert proven.post(f"{KEYS}{key.pk}/edit/", form).status_code == 302
    assert entries(cast.acme, "key.changed") == []


def test_a_name_is_text_and_never_markup(proven, cast):
    name = "<script>alert(1)</script>"
    page = proven.post(NEW, FORM | {"name": name}).text
    assert name not in page
    assert "&lt;script&gt;" in page
    log = proven.get("/audit/").text
    assert name not in log


def everything():
    """Return every row of every table of the product, as one text."""
    found = []
    with connection.cursor() as cursor:
        may = "has_table_privilege(c.oid, 'SELECT') AND c.relkind IN ('r', 'p')"
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c"
            f" WHERE c.relnamespace = 'public'::regnamespace AND {may}"
        )
        for (quoted,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {quoted} t")
            found += [str(row[0]) for row in cursor.fetchall()]
    return "\n".join(found)


def test_no_row_of_any_table_holds_the_text_of_a_key(proven, cast, run_jobs):
    made = shown(proven.post(NEW, FORM | {"scopes": list(ABILITIES)}))
    key = key_now(cast.acme)
    form = {"former": "day", "expires": "keep"}
    rotated = shown(proven.post(f"{KEYS}{key.pk}/rotate/", form))
    for text in (made, rotated):
        sent = {"title": "Tyres"}
        Program(text).post(TASKS, sent, Idempotency_Key="order-7")
        Program(text).post(TASKS, {"title": ""})
    run_jobs()
    with no_context(), tenant(cast.acme, cast.alice):
        rows = everything()
    assert "Tyres" in rows
    assert key_now(cast.acme).prefix in rows
    for text in (made, rotated):
        # Behind the letters it is known by, and before the organization's id.
        assert text[10:36] not in rows


def test_no_log_line_tells_a_key_whatever_becomes_of_it(proven, cast, lines):
    made = shown(proven.post(NEW, FORM))
    key = key_now(cast.acme)
    wrong = made[:-23] + ("A" if made[-23] != "A" else "B") + made[-22:]
    for text in (made, wrong, f"{made}x", made[:-1]):
        Program(text).get(TASKS)
        Program(text).post(TASKS, "{")
    proven.post(f"{KEYS}{key.pk}/revoke/")
    Program(made).get(TASKS)
    written = lines.getvalue()
    assert len(lines.objects("request")) >= 10
    assert made[10:34] not in written
    assert wrong[10:] not in written


def test_a_page_with_a_secret_is_kept_by_nobody(proven, cast):
    page = proven.post(NEW, FORM)
    shown(page)
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] in {"same-origin", "no-referrer"}


def test_a_scope_taken_away_meanwhile_is_not_given_back(cast):
    stale = make_key(cast.acme, cast.alice, ["tasks.view", "audit.view"])[0]
    values = {"key": stale, "name": "Robot", "expires_at": None, "by": cast.alice}
    with no_context(), tenant(cast.acme, cast.alice):
        assert change_key(scopes=["tasks.view"], own=["tasks.view"], **values)
        both = ["tasks.view", "audit.view"]
        assert not change_key(scopes=both, own=["tasks.view"], **values)
    assert keys(cast.acme)[0].scopes == ["tasks.view"]
