"""New keys: what rests locked is locked anew, and the former keys are of no more use."""

import ast
import io
import re

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.management import CommandError, call_command

from config import rotation
from organizations.audit.models import PlatformEntry
from organizations.tenancy import identity, no_context, operator, tenant
from organizations.webhooks import flows
from organizations.webhooks.models import Endpoint
from organizations.webhooks.sealing import opened
from tests.contracts.house import product
from tests.operator.conftest import CONSOLE

pytestmark = CONSOLE
NEW = "n" * 60
APP, SEED, CODES = "JBSWY3DPEHPK3PXP", "a-seed-of-codes", ["111111", "222222"]
ADDRESS = "https://93.184.215.14/"


def rotated(*options):
    """Run the command; return its exit code and what it said."""
    out, code = io.StringIO(), 0
    with no_context():
        try:
            call_command("rotate_secrets", *options, stdout=out)
        except SystemExit as ended:
            code = ended.code
    return code, out.getvalue()


@pytest.fixture
def factors(cast):
    """Return a call that opens what rests of Bob's app, his codes and older ones."""
    lock = get_adapter().encrypt
    rests = (
        ("totp", {"secret": lock(APP), "digits": 6}),
        ("recovery_codes", {"seed": lock(SEED), "used_mask": 5}),
    )
    with identity():
        for kind, data in rests:
            Authenticator.objects.create(user=cast.bob, type=kind, data=data)
        older = {"migrated_codes": [lock(code) for code in CODES], "used_mask": 0}
        Authenticator.objects.create(user=cast.vera, type="recovery_codes", data=older)
        Authenticator.objects.create(
            user=cast.vera, type="webauthn", data={"credential": {"id": "public"}}
        )

    def read():
        with identity():
            app, codes = Authenticator.objects.filter(user=cast.bob).order_by("-type")
            theirs = Authenticator.objects.filter(user=cast.vera).order_by("type")
            key, passkey = theirs[0].data, theirs[1].data
        opening = get_adapter().decrypt
        assert (app.data["digits"], codes.data["used_mask"]) == (6, 5)
        assert passkey == {"credential": {"id": "public"}}
        words = [opening(code) for code in key["migrated_codes"]]
        return opening(app.data["secret"]), opening(codes.data["seed"]), words

    return read


@pytest.fixture
def hooks(cast):
    """Return a call that opens the secrets of two organizations' endpoints; the first
    has been rolled a moment ago."""
    secrets = []
    for organization, owner in ((cast.acme, cast.alice), (cast.globex, cast.charlie)):
        with no_context(), tenant(organization, owner):
            endpoint, secret = flows.create_endpoint(url=ADDRESS, by=owner)
            secrets.append([secret])
            if organization is cast.acme:
                secrets[0].insert(0, flows.roll_secret(endpoint=endpoint, by=owner))

    def read():
        with no_context(), operator(cast.olga, reason="test"):
            rows = {row.organization_id: row for row in Endpoint.objects.all()}
        first, second = rows[cast.acme.pk], rows[cast.globex.pk]
        return [
            [opened(first.secret), opened(first.former_secret)],
            [opened(second.secret)],
        ]

    read.wanted = secrets
    return read


def with_new_key(settings, *, former=True):
    before = settings.SECRET_KEY
    settings.SECRET_KEY, settings.WEBHOOK_SECRETS_KEYS = NEW, [NEW]
    settings.SECRET_KEY_FALLBACKS = [before] if former else []
    if former:
        settings.WEBHOOK_SECRETS_KEYS.append(before)


def forget_former(settings):
    settings.SECRET_KEY_FALLBACKS, settings.WEBHOOK_SECRETS_KEYS = [], [NEW]


@pytest.fixture(autouse=True)
def _one_key(settings):
    settings.SECRET_KEY_FALLBACKS = []
    settings.WEBHOOK_SECRETS_KEYS = [settings.SECRET_KEY]


def test_everything_opens_with_the_new_key_alone(factors, hooks, settings, look):
    with_new_key(settings)
    code, said = rotated()
    assert code == 0
    assert "second factors: 4 in all, 4 locked anew" in said
    assert "webhooks: 3 in all, 3 locked anew" in said
    forget_former(settings)
    assert factors() == (APP, SEED, CODES)
    assert hooks() == hooks.wanted
    entry = look(PlatformEntry.objects.filter(action="secrets.rotated").get)
    assert entry.after == {"second factors": 4, "webhooks": 3}


def test_without_it_the_former_key_is_still_needed(factors, hooks, settings):
    with_new_key(settings)
    assert factors() == (APP, SEED, CODES)
    forget_former(settings)
    assert factors()[0] != APP
    with pytest.raises(InvalidToken):
        hooks()


def test_a_check_says_so_and_changes_nothing(factors, hooks, settings, look):
    with_new_key(settings)
    code, said = rotated("--check")
    assert code == 1
    assert "second factors: 4 in all, 4 still under a former key" in said
    assert not look(PlatformEntry.objects.filter(action="secrets.rotated").exists)
    rotated()
    code, said = rotated("--check")
    assert code == 0
    assert "webhooks: 3 in all, 0 still under a former key" in said


def test_a_second_time_finds_nothing_to_do(factors, hooks, settings):
    with_new_key(settings)
    rotated()
    code, said = rotated()
    assert code == 0
    assert said.count(" 0 locked anew") == 2


def test_what_no_key_opens_is_counted_and_left_alone(factors, hooks, settings):
    before = settings.SECRET_KEY
    with_new_key(settings, former=False)
    code, said = rotated()
    assert code == 1
    assert "4 in all, 0 locked anew, 4 under a key that is not given" in said
    settings.SECRET_KEY_FALLBACKS = [before]
    settings.WEBHOOK_SECRETS_KEYS = [NEW, before]
    assert factors() == (APP, SEED, CODES)
    assert hooks() == hooks.wanted


def test_many_rows_are_taken_some_at_a_time(factors, hooks, settings, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 1)
    with_new_key(settings)
    assert rotated()[0] == 0
    forget_former(settings)
    assert factors() == (APP, SEED, CODES)
    assert hooks() == hooks.wanted


def test_new_keys_are_long_and_each_another(cast):
    code, said = rotated("--new")
    lines = dict(line.split("=", 1) for line in said.splitlines())
    assert code == 0
    assert list(lines) == ["SECRET_KEY", "TENANCY_SEAL_KEY", "WEBHOOK_SECRETS_KEY"]
    assert len(set(lines.values())) == 3
    assert min(map(len, lines.values())) >= 50


def test_without_the_operators_connection_it_says_what_to_set(cast, settings):
    settings.HAS_CONSOLE = False
    with pytest.raises(CommandError, match="DATABASE_OPERATOR_URL"):
        rotated()


def test_everything_that_is_locked_anywhere_is_known():
    pattern = re.compile(r'^PURPOSE: Final = (b"[^"]+")', re.M)
    texts = [path.read_text(encoding="utf-8") for path in product()]
    locking = [text for text in texts if re.search(r"accounts(\.| import )safes", text)]
    purposes = [ast.literal_eval(m) for text in locking for m in pattern.findall(text)]
    assert purposes
    assert {kind.purpose for kind in rotation.KINDS} == set(purposes)
