"""The trash is emptied at night."""

from organizations.gallery.purging import purge_trash
from organizations.tenancy.jobs import periodic

periodic("53 3 * * *")(purge_trash)
