#!/usr/bin/env bash
# usage: check-coverage.sh FOLDER PERCENT
# Fails if the tests whose Cobertura reports are under FOLDER ran less than this part of the lines.
set -euo pipefail

folder=${1:?usage: check-coverage.sh FOLDER PERCENT}
least=${2:?usage: check-coverage.sh FOLDER PERCENT}

# The first element of each report holds its totals.
totals=$(find "$folder" -name coverage.cobertura.xml -exec \
    sed -n 's/.*<coverage [^>]*lines-covered="\([0-9]*\)" lines-valid="\([0-9]*\)".*/\1 \2/p' {} +)
if [[ -z $totals ]]; then
    echo "There is no coverage report under $folder." >&2
    exit 1
fi

awk -v least="$least" '
    { covered += $1; valid += $2 }
    END {
        if (valid == 0) { print "The reports count no line." > "/dev/stderr"; exit 1 }
        percent = 100 * covered / valid
        printf "%.1f %% of %d lines are covered; at least %s %% are required.\n", percent, valid, least
        exit percent < least
    }' <<<"$totals"
