"""What a tenant's model gives: trash, timestamps, unique names, deletion."""

import pytest
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Count, Exists, OuterRef, Prefetch

from organizations.tenancy import CrossTenant, tenant
from organizations.tenancy.fields import TenantForeignKey, UpdatedAt
from organizations.tenancy.models import uuid7
from tests.lab.models import Item, ItemLabel, Label, Note, Project
from tests.tenancy.attacks import ItemForm, sql
from tests.tenancy.conftest import furnish


@pytest.fixture
def inside(ours, theirs):
    with tenant(ours.organization, ours.user):
        yield ours


def test_the_trash_hides_a_row_and_gives_it_back(inside):
    assert inside.item.remove()
    assert not inside.item.remove()
    assert not Item.objects.exists()
    assert Item.with_trash.get().deleted_at is not None
    assert inside.item.restore()
    assert not inside.item.restore()
    assert Item.objects.get().deleted_at is None


def test_the_trash_takes_many_at_a_time(inside):
    Item.objects.create(title="second")
    assert Item.objects.remove() == 2
    assert Item.objects.remove() == 0
    assert Item.with_trash.filter(title="second").restore() == 1
    assert [item.title for item in Item.objects.all()] == ["second"]


def test_relations_hide_the_trash_but_keys_still_find_it(inside):
    note = Note.objects.create(target=inside.item)
    inside.item.remove()
    assert list(inside.project.item_set.all()) == []
    assert ItemLabel.objects.get().item == inside.item
    assert Note.objects.get(pk=note.pk).target == inside.item


def test_living_rows_have_a_partial_index(inside):
    [(definition,)] = sql(
        "SELECT indexdef FROM pg_indexes WHERE indexname = 'lab_item_live'"
    )
    assert "(organization_id, created_at DESC, id DESC)" in definition
    assert "WHERE (deleted_at IS NULL)" in definition


@pytest.mark.parametrize(
    "change",
    [
        lambda our: our.item.save(update_fields=["title"]),
        lambda our: Item.objects.update(title="x"),
        lambda our: Item.objects.bulk_update([our.item], ["title"]),
        lambda our: sql("UPDATE lab_item SET title = 'x'"),
        lambda our: sql("UPDATE lab_item SET updated_at = '2001-01-01'"),
    ],
    ids=["save", "update", "bulk_update", "SQL", "SQL that sets it"],
)
def test_every_change_moves_updated_at(change, transactional_db):
    our = furnish("ours")
    with tenant(our.organization):
        before = Item.objects.get().updated_at
        change(our)
        assert Item.objects.get().updated_at > before


def test_the_database_fills_the_timestamps(inside):
    item = Item.objects.create(title="x")
    assert item.created_at == item.updated_at
    assert item.created_at.tzinfo is not None


def test_a_form_finds_a_taken_name_before_the_database_does(inside):
    form = forms.modelform_factory(Project, fields=["name"])({"name": "P"})
    assert not form.is_valid()
    assert "already exists" in str(form.errors)


def test_a_form_made_at_import_time_offers_our_rows_only(ours, theirs):
    with tenant(ours.organization, ours.user):
        fields = ItemForm().fields
        assert [key.value for key, _ in fields["item"].choices if key] == [ours.item.pk]
        assert [key.value for key, _ in fields["user"].choices if key] == [ours.user.pk]


def test_relations_are_read_inside_the_organization(inside, theirs):
    assert Item.objects.select_related("project").get().project == inside.project
    rows = Project.objects.prefetch_related(
        "item_set__labels", Prefetch("item_set", Item.objects.all(), to_attr="items")
    )
    assert [label.name for label in rows.get().item_set.all()[0].labels.all()] == ["L"]
    assert Project.objects.annotate(n=Count("item")).get().n == 1
    assert Item.objects.filter(project__name="P", labels__name="L").count() == 1
    assert Item.objects.exclude(labels__name="none").count() == 1
    assert Item.objects.filter(project__in=Project.objects.all()).update(title="y") == 1


def test_a_join_names_the_organization_on_both_sides(inside):
    query = str(Item.objects.select_related("project").query)
    assert (
        '"lab_item"."organization_id" = ("lab_project"."organization_id")' in query
        or '"lab_project"."organization_id" = ("lab_item"."organization_id")' in query
    )


def test_a_sub_query_names_its_own_table(inside):
    within = Item.objects.filter(project_id=OuterRef("pk"))
    query = str(Project.objects.filter(Exists(within)).query)
    assert 'U0."organization_id"' in query
    assert '"lab_project"."organization_id"' in query


def test_an_excluded_relation_is_asked_within_the_organization(inside):
    query = str(Item.objects.exclude(labels__name="none").query)
    assert query.count('"organization_id" =') >= 3


def test_an_update_never_sets_the_organization(inside, django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        inside.item.save()
    said = queries[0]["sql"]
    assigned, _, condition = said.partition(" WHERE ")
    assert '"organization_id"' not in assigned
    assert '"organization_id"' in condition


def test_bulk_create_writes_value_lists(inside, django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        Label.objects.bulk_create([Label(name=str(n)) for n in range(20)])
    assert "UNNEST" not in queries[0]["sql"]
    assert Label.objects.count() == 22


@pytest.mark.parametrize("field", ["organization", "organization_id"])
def test_a_row_never_moves(field, inside, theirs):
    value = theirs.organization if field == "organization" else theirs.id
    with pytest.raises(CrossTenant):
        Label.objects.update(**{field: value})
    inside.label.organization_id = theirs.id
    with pytest.raises(CrossTenant):
        Label.objects.bulk_update([inside.label], ["organization"])


def test_a_key_that_is_set_null_empties_its_column_only(inside):
    inside.item.keeper = inside.loose
    inside.item.save()
    sql("DELETE FROM lab_label WHERE id = %s", [inside.loose.pk])
    item = Item.objects.get()
    assert item.keeper_id is None
    assert item.organization_id == inside.id


def test_a_wrong_key_fails_at_its_statement(inside):
    with transaction.atomic():
        # Still inside the transaction: nothing waits for the commit.
        with pytest.raises(IntegrityError), transaction.atomic():
            Item.objects.create(title="x", project_id=uuid7())
        assert Item.objects.count() == 1


def test_ids_are_ordered_by_time(inside):
    made = [Label.objects.create(name=str(n)).pk for n in range(5)]
    assert made == sorted(made)
    assert {pk.version for pk in made} == {7}


def test_generic_keys_stay_inside(inside, theirs):
    kind = ContentType.objects.get_for_model(Item)
    note = Note.objects.create(content_type=kind, object_id=theirs.item.pk)
    assert Note.objects.get(pk=note.pk).target is None


@pytest.mark.parametrize(
    "field", [TenantForeignKey(Project, models.CASCADE), UpdatedAt()]
)
def test_fields_survive_a_migration_file(field):
    _, path, args, kwargs = field.deconstruct()
    kwargs = (
        {**kwargs, "on_delete": models.CASCADE} if "on_delete" in kwargs else kwargs
    )
    again = type(field)(*args, **kwargs)
    assert again.deconstruct()[1:] == (path, args, kwargs)


def test_grouping_by_a_model_names_every_column(inside):
    rows = Item.objects.annotate(n=Count("labels")).filter(n=1)
    assert [item.title for item in rows] == ["item of ours"]
    assert connection.features.allows_group_by_selected_pks_on_model(Item) is False
