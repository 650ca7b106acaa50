"""What the tests of sign-in share: mail with codes, and what was recorded."""

import re
from collections.abc import Callable

import pytest
from django.core import mail

from organizations.audit.models import PlatformEntry
from organizations.tenancy import identity, operator
from tests.conftest import PASSWORD

CODE = re.compile(r"^ +([A-Z0-9]{4}-[A-Z0-9]{4})$", re.MULTILINE)
