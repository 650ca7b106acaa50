"""What was thrown away is gone for good after thirty days, or when somebody says so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organizations.closing import delete_organization
from organizations.gallery.files import thumbnail_of
from organizations.gallery.models import Image
from organizations.gallery.purging import purge, purge_trash
from organizations.models import DAYS_RESTORABLE
from organizations.queries import open_organizations
from organizations.tenancy import as_user, identity, no_context, tenant
from tests.gallery.conftest import TRASH, images, page_of, picture, send, used
from tests.history import entries

LAST_DAY, TOO_LATE = DAYS_RESTORABLE - 1, DAYS_RESTORABLE + 1


def wait(image, days):
    with no_context(), tenant(image.organization_id):
        moment = timezone.now() - timedelta(days=days)
        Image.with_trash.filter(pk=image.pk).update(deleted_at=moment)


def at_night():
    with no_context(), identity():
        purge_trash()


# cap 65
def test_after_thirty_days_nothing_is_left(as_bob, trashed, cast, files):
    wait(trashed, TOO_LATE)
    at_night()
    assert (images(cast.acme), files(), used(cast.acme)) == ([], [], 0)
    (entry,) = entries(cast.acme, "image.purged")
    assert (entry.actor_type, entry.target_label) == ("system", "Beach")
    assert entry.before == {"size": trashed.size}


def test_until_then_it_stays_and_counts(as_bob, trashed, cast, files):
    wait(trashed, LAST_DAY)
    at_night()
    assert images(cast.acme) == [trashed]
    assert (len(files()), used(cast.acme)) == (2, trashed.size)


def test_only_what_is_due_goes(as_bob, trashed, cast, files):
    send(as_bob, ("Other.png", picture()))
    wait(trashed, TOO_LATE)
    at_night()
    (other,) = images(cast.acme)
    assert (other.name, used(cast.acme)) == ("Other", other.size)
    assert files() == sorted([other.file, thumbnail_of(other.file)])


def test_every_organization_is_looked_after(
    as_bob, as_charlie, trashed, foreign, cast, files
):
    as_charlie.post(page_of(foreign, "delete"))
    for image in (trashed, foreign):
        wait(image, TOO_LATE)
    at_night()
    assert images(cast.acme) == images(cast.globex) == files() == []


def test_a_picture_that_came_back_in_time_stays(as_bob, trashed, cast):
    wait(trashed, TOO_LATE)
    as_bob.post(page_of(trashed, "restore"))
    at_night()
    assert [image.pk for image in images(cast.acme)] == [trashed.pk]


def test_after_a_failure_the_next_night_finds_it_again(
    trashed, cast, files, monkeypatch
):
    from django.core.files.storage import FileSystemStorage

    def fail(*args):
        raise OSError("the disk is away")

    wait(trashed, TOO_LATE)
    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "delete", fail)
        with pytest.raises(OSError, match="disk"):
            at_night()
    assert images(cast.acme) == [trashed]
    assert used(cast.acme) == trashed.size
    at_night()
    assert (images(cast.acme), files()) == ([], [])


def test_somebody_who_may_empties_the_trash_at_once(as_bob, trashed, cast, files):
    page = as_bob.post(page_of(trashed, "purge"))
    assert page["Location"] == TRASH
    assert "Beach is deleted for good" in as_bob.get(TRASH).text
    assert (images(cast.acme), files(), used(cast.acme)) == ([], [], 0)
    (entry,) = entries(cast.acme, "image.purged")
    assert entry.actor_id == cast.bob.pk
    assert as_bob.post(page_of(trashed, "purge")).status_code == 404


def test_what_is_not_in_the_trash_cannot_be_deleted_for_good(as_bob, one, cast, files):
    assert as_bob.post(page_of(one, "purge")).status_code == 302
    assert len(images(cast.acme)) == 1
    assert len(files()) == 2
    assert entries(cast.acme, "image.purged") == []


def test_purging_twice_gives_the_room_back_once(as_bob, trashed, cast):
    send(as_bob, ("Other.png", picture()))
    with no_context(), tenant(cast.acme):
        assert purge(trashed) is True
        assert purge(trashed) is False
    (other,) = images(cast.acme)
    assert used(cast.acme) == other.size


def test_the_job_runs_by_the_clock():
    from procrastinate.contrib.django import app

    names = {task.name for task in app.tasks.values()}
    assert "organizations.gallery.purging.purge_trash" in names


def test_the_clock_enters_every_open_organization(cast):
    with no_context(), identity():
        assert set(open_organizations()) == {cast.acme.pk, cast.globex.pk}
    with no_context(), tenant(cast.acme, cast.alice):
        delete_organization(organization=cast.acme, by=cast.alice)
    with no_context(), identity():
        assert open_organizations() == [cast.globex.pk]


def test_nobody_else_is_told_which_organizations_there_are(cast):
    with no_context(), tenant(cast.acme, cast.alice):
        assert open_organizations() == []
    with no_context(), as_user(cast.alice):
        assert open_organizations() == []
    with no_context():
        assert open_organizations() == []
