#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

need_dcmtk
use_port HARMONY_PORT CLINIC_PORT RESEARCH_PORT

store() { # store FILE
    printf '\n$ storescu -aec ROUTER 127.0.0.1 %s %s\n' "$HARMONY_PORT" "$(basename "$1")"
    TCP_NODELAY=1 storescu -v -aec ROUTER 127.0.0.1 "$HARMONY_PORT" "$1" >"$work/output" 2>&1 || true
    grep 'Received Store Response' "$work/output" || fail "no answer"
}

seen() { grep -q "$1" "$work/output" || fail "the answer is another"; }

start gateway "$HARMONY_PORT" "$example/config.toml"
archive clinic CLINIC "$CLINIC_PORT"
archive research RESEARCH "$RESEARCH_PORT"

say "Both archives get the image"
make_image "$work/a.dcm" 1.2.3.4 P-1 "first"
store "$work/a.dcm"
seen Success
[[ $(archived clinic) == 1 && $(archived research) == 1 ]] || fail "clinic $(archived clinic), research $(archived research)"

say "One is down: the modality is told, and the other has the image nevertheless"
stop research
make_image "$work/b.dcm" 1.2.3.5 P-1 "second"
store "$work/b.dcm"
seen "OutOfResources"
[[ $(archived clinic) == 2 ]] || fail "clinic $(archived clinic)"

say "It is back, and the modality sends again"
archive research RESEARCH "$RESEARCH_PORT"
store "$work/b.dcm"
seen Success
[[ $(archived clinic) == 2 && $(archived research) == 2 ]] || fail "clinic $(archived clinic), research $(archived research)"

say "What the gateway logged"
grep -E 'WARN|ERROR' "$work/gateway.log" || true

say "All answers were as expected"
