#!/usr/bin/env bash
# Shifts the clock of the running platform of this clone as a whole, to play through windows and deadlines. Development only.
#
#   bash eng/clock.sh 70.00:00:00   seventy days ahead of real time ([-]d.hh:mm:ss)
#   bash eng/clock.sh               what it is now
set -euo pipefail
cd "$(dirname "$0")/.."
file=artifacts/data/clock
[ -d artifacts/data ] || { echo "There are no data yet: start the platform first (bash eng/run.sh)." >&2; exit 1; }
if [ $# -gt 0 ]; then
  [[ $1 =~ ^-?([0-9]+\.)?[0-9]{1,2}:[0-9]{2}:[0-9]{2}$ ]] || { echo "'$1' is not a time span: [-]d.hh:mm:ss" >&2; exit 2; }
  printf '%s\n' "$1" >"$file.new" && mv "$file.new" "$file"
fi
echo "Shift: $(cat "$file" 2>/dev/null || echo none)"
