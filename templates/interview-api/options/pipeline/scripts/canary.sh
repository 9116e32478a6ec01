#!/usr/bin/env bash
# usage: canary.sh ADDRESS… <LOG
# Judges a new release by nginx's log: compares the responses of its instances, whose addresses (HOST:PORT) are given, with
# those of the others. Fails as soon as it has too many errors, and otherwise at the end of the log, if it is too slow or
# has had too few requests. docs/deployment.md says why these are the limits.
set -euo pipefail

awk -v addresses="$*" -v fewest=100 -v more_errors=1 -v times_slower=2 -v slower_ms=100 '
    function field(name) {
        return match($0, "\"" name "\":\"[^\"]*") ? substr($0, RSTART + length(name) + 4, RLENGTH - length(name) - 4) : ""
    }

    # The share of 5xx, in percent.
    function errors(release) { return requests[release] ? 100 * failures[release] / requests[release] : 0 }

    # The time within which 95 of 100 requests are answered, in milliseconds.
    function latency(release,    rest, ms) {
        rest = 0.95 * requests[release]
        for (ms = 0; rest > took[release, ms]; ms++) rest -= took[release, ms]
        return ms
    }

    function failing() { return requests["new"] >= fewest && errors("new") > errors("old") + more_errors }

    BEGIN {
        split(addresses, list)
        for (i in list) is_new[list[i]]
    }

    # A request that nginx sent to several instances has several addresses, statuses and times.
    {
        split(field("upstreamStatus"), statuses, ", ")
        split(field("upstreamSeconds"), seconds, ", ")
        for (i = split(field("upstream"), servers, ", "); i > 0; i--) {
            # A WebSocket or a client that disconnected says nothing about a release.
            if (statuses[i] + 0 < 200) continue
            release = servers[i] in is_new ? "new" : "old"
            requests[release]++
            failures[release] += statuses[i] >= 500
            took[release, int(1000 * seconds[i] + 0.5)]++
        }
        if (failing()) exit
    }

    END {
        printf "canary: new release: %d requests, %.1f %% errors, 95 of 100 within %d ms", requests["new"], errors("new"), latency("new")
        printf "; old release: %d requests, %.1f %% errors, %d ms\n", requests["old"], errors("old"), latency("old")
        if (failing()) reason = "it has too many errors"
        else if (requests["new"] < fewest) reason = "fewer than " fewest " requests prove nothing: raise the share or the time"
        else if (latency("new") > times_slower * latency("old") + slower_ms) reason = "it is too slow"
        if (reason) print "canary: " reason
        exit reason != ""
    }' >&2
