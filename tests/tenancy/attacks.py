"""The attacks, and what each ends in with all layers and with one taken away."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db import connections, transaction
from django.db.models import Count, Exists, OuterRef

from accounts.models import User
from organizations.models import Membership
from organizations.tenancy import no_context, tenant
from organizations.tenancy.models import uuid7
from tests.lab.models import Item, ItemLabel, Label, Note, Project

NOTHING, LOOT = "nothing", "loot"


def sql(query: str, params: Any = None, using: str = "default") -> Any:
    """Run SQL as a role and return its rows, or how many it touched."""
    with connections[using].cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall() if cursor.description else cursor.rowcount


class ItemForm(forms.Form):
    """A form made while no organization is active."""

    item = forms.ModelChoiceField(Item.objects.all())
    user = forms.ModelChoiceField(User.objects.all(), required=False)


# Every call below touches Items without saying in which organization.
UNSCOPED: dict[str, Callable[[Any], Any]] = {
    "list": lambda our: list(Item.objects.all()),
    "get": lambda our: Item.objects.get(pk=our.item.pk),
    "first": lambda our: Item.objects.first(),
    "count": lambda our: Item.objects.count(),
    "exists": lambda our: Item.objects.exists(),
    "aggregate": lambda our: Item.objects.aggregate(n=Count("id"))["n"],
    "values": lambda our: list(Item.objects.values("id")),
    "iterator": lambda our: list(Item.objects.iterator()),
    "in_bulk": lambda our: Item.objects.in_bulk([our.item.pk]),
    "union": lambda our: list(Item.objects.all().union(Item.objects.all())),
    "explain": lambda our: Item.objects.explain() and None,
    "select_for_update": lambda our: list(Item.objects.select_for_update()),
    "raw": lambda our: list(Item.objects.raw("SELECT * FROM lab_item")),
    "queryset raw": lambda our: list(Item.objects.all().raw("SELECT * FROM lab_item")),
    "create": lambda our: Item.objects.create(title="x"),
    "bulk_create": lambda our: Item.objects.bulk_create([Item(title="x")]),
    "get_or_create": lambda our: Item.objects.get_or_create(title="x"),
    "update_or_create": lambda our: Item.objects.update_or_create(title="x"),
    "update": lambda our: Item.objects.update(title="x"),
    "bulk_update": lambda our: Item.objects.bulk_update([our.item], ["title"]),
    "delete": lambda our: Item.objects.all().delete()[0],
    "_raw_delete": lambda our: Item.objects.all()._raw_delete("default"),
    "trash remove": lambda our: Item.objects.all().remove(),
    "trash restore": lambda our: Item.with_trash.all().restore(),
    "save": lambda our: our.item.save(),
    "refresh_from_db": lambda our: our.item.refresh_from_db(),
    "instance delete": lambda our: our.item.delete()[0],
    "reverse manager": lambda our: list(our.project.item_set.all()),
    "many to many": lambda our: list(our.item.labels.all()),
    "many to many add": lambda our: our.item.labels.add(our.loose),
    "forward key": lambda our: Item(project_id=our.project.pk).project,
    "base manager": lambda our: list(Item._base_manager.all()),
    "default manager": lambda our: list(Item._default_manager.all()),
    "content type": lambda our: ContentType.objects.get_for_model(
        Item
    ).get_object_for_this_type(pk=our.item.pk),
    "sub-query": lambda our: list(
        User.objects.filter(Exists(Membership.objects.filter(user=OuterRef("pk"))))
    ),
    "prefetch": lambda our: User.objects.prefetch_related("memberships").first(),
}


@dataclass(frozen=True)
class Attack:
    """What somebody inside our organization tries on theirs.

    `act` returns its loot. The outcomes are an exception's name, NOTHING or LOOT: with
    every layer, with the ORM and the keys only, with the policies and the keys only.
    """

    name: str
    act: Callable[[Any, Any], Any]
    walls: str = NOTHING
    orm_only: str = NOTHING
    rls_only: str = NOTHING

    def outcome(self, our: Any, their: Any) -> list[str]:
        """Return the names that describe how the attack ended."""
        try:
            with tenant(our.organization, our.user), transaction.atomic():
                loot = self.act(our, their)
        except Exception as error:
            return [kind.__name__ for kind in type(error).__mro__]
        return [LOOT if loot else NOTHING]


def of(their: Any, rows: Any) -> list[Any]:
    """Return the rows that are theirs."""
    return [row for row in rows if row.organization_id == their.id]


def told(setting: str, value: str, query: str) -> Any:
    sql("SELECT set_config(%s, %s, true)", [setting, value])
    return sql(query)


def hijacked(our: Any, their: Any) -> bool:
    Project.objects.bulk_create(
        [Project(id=their.project.pk, name="hijacked")],
        update_conflicts=True,
        unique_fields=["organization", "id"],
        update_fields=["name"],
    )
    with no_context(), tenant(their.organization):
        return Project.objects.get().name != "P"


def pointed(our: Any, their: Any) -> Any:
    note = Note.objects.create(
        content_type=ContentType.objects.get_for_model(Item), object_id=their.item.pk
    )
    return Note.objects.get(pk=note.pk).target


def chosen(their: Any, **data: Any) -> bool:
    return ItemForm({key: str(value) for key, value in data.items()}).is_valid()


def copied(our: Any, their: Any) -> bool:
    with (
        connections["default"].cursor() as cursor,
        cursor.cursor.copy("COPY lab_item TO STDOUT") as copy,
    ):
        return b"theirs" in b"".join(bytes(block) for block in copy)


def touched(our: Any, their: Any, query: str) -> Any:
    return sql(query, [their.item.pk])


READ_ALL = "SELECT id FROM lab_item WHERE title LIKE '%theirs'"
INSERT = (
    "INSERT INTO lab_label (id, organization_id, name) VALUES"
    " (gen_random_uuid(), %s, 'x')"
)
TARGET = "WITH x AS MATERIALIZED (SELECT set_config('app.current_org_id', '{}', true))"
DIVISION = "SELECT 1 / (CASE WHEN title LIKE '%theirs' THEN 0 ELSE 1 END) FROM lab_item"

ATTACKS = [
    Attack("raw SQL without WHERE", lambda our, their: sql(READ_ALL), orm_only=LOOT),
    Attack(
        "raw() without WHERE",
        lambda our, their: of(their, Item.objects.raw("SELECT * FROM lab_item")),
        orm_only=LOOT,
    ),
    Attack("COPY to standard output", copied, orm_only=LOOT),
    Attack(
        "every item by the ORM", lambda our, their: of(their, Item.with_trash.all())
    ),
    Attack(
        "get by their id",
        lambda our, their: Item.objects.get(pk=their.item.pk),
        *["DoesNotExist"] * 3,
    ),
    Attack(
        "delete by their id, ORM",
        lambda our, their: Item.objects.filter(pk=their.item.pk).delete()[0],
    ),
    Attack(
        "update by their id, ORM",
        lambda our, their: Item.objects.filter(pk=their.item.pk).update(title="x"),
    ),
    Attack(
        "update by their id, SQL",
        lambda our, their: touched(
            our, their, "UPDATE lab_item SET title = 'x' WHERE id = %s"
        ),
        orm_only=LOOT,
    ),
    Attack(
        "delete by their id, SQL",
        lambda our, their: touched(our, their, "DELETE FROM lab_item WHERE id = %s"),
        orm_only=LOOT,
    ),
    Attack(
        "save an object of theirs",
        lambda our, their: their.item.save(),
        "CrossTenant",
        "CrossTenant",
        "ProgrammingError",
    ),
    Attack(
        "key to an object of theirs",
        lambda our, their: Item.objects.create(title="x", project=their.project),
        "CrossTenant",
        "CrossTenant",
        "IntegrityError",
    ),
    Attack(
        "key to an id of theirs",
        lambda our, their: Item.objects.create(title="x", project_id=their.project.pk),
        *["IntegrityError"] * 3,
    ),
    Attack(
        "key to an id of theirs, by update",
        lambda our, their: Item.objects.update(project_id=their.project.pk),
        *["IntegrityError"] * 3,
    ),
    Attack(
        "label of theirs on our item",
        lambda our, their: our.item.labels.add(their.label),
        *["IntegrityError"] * 3,
    ),
    Attack(
        "bulk_create into theirs",
        lambda our, their: Label.objects.bulk_create(
            [Label(name="x", organization_id=their.id)]
        ),
        "CrossTenant",
        "CrossTenant",
        "ProgrammingError",
    ),
    Attack(
        "INSERT into theirs",
        lambda our, their: sql(INSERT, [their.id]),
        "ProgrammingError",
        LOOT,
        "ProgrammingError",
    ),
    Attack(
        "move our row to theirs, ORM",
        lambda our, their: Label.objects.filter(pk=our.loose.pk).update(
            organization=their.organization
        ),
        "CrossTenant",
        "CrossTenant",
        "ProgrammingError",
    ),
    Attack(
        "move our row to theirs, SQL",
        lambda our, their: sql(
            "UPDATE lab_label SET organization_id = %s WHERE id = %s",
            [their.id, our.loose.pk],
        ),
        "ProgrammingError",
        LOOT,
        "ProgrammingError",
    ),
    Attack("upsert on their id", hijacked),
    Attack("generic key to their row", pointed),
    Attack(
        "their id in a form made at import time",
        lambda our, their: chosen(their, item=their.item.pk),
    ),
    Attack(
        "their person in a form's choices",
        lambda our, their: chosen(their, item=our.item.pk, user=their.user.pk),
        orm_only=LOOT,
    ),
    Attack(
        "joins over relations",
        lambda our, their: of(
            their,
            Label.objects.filter(item__project__name="P").select_related(
                "organization"
            ),
        ),
    ),
    Attack(
        "exclude over a to-many relation",
        lambda our, their: of(their, Item.objects.exclude(labels__name="nothing")),
    ),
    Attack(
        "counting what is theirs",
        lambda our, their: Project.objects.annotate(n=Count("item")).get().n - 1,
    ),
    Attack(
        "their rows behind our sub-query",
        lambda our, their: ItemLabel.objects.filter(
            item_id__in=Item.with_trash.filter(title__endswith="theirs").values("pk")
        ).count(),
    ),
    Attack(
        "another organization by set_config",
        lambda our, their: told("app.current_org_id", str(their.id), READ_ALL),
        "ProgrammingError",
        LOOT,
        "ProgrammingError",
    ),
    Attack(
        "the operator's mode by set_config",
        lambda our, their: told("app.is_superadmin", "on", READ_ALL),
        "ProgrammingError",
        LOOT,
        "ProgrammingError",
    ),
    Attack(
        "a seal of one's own",
        lambda our, their: told("app.seal", f"9999999999.{'0' * 64}", READ_ALL),
        "ProgrammingError",
        LOOT,
        "ProgrammingError",
    ),
    Attack(
        "no seal at all",
        lambda our, their: told("app.seal", "", READ_ALL),
        orm_only=LOOT,
    ),
    Attack(
        "set_config within the statement",
        lambda our, their: (
            sql(f"{TARGET.format(their.id)} SELECT * FROM x, lab_item")
            and sql(READ_ALL)
        ),
        "ProgrammingError",
        LOOT,
        "ProgrammingError",
    ),
    Attack(
        "an error that tells of their row",
        lambda our, their: sql(DIVISION) and None,
        orm_only="DataError",
    ),
    Attack(
        "delete our organization",
        lambda our, their: sql(
            "DELETE FROM organizations_organization WHERE id = %s", [our.id]
        ),
        *["ProgrammingError"] * 3,
    ),
    Attack(
        "make oneself a member of theirs",
        lambda our, their: sql(
            "INSERT INTO organizations_membership (id, organization_id, user_id, role)"
            " VALUES (%s, %s, %s, 'owner')",
            [uuid7(), their.id, our.user.pk],
        ),
        "ProgrammingError",
        LOOT,
        "ProgrammingError",
    ),
]
