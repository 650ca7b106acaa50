"""Tech Startup Inc: five people and a booking app that is about to leave its beta."""

from billing.models import SubscriptionStatus
from config.seeds.drafts import Colleague, Draft, Story
from organizations.models import Role
from tasks.choices import Priority, Status

BACKLOG, TODO, DOING = Status.BACKLOG, Status.TODO, Status.IN_PROGRESS
REVIEW, DONE = Status.IN_REVIEW, Status.DONE
LOW, MEDIUM, HIGH = Priority.LOW, Priority.MEDIUM, Priority.HIGH

PEOPLE = (
    Colleague("bob@example.com", "Bob", "Lindgren", Role.OWNER, "bob-demo-42"),
    Colleague("sam@example.com", "Sam", "Reyes", Role.ADMIN),
    Colleague("alice@example.com", "Alice", "Moreau", Role.MEMBER, "alice-demo-42"),
    Colleague("yuki@example.com", "Yuki", "Sato", Role.MEMBER),
    Colleague("dara@example.com", "Dara", "Singh", Role.MEMBER),
    Colleague("noor@example.com", "Noor", "Haddad", Role.VIEWER),
)

TASKS = (
    Draft(
        "Double bookings when two people tap at once",
        DOING,
        HIGH,
        0,
        ("yuki", "bob"),
        "Seen twice this week at the climbing hall. Both got a confirmation for the"
        " same slot. Reproduce with two phones first, then decide on the lock.",
        talk=(
            ("yuki", "Reproduced with two phones on the office network."),
            ("bob", "Then the lock it is. @Dara Singh, the refunds wait for this."),
        ),
    ),
    Draft("Refund flow for cancelled classes", DOING, HIGH, 3, ("dara",)),
    Draft("Empty state of the calendar", DOING, LOW, 6, ("sam",)),
    Draft(
        "Load test with 500 bookings a minute",
        REVIEW,
        HIGH,
        1,
        ("yuki",),
        "The hall in Lyon opens its season on Monday at nine and everyone comes"
        " at once. We held 320 a minute last time.",
    ),
    Draft("Terms for studios in Switzerland", REVIEW, MEDIUM, 5, ("alice", "bob")),
    Draft("Wording of the reminder mail", REVIEW, LOW, 2, ("sam", "dara")),
    Draft("Pitch deck: numbers of the third quarter", TODO, HIGH, 4, ("bob",)),
    Draft("Waiting list moves up by itself", TODO, HIGH, 11, ("yuki", "dara")),
    Draft("Say which time zone a class is in", TODO, MEDIUM, 8, ("dara",)),
    Draft("Interview three yoga studios", TODO, MEDIUM, 9, ("alice", "sam")),
    Draft("Rotate the mail provider's key", TODO, HIGH, -2, ("yuki",)),
    Draft("Dark mode of the door display", TODO, LOW, 21, ("sam",)),
    Draft("Export attendance as a spreadsheet", TODO, MEDIUM, 15, ("dara",)),
    Draft("Gift vouchers", BACKLOG, MEDIUM, 45, ("alice",)),
    Draft("Check-in with a code at the door", BACKLOG, MEDIUM),
    Draft("Teachers see only their own classes", BACKLOG, HIGH, 30, ("yuki",)),
    Draft("Let studios choose their colours", BACKLOG, LOW),
    Draft("A status page of our own", BACKLOG, LOW, None, ("sam",)),
    Draft("Move the database to the new region", DONE, HIGH, -6, ("yuki", "bob")),
    Draft("Beta invitation for 40 studios", DONE, HIGH, -14, ("sam", "alice")),
    Draft("Fix the overlap of long class names", DONE, LOW, -3, ("dara",)),
    Draft("Register the trademark", DONE, MEDIUM, -25, ("bob",)),
    Draft("Write down who is on call", DONE, MEDIUM, -10, ("sam",)),
    Draft("First paying customer: thank-you card", DONE, LOW, -18, ("bob",)),
)

STARTUP = Story(
    name="Tech Startup Inc",
    slug="tech-startup",
    task_prefix="TSI",
    plan="starter",
    status=SubscriptionStatus.TRIALING,
    people=PEOPLE,
    tasks=TASKS,
    labels=(
        ("Studios", "violet", ("studio", "class", "teacher")),
        ("Money", "green", ("refund", "voucher", "pitch", "terms")),
        ("Bug", "red", ("fix", "overlap", "double")),
    ),
)
