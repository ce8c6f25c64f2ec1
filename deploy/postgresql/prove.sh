#!/bin/sh
# Proves that a dump can be restored: prove.sh DUMP
# Into a database of its own, dropped at the end; every table must hold what the dump's sums say. Serves meanwhile.
set -eu
dump=$1
scripts=$(cd "$(dirname "$0")" && pwd)
proof=semaine_proof_$$
sums=$(mktemp)
trap 'rm -f "$sums"; dropdb --if-exists --force "$proof"' EXIT

createdb --template=template0 "$proof"
pg_restore --no-owner --exit-on-error --dbname="$proof" "$dump"
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname="$proof" --file="$scripts/fingerprint.sql" >"$sums"
[ -s "$sums" ] || { echo "The dump restores no table." >&2; exit 1; }
diff "${dump%.dump}.sums" "$sums" || { echo "The restored database differs from what was dumped." >&2; exit 1; }
echo "Restored and compared: $(wc -l <"$sums") tables, $(awk '{ rows += $2 } END { print rows }' "$sums") rows."
