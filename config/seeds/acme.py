"""Acme Corp: a maker of garden tools in the weeks before its spring range."""

from billing.models import SubscriptionStatus
from config.seeds.drafts import Colleague, Draft, Story
from config.seeds.sketches import SKETCHES
from organizations.models import Role
from tasks.choices import Priority, Status

BACKLOG, TODO, DOING = Status.BACKLOG, Status.TODO, Status.IN_PROGRESS
REVIEW, DONE = Status.IN_REVIEW, Status.DONE
LOW, MEDIUM, HIGH = Priority.LOW, Priority.MEDIUM, Priority.HIGH

PEOPLE = (
    Colleague("alice@example.com", "Alice", "Moreau", Role.OWNER, "alice-demo-42"),
    Colleague("priya@example.com", "Priya", "Raman", Role.ADMIN),
    Colleague("bob@example.com", "Bob", "Lindgren", Role.MEMBER, "bob-demo-42"),
    Colleague("jonas@example.com", "Jonas", "Weber", Role.MEMBER),
    Colleague("mei@example.com", "Mei", "Tanaka", Role.MEMBER),
    Colleague("tomas@example.com", "Tomás", "Ortega", Role.MEMBER),
    Colleague("ifeoma@example.com", "Ifeoma", "Okafor", Role.MEMBER),
    Colleague("grace@example.com", "Grace", "Bennett", Role.VIEWER),
)

TASKS = (
    Draft(
        "Recall notice for the folding saw, batch 7",
        DOING,
        HIGH,
        -1,
        ("alice", "priya"),
        "The lock of 340 saws opens under load. Legal has read the text; shops need"
        " it before they open, and the help desk needs the list of questions.",
        talk=(
            (
                "priya",
                "The shops in France open at nine. @Alice Moreau, can the text be out"
                " by **eight**?",
            ),
            (
                "alice",
                "It can. The list for the help desk:\n\n- Is my saw in batch 7?\n"
                "- How do I send it back?\n- When do I get another one?",
            ),
            (
                "bob",
                "Malmö asked this morning already; I have sent them the batch numbers.",
            ),
        ),
    ),
    Draft(
        "Choose the handle supplier for the spring range",
        DOING,
        HIGH,
        2,
        ("alice", "jonas"),
        "Three samples are on the shelf. Ash is lighter, beech survives the drop"
        " test, bamboo costs a third less but arrives two weeks later.",
        talk=(
            ("jonas", "The bamboo offer is on `4.20` a piece now. @Mei Tanaka?"),
            ("mei", "Beech looks best next to the steel. I would pay the difference."),
        ),
    ),
    Draft("Photograph the pruning shears on white", DOING, MEDIUM, 3, ("mei",)),
    Draft("Answer the shop in Malmö about missing screws", DOING, HIGH, 0, ("bob",)),
    Draft(
        "Move the warehouse count to the new scanners",
        DOING,
        MEDIUM,
        9,
        ("tomas", "ifeoma"),
        "Start with aisle 4. The old scanners stay charged until both counts agree.",
    ),
    Draft(
        "Rewrite the care leaflet for oiled wood",
        REVIEW,
        MEDIUM,
        1,
        ("ifeoma",),
        "Shorter, with drawings. Must fit a folded A6 in five languages.",
    ),
    Draft(
        "Freight offer for the autumn containers", REVIEW, HIGH, 4, ("jonas", "alice")
    ),
    Draft("Check the German product names", REVIEW, LOW, 6, ("jonas",)),
    Draft(
        "Spring catalogue: page order and cover", REVIEW, MEDIUM, 5, ("mei", "priya")
    ),
    Draft("Prepare the fair stand in Cologne", TODO, HIGH, 16, ("priya", "mei")),
    Draft("Order 2,000 hang tags on recycled board", TODO, MEDIUM, 7, ("tomas",)),
    Draft("Renew the liability insurance", TODO, HIGH, -3, ("alice",)),
    Draft("Invite five gardeners to try the new rake", TODO, MEDIUM, 12, ("bob",)),
    Draft(
        "Write down how returns are inspected",
        TODO,
        MEDIUM,
        20,
        ("ifeoma", "tomas"),
        "One page with photos: what goes back on the shelf, what to repair, what to"
        " recycle, and who decides when it is unclear.",
    ),
    Draft("Repair the label printer in packing", TODO, LOW, 2, ("tomas",)),
    Draft("Compare parcel carriers for the Alps", TODO, LOW, 25, ("jonas",)),
    Draft("Film the sharpening guide", TODO, MEDIUM, 18, ("mei",)),
    Draft("Agree holidays for July and August", TODO, MEDIUM, 10, ("priya",)),
    Draft("Price list for shops, valid from March", TODO, HIGH, 14, ("alice", "bob")),
    Draft("Ask the foundry for thinner blade blanks", TODO, MEDIUM, 8, ("jonas",)),
    Draft("Replace the broken window in the sample room", TODO, LOW, None, ("tomas",)),
    Draft("A lighter secateur for small hands", BACKLOG, MEDIUM, None, ("mei",)),
    Draft("Lifetime sharpening as a paid service", BACKLOG, LOW, None, ("alice",)),
    Draft("Spare parts in the online shop", BACKLOG, MEDIUM, 60, ("bob",)),
    Draft("Try plant-based oil for the first treatment", BACKLOG, LOW),
    Draft("Seed bags as a gift with orders over 80 euros", BACKLOG, LOW),
    Draft("Translate the help pages into Polish", BACKLOG, MEDIUM, 75),
    Draft("Solar roof for hall 2: first offer", BACKLOG, LOW, None, ("priya",)),
    Draft("Measure how long packing one order takes", BACKLOG, MEDIUM),
    Draft("Sign the lease for the second hall", DONE, HIGH, -12, ("alice", "priya")),
    Draft("Interview candidates for the help desk", DONE, HIGH, -9, ("priya",)),
    Draft("Send the trowel samples to the test garden", DONE, MEDIUM, -7, ("bob",)),
    Draft("Tidy the drawings of discontinued tools", DONE, LOW, -20, ("mei",)),
    Draft("Pay the trade fair deposit", DONE, HIGH, -15, ("alice",)),
    Draft("Fix the wrong weight on the spade page", DONE, MEDIUM, -4, ("ifeoma",)),
    Draft("First-aid course for the warehouse", DONE, MEDIUM, -30, ("tomas",)),
)

ACME = Story(
    name="Acme Corp",
    slug="acme",
    task_prefix="ACME",
    plan="pro",
    status=SubscriptionStatus.ACTIVE,
    people=PEOPLE,
    tasks=TASKS,
    invited=("noemi@example.com", "packing@example.com"),
    auditor="grace",
    labels=(
        ("Tools", "accent", ("rake", "saw", "handle", "secateur", "shears", "spade")),
        ("Shop", "blue", ("shop", "catalogue", "leaflet", "product", "photograph")),
        ("Warehouse", "amber", ("freight", "warehouse", "container", "hang tags")),
        ("Legal", "green", ("recall", "insurance", "lease")),
    ),
    pictures=SKETCHES,
    hooks=True,
    keys=(
        ("Zapier trial", ("tasks.view", "tasks.edit"), -9),
        ("Nightly export", ("tasks.view",), None),
        ("Shop backend", ("tasks.view", "tasks.edit", "members.view"), 84),
    ),
    teams=(
        ("Product and shop", ("alice", "mei", "bob", "ifeoma")),
        ("Warehouse", ("priya", "tomas", "ifeoma", "jonas")),
    ),
)
