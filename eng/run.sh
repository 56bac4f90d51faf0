#!/usr/bin/env bash
# Starts the whole platform from this clone, shows its addresses and ready-made sign-ins, and stops all of it on Ctrl-C.
#
#   bash eng/run.sh           start, keep running until Ctrl-C (or SIGTERM)
#   bash eng/run.sh --fresh   forget the data of earlier runs first (artifacts/data)
#   bash eng/run.sh --demo    start, let the demo driver play whole lives through the gateway, stop; exits as the driver does
#
# The AppHost gets EXAM_DATA (where data live) and EXAM_RUN_FILE (artifacts/run.json), which it writes when all is healthy:
#   { "web": "http://…", "gateway": "http://…", "dashboard": "http://…", "sandbox": "http://…",
#     "people": [ { "role": "…", "name": "…", "signIn": "…", "password": "…" } ] }
# Its log is artifacts/run/apphost.log. Ports are chosen free, so another clone runs beside this one.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly top=$PWD run_file=$PWD/artifacts/run.json data=$PWD/artifacts/data
readonly log=$state/apphost.log built=$state/built
readonly start_limit=300 stop_limit=30
demo=false fresh=false host='' driver=''

for option in "$@"; do
  case $option in
    --demo) demo=true ;;
    --fresh) fresh=true ;;
    *) sed -n '2,/^set -/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" | head -n 5 >&2; exit 2 ;;
  esac
done

take_lock() {
  mkdir -p "$state"
  exec 7>>"$alive"
  flock -n 7 && return
  exec 7>&-
  fail "a platform from this clone is running or being started (processes$(holders)). Stop it first."
}

# All sources and what setup found out; a start with nothing changed needs no build.
fingerprint() {
  find . \( -name bin -o -name obj -o -name artifacts -o -name .git -o -name tests -o -name docs \) -prune \
    -o -type f ! -name '*.sh' ! -name '*.md' -printf '%p %T@ %s\n' \
    | sort | cat - artifacts/machine.props | sha256sum
}

build_platform() {
  local now
  now=$(fingerprint)
  if [ -f "$built" ] && [ "$(head -n 1 "$built")" = "$now" ] && [ -f "$(sed -n 2p "$built")" ]; then return; fi
  say 'Building …'
  rm -f "$built"
  build AppHost/AppHost.csproj
  build eng/welcome/Welcome.csproj
  build eng/demo/*.csproj
  bash eng/precompile.sh {AppHost,gateway,frontends/web,sandbox,services/*}/bin/Debug/net10.0 7>&-
  {
    printf '%s\n' "$now"
    target_of AppHost/AppHost.csproj
    target_of eng/welcome/Welcome.csproj
    target_of eng/demo/*.csproj
  } >"$built.new"
  mv "$built.new" "$built"
}

target_of() { dotnet msbuild "$1" -getProperty:TargetPath -p:Configuration=Debug 7>&-; }

start_host() {
  rm -f "$run_file"
  say "Starting … (log: ${log#"$top"/})"
  # A group of its own, so that Ctrl-C reaches it only through stop(); if this script is killed, it is told to end, too.
  set -m
  # Nor is anything of the host and the dashboard compiled a second time while all starts: a quarter of the start's work.
  DOTNET_TC_CallCountingDelayMs=1000 EXAM_DATA=$data EXAM_RUN_FILE=$run_file DOTNET_ENVIRONMENT=Development ASPNETCORE_ENVIRONMENT=Development \
    setpriv --pdeathsig TERM dotnet "$(sed -n 2p "$built")" </dev/null >"$log" 2>&1 &
  host=$!
  set +m
  exec 7>&-
}

host_lives() { [ -n "$host" ] && kill -0 "$host" 2>/dev/null; }

await_healthy() {
  local since=$SECONDS
  until [ -f "$run_file" ]; do
    if ! host_lives; then
      tail -n 30 "$log" >&2
      fail "the AppHost ended while starting; above is the end of ${log#"$top"/}."
    fi
    if ((SECONDS - since > start_limit)); then
      tail -n 30 "$log" >&2
      fail "not all is healthy after $start_limit s; above is the end of ${log#"$top"/}."
    fi
    sleep 0.2
  done
  say "All healthy after $((SECONDS - since)) s."
}

# Asks the AppHost to stop, waits until the last process of the platform is gone, and ends by force what does not go.
stop() {
  local status=$? pid
  # To the end, even where the terminal it speaks to is gone.
  set +e
  trap '' INT TERM HUP PIPE
  exec 7>&-
  kill_group "$build_group"
  kill_group "$driver"
  if [ -n "$host" ]; then
    say 'Stopping …'
    kill -TERM "$host" 2>/dev/null || true
    if ! flock -w "$stop_limit" "$alive" true; then
      say "Ending by force:$(holders)"
      for pid in $(holders); do kill -KILL "$pid" 2>/dev/null || true; done
    fi
    wait "$host" 2>/dev/null || true
    rm -f "$run_file"
    say 'Stopped.'
  fi
  exit "$status"
}

play_demo() {
  local status=0
  set -m
  dotnet "$(sed -n 4p "$built")" "$run_file" </dev/null &
  driver=$!
  set +m
  wait "$driver" || status=$?
  driver=''
  return "$status"
}

bash eng/setup.sh
take_lock
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
if $fresh; then rm -rf "$data"; fi
mkdir -p "$data"
build_platform
start_host
await_healthy
dotnet "$(sed -n 3p "$built")" "$run_file"
if $demo; then
  play_demo
else
  printf '\nCtrl-C stops everything. 按 Ctrl-C 停止。\n'
  status=0
  wait "$host" || status=$?
  tail -n 30 "$log" >&2
  fail "the AppHost ended by itself (code $status); above is the end of ${log#"$top"/}."
fi
