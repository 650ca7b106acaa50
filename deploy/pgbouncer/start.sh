#!/bin/sh
# The passwords come from the environment, and rest in memory only.
set -eu
umask 077
: "${APP_PASSWORD:?}" "${OPERATOR_PASSWORD:?}"
{
	printf '"insula_app" "%s"\n' "$APP_PASSWORD"
	printf '"insula_operator" "%s"\n' "$OPERATOR_PASSWORD"
} >/run/pgbouncer/users.txt
exec pgbouncer /etc/pgbouncer/pgbouncer.ini
