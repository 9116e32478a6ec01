#!/usr/bin/env bash
# Runs the tests of the pack.
#
#   ./test.sh            everything that runs on each change
#   ./test.sh fast       lint, snapshots, additive property, compilation: minutes, without a server
#   ./test.sh approve    makes what is generated now what is approved, and rewrites the generated parts of the docs
#   ./test.sh all        builds, formats and tests projects in which every three values of options meet (hours on two cores)
#   ./test.sh full       fast, with the engine itself running for every combination, and all that differs in code compiled
#   ./test.sh times      everything, and writes into docs/testing.md how long each level took
#
# Further arguments go to `dotnet test`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

mode=${1:-default}
[ $# -eq 0 ] || shift
filter=() one_by_one=()
case $mode in
  default) ;;
  times) ;;
  fast | full)
    [ "$mode" = fast ] || export FULL=1
    filter=(--filter 'Level=Lint|Level=Snapshot|Level=Additive|Level=Compile')
    ;;
  approve)
    export APPROVE=1
    writers=$(printf '|FullyQualifiedName~%s' DocumentTests NameTests Every_text_is_there ResourceDefinitionTests AssignmentDefinitionTests)
    filter=(--filter "Level=Snapshot|Level=Size$writers")
    # What one class writes, another one reads.
    one_by_one=(-- xUnit.MaxParallelThreads=1)
    ;;
  all)
    export COMBINATIONS=all
    filter=(--filter 'Level=Build')
    ;;
  *)
    sed -n '2,/^set/{/^#/p;}' "${BASH_SOURCE[0]}"
    exit 2
    ;;
esac

started=$(date +%s)
[ "$mode" != times ] || rm -rf artifacts/test-results
dotnet test tests/InterviewApi.Templates.Tests --configuration Release --disable-build-servers \
  --logger 'console;verbosity=normal' --logger trx --results-directory artifacts/test-results \
  ${filter[@]+"${filter[@]}"} "$@" ${one_by_one[@]+"${one_by_one[@]}"}

[ "$mode" != times ] || ./tests/times.sh artifacts/test-results $(($(date +%s) - started))
