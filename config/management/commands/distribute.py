from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connections, transaction

from config.distribute import Spread, cluster, moving, spread
from config.distribute.obstacles import ACCEPTABLE, MENDS, Obstacle, obstacles
from organizations.tenancy.context import no_context


class Command(BaseCommand):
    help = (
        "Spread the tenants' tables over a Citus cluster, by organization. Written to a"
        " recipe and tried on a stand-in, never on Citus with all of today's tables:"
        " rehearse it on a copy. See docs/scaling.md"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        one = parser.add_mutually_exclusive_group()
        one.add_argument(
            "--plan", action="store_true", help="say what would be done; change nothing"
        )
        one.add_argument(
            "--truncate-local",
            action="store_true",
            help="later: throw away what the coordinator kept of sharded tables",
        )
        parser.add_argument(
            "--accept",
            action="append",
            default=[],
            choices=sorted(ACCEPTABLE),
            metavar="CODE",
            help=f"go on in spite of one kind: {', '.join(sorted(ACCEPTABLE))}",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if "owner" not in connections:
            raise CommandError("Set DATABASE_OWNER_URL: the tables are the owner's.")
        connection, plan = connections["owner"], spread()
        try:
            if options["plan"]:
                self.show(connection, plan)
            elif options["truncate_local"]:
                self.examine(connection, plan)
                moving.empty_coordinator(connection, plan)
                self.stdout.write("The coordinator keeps no rows of sharded tables.")
            else:
                self.distribute(connection, plan, options["accept"])
        except (cluster.ClusterError, Error) as error:
            raise CommandError(str(error).strip()) from error

    def show(self, connection: Any, plan: Spread) -> None:
        with no_context(), transaction.atomic(using="owner"):
            cursor = connection.cursor()
            there = cluster.kinds(cursor) if cluster.is_there(cursor) else None
            found = obstacles(cursor, plan)
        for kind in ("distributed", "reference", "local"):
            for table in getattr(plan, kind):
                done = "  (done)" if table in (there or {}) else ""
                self.stdout.write(f"{kind:12} {table}{done}")
        for each in found:
            word = "refused" if each.is_refused else "accept?"
            self.stdout.write(f"{word:12} {each}")
        for code in sorted({each.code for each in found}):
            self.stdout.write(f"{'mend':12} {code}: {MENDS[code]}")
        if there is None:
            self.stdout.write("The extension citus is not in this database.")

    def distribute(self, connection: Any, plan: Spread, accepted: list[str]) -> None:
        found = self.examine(connection, plan)
        stop = [each for each in found if each.code not in accepted]
        if stop:
            codes = ", ".join(sorted({each.code for each in stop}))
            raise CommandError(
                f"{len(stop)} things stand in the way ({codes}): see --plan."
            )
        with no_context(), connection.cursor() as cursor:
            # Before anything is moved: a worker without keys refuses every row.
            nodes = cluster.give_keys(cursor)
        moved = moving.move(connection, plan, with_triggers="row-trigger" in accepted)
        with no_context(), connection.cursor() as cursor:
            weak = cluster.open_shards(cursor, plan)
            if not cluster.knows(cursor, cluster.NESTED):
                self.stderr.write(
                    f"{cluster.NESTED} is not known here: policies that ask"
                    " memberships will fail on shards."
                )
        self.stdout.write(f"{len(moved)} tables moved; keys on {nodes} workers.")
        if weak:
            raise CommandError(f"Row security is not forced on {', '.join(weak)}.")
        call_command("check_isolation", stdout=self.stdout)

    def examine(self, connection: Any, plan: Spread) -> list[Obstacle]:
        """Return what is in the way of tables that are still to be moved."""
        with no_context(), transaction.atomic(using="owner"):
            cursor = connection.cursor()
            cluster.refuse_half(cursor, plan)
            if set(plan.moved) <= set(cluster.kinds(cursor)):
                return []
            return obstacles(cursor, plan)
