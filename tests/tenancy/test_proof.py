"""The proof finds nothing, misses nothing, and what it finds can be mended."""

from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connections, models, transaction
from django.test.utils import isolate_apps

from config.settings import BASE_DIR
from organizations.tenancy import no_context
from organizations.tenancy.apply import apply_walls
from organizations.tenancy.fields import OrganizationKey, TenantForeignKey
from organizations.tenancy.models import TenantModel
from organizations.tenancy.proof import Finding, declarations, prove, rehearsal
from organizations.tenancy.proof.breaks import planned_breaks
from organizations.tenancy.proof.rehearsal import rehearse
from organizations.tenancy.versions import is_too_old, readable
from tests.lab.models import Label

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

# What apply_rls puts right; keys, tables and functions of others it leaves alone.
MENDED = {
    "I008",
    "I009",
    "I031",
    "I032",
    "I034",
    "I035",
    "I036",
    "I037",
    "I038",
    "I039",
    "I047",
    "I048",
    "I049",
    "I054",
    "I058",
}
# A second function beside ours is somebody's: only a person may drop it.
LEFT = {"second function of the same name", "function with a setting of its own"}
MENDABLE = [
    planted
    for planted in planned_breaks()
    if planted.code in MENDED and planted.statements and planted.name not in LEFT
]


def findings():
    with no_context(), transaction.atomic(using="owner"):
        return prove(connections["owner"].cursor())


def run(command, **options):
    said = StringIO()
    call_command(command, stdout=said, **options)
    return said.getvalue()


def test_the_walls_stand():
    # cap 39: one command tells whether the policies are applied and right.
    assert findings() == []
    assert "nothing is open" in run("check_isolation")


def test_every_planted_break_is_noticed():
    outcomes = list(rehearse(connections["owner"]))
    assert [str(outcome) for outcome in outcomes if not outcome.is_caught] == []
    assert len(outcomes) >= 60
    assert findings() == []


def test_every_code_has_a_planted_break_or_a_test():
    planted = {item.code for item in planned_breaks()}
    by_models = {"I020", "I021", "I022", "I023"}
    by_roles = {"I004", "I005", "I007"}
    assert planted | by_models | by_roles | {"W001", "W002"} == documented_codes()


def documented_codes():
    lines = (BASE_DIR / "docs" / "tenancy.md").read_text().splitlines()
    return {line[2:6] for line in lines if line.startswith(("| I0", "| W0"))}


# cap 38, 86
@pytest.mark.parametrize("planted", MENDABLE, ids=lambda planted: planted.name)
def test_apply_rls_mends(planted):
    owner = connections["owner"]
    with no_context(), transaction.atomic(using="owner"):
        for statement in planted.statements:
            owner.cursor().execute(statement)
        apply_walls(owner)
        assert prove(owner.cursor()) == []
        transaction.set_rollback(True, using="owner")


def test_apply_rls_may_run_any_number_of_times():
    assert "0 mended" in run("apply_rls")
    assert "0 mended" in run("apply_rls", forget_previous_key=True)


def test_apply_rls_says_what_it_mended():
    with no_context(), transaction.atomic(using="owner"):
        connections["owner"].cursor().execute("REVOKE ALL ON lab_label FROM insula_app")
        assert "mended lab_label" in run("apply_rls")
        transaction.set_rollback(True, using="owner")


def test_a_hole_fails_the_command():
    with no_context(), transaction.atomic(using="owner"):
        connections["owner"].cursor().execute(
            "GRANT TRUNCATE ON lab_label TO insula_app"
        )
        with pytest.raises(CommandError, match="1 holes"):
            run("check_isolation")
        transaction.set_rollback(True, using="owner")


@pytest.mark.parametrize("command", ["check_isolation", "apply_rls"])
def test_without_an_owner_the_commands_say_what_to_set(command, monkeypatch):
    module = f"organizations.tenancy.management.commands.{command}.connections"
    monkeypatch.setattr(module, {})
    with pytest.raises(CommandError, match="DATABASE_OWNER_URL"):
        run(command)


def test_a_break_that_goes_unnoticed_fails_the_rehearsal(monkeypatch):
    module = "organizations.tenancy.proof.rehearsal.findings"
    monkeypatch.setattr(module, lambda cursor, wanted: [])
    with pytest.raises(CommandError, match="went unnoticed"):
        run("check_isolation", mutate=True)


def test_without_an_administrator_his_breaks_are_skipped_with_a_reason(
    settings, monkeypatch
):
    mighty = [planted for planted in planned_breaks() if planted.needs_administrator]
    monkeypatch.setattr(rehearsal, "planned_breaks", lambda: mighty)
    settings.TENANCY = {**settings.TENANCY, "ADMIN_URL": ""}
    skipped = [o for o in rehearse(connections["owner"]) if o.state == "skipped"]
    assert len(skipped) == len(mighty) > 0
    assert all("no administrator" in str(outcome) for outcome in skipped)


def test_shown_statements_are_a_warning(settings):
    with psycopg.connect(
        settings.TENANCY["ADMIN_URL"], dbname=connections["owner"].settings_dict["NAME"]
    ) as admin:
        admin.execute("ALTER ROLE insula_app RESET track_activities")
        found = prove(admin.cursor())
        admin.rollback()
    assert [(item.code, item.is_warning) for item in found] == [("W001", True)]


def test_a_connection_under_another_role_is_found(settings):
    settings.DATABASES["default"]["USER"], before = (
        "postgres",
        settings.DATABASES["default"]["USER"],
    )
    try:
        assert [item.code for item in findings()] == ["I007"]
    finally:
        settings.DATABASES["default"]["USER"] = before


@pytest.mark.parametrize(
    ("version", "is_old"),
    [
        (140020, True),
        (150013, True),
        (150014, False),
        (160009, True),
        (160010, False),
        (170005, True),
        (170006, False),
        (180000, False),
        (190001, False),
    ],
)
def test_servers_with_known_holes_are_refused(version, is_old):
    assert is_too_old(version) is is_old


def test_a_version_reads_like_a_version():
    assert readable(150014) == "15.14"


def test_a_finding_reads_like_a_sentence():
    assert str(Finding("I031", "lab_label", "is off")) == "I031 lab_label: is off"


@isolate_apps("tests.lab")
def test_slips_of_a_tenant_model_are_found():
    class Slip(TenantModel):
        organization = OrganizationKey(null=True)
        label = models.ForeignKey(Label, models.CASCADE, related_name="+")
        labels = models.ManyToManyField(Label, related_name="+")
        objects = models.Manager()

        class Meta:
            app_label = "lab"
            base_manager_name = None
            default_manager_name = None

    codes = [item.code for item in declarations.tenant_findings(Slip)]
    assert codes == ["I020", "I021", "I022", "I023"]


@isolate_apps("tests.lab")
def test_a_good_tenant_model_has_no_findings():
    class Good(TenantModel):
        label = TenantForeignKey(Label, models.CASCADE, related_name="+")

        class Meta(TenantModel.Meta):
            app_label = "lab"

    assert list(declarations.tenant_findings(Good)) == []


@isolate_apps("tests.lab")
def test_a_model_outside_must_be_declared_and_must_not_lead_inside():
    class Outside(models.Model):
        label = models.ForeignKey(Label, models.CASCADE, related_name="+")

        class Meta:
            app_label = "lab"

    codes = [item.code for item in declarations.global_findings(Outside)]
    assert codes == ["I010", "I011"]
