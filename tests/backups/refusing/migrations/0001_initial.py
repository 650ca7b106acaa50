"""The lab's first migration, as it is."""

from importlib import import_module

Migration = import_module("tests.lab.migrations.0001_initial").Migration
