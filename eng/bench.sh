#!/usr/bin/env bash
# Measures this clone's platform on this machine: how soon a second start is all healthy, and what it holds in memory when
# idle (proportional set size of all its processes, so that shared pages count once).
#
#   bash eng/bench.sh           start and memory
#   bash eng/bench.sh outbox    commit → publish latency against a PostgreSQL and a RabbitMQ of its own
#   bash eng/bench.sh registers search over 100,000 schools or units in a PostgreSQL of its own
#   bash eng/bench.sh characters the lookup of rare characters, in the process and over HTTP
#   bash eng/bench.sh forms     printing of application forms by Chromium
#   bash eng/bench.sh worklist  an officer's work list with 1,000,000 applications, against a PostgreSQL of its own
#   bash eng/bench.sh photo     200 good and 200 wrong photos and 10,000 broken files through the photo worker
#   bash eng/bench.sh callbacks 100,000 callbacks of a bank, repeated, shuffled, forged, with the payment service killed meanwhile
#   bash eng/bench.sh notices   10,000 events while the SMS gateway fails every fifth request and leaves every twentieth without an answer
#   bash eng/bench.sh paid      how soon a payer is shown as registered at a running platform, with the bank's callback and without
#   bash eng/bench.sh pages     the web front end's pages in Chromium: time to the first byte, weight, what moves
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

if [ "${1:-}" = pages ]; then
  bash eng/setup.sh --tests
  # it asks faster than a person may: the gateway's limit would be measured
  export Gateway__Limits__Person__PerMinute=100000 Gateway__Limits__Person__Burst=100000
  look_at_pages measure
  exit
fi
if [ "${1:-}" = paid ]; then
  bash eng/setup.sh
  export Gateway__Limits__Person__PerMinute=100000 Gateway__Limits__Person__Burst=100000
  build eng/bench/Bench.csproj
  start_platform
  dotnet eng/bench/bin/Debug/net10.0/ExamPlatform.Bench.dll paid artifacts/run.json
  exit
fi
if [ -n "${1:-}" ]; then
  bash eng/setup.sh
  build eng/bench/Bench.csproj
  exec dotnet eng/bench/bin/Debug/net10.0/ExamPlatform.Bench.dll "$1"
fi

readonly idle_seconds=30

# KiB, command; the largest first.
memory() {
  local pid
  for pid in $(holders); do
    printf '%s %s\n' "$(awk '/^Pss:/{print $2}' "/proc/$pid/smaps_rollup")" "$(tr '\0' ' ' <"/proc/$pid/cmdline" | cut -c1-90)"
  done | sort -rn
}

say 'First start, so that all is built and the data exist …'
start_platform
stop_platform
say 'Second start …'
begun=$(date +%s%N)
start_platform
ready=$(($(date +%s%N) - begun))
say "Leaving it idle for $idle_seconds s …"
sleep "$idle_seconds"
memory >artifacts/bench-memory.txt
head -n 12 artifacts/bench-memory.txt
awk -v ready="$ready" '{sum += $1} END {
  printf "second start: %.1f s to all healthy (to stay under 30)\nidle memory: %d MiB in %d processes (to stay under 2048)\n", ready / 1e9, sum / 1024, NR}' artifacts/bench-memory.txt
