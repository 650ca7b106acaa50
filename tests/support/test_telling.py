"""Owners hear that staff ask to be let change things, whatever they have chosen."""

from accounts.impersonation.models import Impersonation
from organizations.audit.recording import record
from organizations.tenancy import no_context, tenant
from tests.notifications.conftest import told
from tests.support.conftest import CONSOLE

__all__ = ["told"]


def ask(cast):
    """Record a question of staff, as the bar does."""
    stay = Impersonation(
        staff=cast.olga, person=cast.bob, organization_id=cast.acme.pk, reason="x"
    )
    with no_context(), tenant(cast.acme, cast.olga):
        record("support.asked", stay, by=cast.olga, after={"reason": "Mend the labels"})


def test_the_question_reaches_the_owners_and_nobody_else(told, cast, as_alice):
    ask(cast)
    told.run()
    (row,) = told.rows(cast.alice)
    assert (row.kind, row.severity) == ("support_asked", "critical")
    assert (row.excerpt, row.path) == ("Mend the labels", "/organizations/support/")
    assert told.rows(cast.adam) == []
    page = as_alice.get("/inbox/").text
    assert "Olga Example of Insula asks to be let change things in Acme" in page


def test_the_question_is_mailed_and_cannot_be_switched_off(told, cast):
    told.choose(cast.alice, "support_asked", "email", is_on=False)
    ask(cast)
    told.run()
    (letter,) = told.mails(cast.alice)
    assert "Olga Example of Insula asks" in letter.subject
    assert "Mend the labels" in letter.body
    assert "List-Unsubscribe" not in letter.extra_headers


@CONSOLE
def test_staff_who_ask_from_the_bar_are_heard_by_mail(as_staff, told, cast):
    """As in operation, where no test's transaction is around the job's own."""
    as_staff.post("/organizations/support/ask/", {"sentence": "Mend the labels"})
    told.run()
    (letter,) = told.mails(cast.alice)
    assert "Olga Example of Insula asks" in letter.subject
