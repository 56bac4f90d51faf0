#!/usr/bin/env bash
# Verifies the audit trails of the platform that runs from this clone, one line a service; exits with 1 where something was changed.
# The heads go to artifacts/audit-heads; at the next time they must still be in the trails. Keep a copy where the databases' owners cannot reach it.
#
#   bash eng/audit.sh
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
readonly run_file=artifacts/run.json heads=artifacts/audit-heads
[ -f "$run_file" ] || fail 'No platform runs from this clone: bash eng/run.sh starts it.'

# read_json <expression over the parsed document on standard input>; node is there, npm needs it
read_json() { node -e "const d = JSON.parse(require('fs').readFileSync(0)); console.log($1)"; }

gateway=$(read_json 'd.gateway' <"$run_file")
password=$(read_json "d.people.find(p => p.signIn === 'operator').password" <"$run_file")
token=$(curl -sSf -H 'Content-Type: application/json' -d "{\"userName\":\"operator\",\"password\":\"$password\"}" "$gateway/api/identity/sessions" | read_json 'd.accessToken')

touch "$heads"
cp "$heads" "$heads.new"
status=0
for service in identity application document review payment notification; do
  kept=$(grep "^$service " "$heads" | tail -n 1 | awk '{print "?number=" $2 "&hash=" $3}') || kept=''
  report=$(curl -sSf -H "Authorization: Bearer $token" "$gateway/api/operations/$service/audit$kept")
  printf '%s\n' "$report" | read_json "'$service: ' + d.number + ' sealed, ' + d.unsealed + ' not yet, ' + (d.faults.length || 'no') + ' faults' + d.faults.map(f => '\n  ' + [f.kind, f.source, f.key, f.number].filter(x => x).join(' ')).join('')"
  [ "$(printf '%s' "$report" | read_json 'd.faults.length')" = 0 ] || { status=1; continue; }
  printf '%s' "$report" | read_json "d.number ? '$service ' + d.number + ' ' + d.hash : ''" | grep . >>"$heads.new" || true
done
mv "$heads.new" "$heads"
exit "$status"
