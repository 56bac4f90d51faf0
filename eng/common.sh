# shellcheck shell=bash
# What the scripts here share. To be sourced; leaves the caller in the clone's top folder.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

say() { printf '%s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# Builds without leaving a compiler server or build node behind, and without touching those of other builds on the machine:
# they get a name of their own and one process group, which ends with the build. The caller's lock (7) is not passed on.
build() {
  local status=0 build_log=artifacts/build.log
  set -m
  dotnet build "$1" -c Debug -nodeReuse:false -p:UseSharedCompilation=true "-p:SharedCompilationId=exam-$$" \
    -noConsoleLogger -fileLogger "-fileLoggerParameters:LogFile=$build_log;Verbosity=minimal" </dev/null 7>&- &
  build_group=$!
  set +m
  wait "$build_group" || status=$?
  kill_group "$build_group"
  build_group=''
  if [ "$status" -ne 0 ]; then
    grep -E '(error|warning) [A-Z]+[0-9]+' "$build_log" | sort -u | head -n 40 >&2 || tail -n 40 "$build_log" >&2
    fail "$1 does not build (the whole log: $build_log)."
  fi
}

kill_group() { if [ -n "$1" ]; then kill -KILL -- "-$1" 2>/dev/null || true; fi; }
build_group=''

# Every process of the platform inherits this lock (7) from the AppHost, so it is held exactly as long as one of them lives.
readonly state=$PWD/artifacts/run
readonly alive=$state/alive.lock

holders() {
  local link
  for link in /proc/[0-9]*/fd/*; do
    if [ "$link" -ef "$alive" ]; then link=${link#/proc/}; printf ' %s\n' "${link%%/*}"; fi
  done | sort -u | tr -d '\n'
}

# For measuring and looking: the platform of this clone, as run.sh starts it, until the script ends.
runner=''

start_platform() {
  local since=$SECONDS said=$PWD/artifacts/runner.log
  mkdir -p artifacts
  trap stop_platform EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  : >"$said"
  bash eng/run.sh >>"$said" 2>&1 &
  runner=$!
  until grep -q '^Ctrl-C' "$said"; do
    kill -0 "$runner" 2>/dev/null && ((SECONDS - since < 600)) || { tail -n 30 "$said" >&2; fail 'the platform did not start.'; }
    sleep 0.1
  done
}

stop_platform() {
  if [ -n "$runner" ]; then kill -TERM "$runner" 2>/dev/null || true; wait "$runner" || true; fi
  runner=''
}

# Chromium at the pages of the platform that runs from this clone, or of one started for it.
look_at_pages() {
  build eng/pages/Pages.csproj
  if [ ! -f artifacts/run.json ]; then start_platform; fi
  dotnet eng/pages/bin/Debug/net10.0/ExamPlatform.Pages.dll "$1" artifacts/run.json "${@:2}"
}
