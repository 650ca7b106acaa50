"""The API answers as its document says, also in sequences: what one operation has
made, another one reads, changes and removes."""

from collections import Counter

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from requests import Request

from tests.api.test_schema import CHECKS, called, document, headers

__all__ = ["headers"]

HOW = settings(
    max_examples=8,
    stateful_step_count=6,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_what_is_made_can_be_used_by_every_other_operation(headers):
    met: Counter[tuple[str, int]] = Counter()

    class Sequence(document.as_state_machine()):
        """A program that goes on with what it was answered, undone at the end."""

        def setup(self):
            self.undone = transaction.atomic()
            self.undone.__enter__()

        def teardown(self):
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

        def call(self, case, **kwargs):
            how = case.as_transport_kwargs(base_url="http://testserver")
            with transaction.atomic():
                answer = called(Request(**how).prepare(), headers)
            met[(case.operation.label, answer.status_code)] += 1
            return answer

        def validate_response(self, response, case, **kwargs):
            case.validate_response(response, checks=CHECKS)

    Sequence.run(settings=HOW)
    about_one = {(label, status) for label, status in met if "{" in label}
    # Objects are found that were made a step before, and not only missed.
    assert {status for _label, status in about_one} >= {200, 404}
    assert sum(met.values()) >= 20
