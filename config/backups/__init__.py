"""Backups of everything: made, verified by restoring them, and put back.

One backup is a folder: a dump of the database, the uploaded files, and a manifest with
the hash of each table and file. Statements are written by hand, as they ask catalogs.
"""


class BackupError(Exception):
    """A backup cannot be made, read or put back, said in one sentence."""
