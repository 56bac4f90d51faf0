#!/usr/bin/env bash
# Runs all tests of this clone, two projects at a time; logs and results are in artifacts/test.
# The last line is "N passed, N failed"; the exit code is not 0 when one failed or none ran.
#
#   bash eng/test.sh            everything
#   bash eng/test.sh Review     only test projects whose name contains the word
set -euo pipefail
shopt -s nullglob
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly results=$PWD/artifacts/test at_once=2 project_limit=2700
groups=()

cleanup() {
  local group
  for group in "$build_group" "${groups[@]}"; do kill_group "$group"; done
}

# One project's tests: the log, the counts and the time taken stay in artifacts/test.
run_project() {
  local name=$1 started=$SECONDS status=0 note='' program
  program=$(find "tests/$name/bin/Debug/net10.0" -maxdepth 1 \( -name "$name.dll" -o -name "*.$name.dll" \) | head -n 1)
  timeout --foreground "$project_limit" dotnet test "$program" \
    --logger "trx;LogFileName=$name.trx" --results-directory "$results" >"$results/$name.log" 2>&1 || status=$?
  if [ "$status" -eq 124 ]; then note=" (ended after $project_limit s)"; fi
  printf '%s %s\n' "$(count passed "$name")" "$(count failed "$name" "$status")" >"$results/$name.count"
  printf '%-36s %s passed, %s failed, %s s%s\n' "$name" $(<"$results/$name.count") "$((SECONDS - started))" "$note"
}

# A project that breaks off without naming a failed test counts as one failure.
count() {
  local what=$1 trx=$results/$2.trx status=${3:-0} n
  n=$(grep -oE "<Counters [^>]*" "$trx" 2>/dev/null | grep -oE " $what=\"[0-9]+" | grep -oE '[0-9]+') || n=0
  if [ "$n" -eq 0 ] && [ "$status" -ne 0 ]; then n=1; fi
  printf '%s' "$n"
}

show_failures() {
  local file
  for file in "$results"/*.count; do
    if [[ $(<"$file") != *' 0' ]]; then
      printf '\n== %s\n' "$(basename "$file" .count)"
      tail -n 60 "${file%.count}.log"
    fi
  done
}

bash eng/setup.sh --tests
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
rm -rf "$results"
mkdir -p "$results"

say 'Building …'
build ExamPlatform.sln
bash eng/precompile.sh {AppHost,gateway,frontends/web,sandbox,services/*,tests/*}/bin/Debug/net10.0
say 'Checking the layout of the sources …'
dotnet format whitespace . --folder --verify-no-changes --exclude artifacts 2>&1 | tail -n 20 >"$results/format.log" \
  || { cat "$results/format.log"; fail 'dotnet format would change the files above.'; }

# The whole platform's tests take longest, so they begin first.
mapfile -t projects < <(find tests \( -name '*.Tests.csproj' -o -name EndToEnd.csproj \) -printf '%f\n' | sed 's/\.csproj$//' | grep -F -- "${1:-}" | sort | sed -n '/EndToEnd\|Pages/p;/EndToEnd\|Pages/!H;${x;s/^\n//;p}' | grep .)
for name in "${projects[@]}"; do
  while [ "$(jobs -pr | wc -l)" -ge "$at_once" ]; do wait -n || true; done
  set -m
  run_project "$name" </dev/null &
  groups+=("$!")
  set +m
done
wait

show_failures
passed=0 failed=0
for file in "$results"/*.count; do
  read -r p f <"$file"
  passed=$((passed + p)) failed=$((failed + f))
done
printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
