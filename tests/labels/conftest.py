"""Labels of Acme and Globex, for every test of the room."""

from tests.labels.test_labels import board, label  # noqa: F401
