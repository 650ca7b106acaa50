#!/usr/bin/env python3
import os
import sys
from pathlib import Path


def main() -> None:
    # The checkout comes first on the path, or the library named `organizations`
    # would be imported instead of ours.
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
