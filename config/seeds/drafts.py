"""What a story says about people and tasks, before any flow has made them."""

from dataclasses import dataclass, field

from tasks.choices import Priority, Status


@dataclass(frozen=True)
class Colleague:
    """One person of a story; without a password nobody signs in as them."""

    email: str
    first_name: str
    last_name: str
    role: str
    password: str | None = None


@dataclass(frozen=True)
class Draft:
    """One task of a story; `due` counts days from today, people by their address."""

    title: str
    status: str = Status.TODO
    priority: int = Priority.MEDIUM
    due: int | None = None
    people: tuple[str, ...] = field(default=())
    description: str = ""
    # First names of who said something, and what.
    talk: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Sketch:
    """One picture of a story: shapes on a ground, on a canvas a hundred wide.

    A shape is a kind (polygon, ellipse or bar, which has round corners), a colour and
    the numbers of its points.
    """

    name: str
    alt: str
    ground: str
    shapes: tuple[tuple[str, str, tuple[float, ...]], ...]
    height: int = 75


@dataclass(frozen=True)
class Story:
    """One organization of the demo: who is in it, what they do, what they pay."""

    name: str
    slug: str
    task_prefix: str
    plan: str
    status: str
    people: tuple[Colleague, ...]
    tasks: tuple[Draft, ...]
    invited: tuple[str, ...] = ()
    # The first name of a viewer who may read the audit log as well.
    auditor: str = ""
    # Each label's name and colour, and the words of titles that want it.
    labels: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    # Each team's name, and the first names of who is in it.
    teams: tuple[tuple[str, tuple[str, ...]], ...] = ()
    pictures: tuple[Sketch, ...] = ()
    # Whether programs of its own are told what happens.
    hooks: bool = False
    # Each key's name, what it may, and the days until it expires, if it does.
    keys: tuple[tuple[str, tuple[str, ...], int | None], ...] = ()
