#!/bin/sh
# Puts a dump in the place of what the database holds: restore.sh DUMP. Stop web, worker and beat first.
# All or nothing: what fails leaves the database as it was. Reads PGHOST, PGUSER, PGDATABASE.
set -eu
pg_restore --clean --if-exists --no-owner --single-transaction --dbname="$PGDATABASE" "$1"
# A restored database knows no sizes, and plans accordingly.
vacuumdb --quiet --analyze-only --dbname="$PGDATABASE"
