#!/usr/bin/env bash
# Prints the name of every failed test, the first lines of its message, and what an error inside it says (the test ran a
# command, whose output the message holds), out of the result files of a run.
#
#   tests/failures.sh RESULTS [LINES]
set -euo pipefail
shopt -s nullglob
files=("$1"/*.trx)
[ ${#files[@]} -eq 0 ] || awk -v most="${2:-6}" '
  function plain(text) {
    gsub(/&#x[dD];|\r/, "", text); gsub(/&#x[aA];/, " ", text)
    gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&apos;/, "\047", text)
    gsub(/&amp;/, "\\&", text)
    return text
  }
  /<UnitTestResult / {
    failed = /outcome="(Failed|Error|Timeout|Aborted)"/
    name = $0; sub(/.* testName="/, "", name); sub(/".*/, "", name)
    if (failed) { print "FAILED " plain(name); lines = errors = 0 }
  }
  failed && sub(/.*<Message>/, "") { inside = 1 }
  inside {
    ends = sub(/<\/Message>.*/, "")
    if (/\[FAIL\]|: error |Error Message:/) after = 5
    if (/[^ \t\r]/ && (lines++ < most || (after-- > 0 && errors++ < 30))) print "    " substr(plain($0), 1, 300)
    if (ends) inside = 0
  }
' "${files[@]}"
