#!/usr/bin/env bash
# Writes what a test run took, by level, into docs/testing.md. Called by ./test.sh times.
#
#   tests/times.sh RESULTS SECONDS
set -euo pipefail
results=$1 seconds=$2
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# One line for each test: class, then hours:minutes:seconds.
durations=$(cat "$results"/*.trx | grep -o '<UnitTestResult [^>]*' |
  sed -E 's/.*testName="([^"(]*)\.[^."(]*["(].*/\1 &/' |
  sed -E 's/^(.*Tests) .* duration="([0-9:.]*)".*/\1 \2/')

level() {
  echo "$durations" | awk -v classes="$2" -v label="$1" '
    BEGIN { split(classes, list, " "); for (i in list) wanted[list[i]] = 1 }
    { name = $1; sub(/.*\./, "", name); if (name in wanted) { split($2, t, ":"); sum += t[1] * 3600 + t[2] * 60 + t[3]; count++ } }
    END { if (count) printf "| %s | %d | %d s |\n", label, count, sum + 0.5 }'
}

rate=$(cat "$results"/*.trx | grep -o '[0-9.]* combinations a second in process.*as fast' | head -1)
block=$(mktemp)
{
  echo "| level | tests | time |"
  echo "| --- | --- | --- |"
  level '1 `Lint`, 2 `Snapshot` and 3 `Additive`, with the rendering of every combination' 'LintTests SnapshotTests AdditiveTests'
  level '4 `Compile`' CompileTests
  level '5 `Build`' BuildTests
  level '6 `Agreement`' AgreementTests
  faults='RenderingFaultTests LintFaultTests SnapshotFaultTests CompileFaultTests AgreementFaultTests CliFaultTests'
  level '`Faults`' "$faults ConditionTests PageFaultTests CoveringArrayBuilderTests FailureListTests"
  echo
  echo "The whole run took $((seconds / 60)) min on $(nproc) cores. ${rate:+The rate, measured in it: $rate.}"
  echo
} >"$block"

awk -v block="$block" '
  /<!-- generated: times -->/ { print; while ((getline line < block) > 0) print line; inside = 1 }
  /<!-- end: times -->/ { inside = 0 }
  !inside' docs/testing.md >"$block.md"
cp "$block.md" docs/testing.md
rm "$block" "$block.md"
