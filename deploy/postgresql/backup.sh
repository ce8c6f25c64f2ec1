#!/bin/sh
# A dump of the database, and what its tables held at that very moment: backup.sh DIRECTORY [DAYS]
# Older dumps than DAYS (14) go, so that who asked to be erased is so everywhere in time. Reads PGHOST, PGUSER, PGDATABASE.
set -eu
directory=$1
days=${2:-14}
scripts=$(cd "$(dirname "$0")" && pwd)
name=$directory/semaine-$(date -u +%Y%m%dT%H%M%SZ)
trap 'rm -f "$name.part" "$name.sums.part"' EXIT

# Dump and sums read one snapshot: what is written meanwhile is in neither.
export name
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 <<SQL
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot() AS snapshot \gset
\setenv snapshot :snapshot
\! pg_dump --snapshot="\$snapshot" --format=custom --file="\$name.part" || rm -f "\$name.part"
\o $name.sums.part
\i $scripts/fingerprint.sql
\o
COMMIT;
SQL
[ -s "$name.part" ] || { echo "pg_dump failed: there is no dump." >&2; exit 1; }
mv "$name.sums.part" "$name.sums"
# Under its name only once it is whole.
mv "$name.part" "$name.dump"
find "$directory" -name 'semaine-*' -mtime +"$days" -delete
echo "$name.dump"
