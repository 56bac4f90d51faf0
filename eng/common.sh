# shellcheck shell=bash
# What run.sh, test.sh and bench.sh share. To be sourced; leaves the caller in the clone's top folder.
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
