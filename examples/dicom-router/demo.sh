#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

need_dcmtk
use_port HARMONY_PORT CLINIC_PORT RESEARCH_PORT

archive() { # archive NAME AET PORT
    mkdir -p "$work/$1"
    printf '$ harmony dicom serve %s --aet %s --port %s\n' "$work/$1" "$2" "$3"
    start_process "$1" "$3" "$program" dicom serve "$work/$1" --aet "$2" --port "$3"
}

store() { # store FILE
    printf '\n$ storescu -aec ROUTER 127.0.0.1 %s %s\n' "$HARMONY_PORT" "$(basename "$1")"
    TCP_NODELAY=1 storescu -v -aec ROUTER 127.0.0.1 "$HARMONY_PORT" "$1" >"$work/output" 2>&1 || true
    grep 'Received Store Response' "$work/output" || fail "no answer"
}

seen() { grep -q "$1" "$work/output" || fail "the answer is another"; }

objects() { find "$work/$1" -type f -name '*.dcm' | wc -l; }

start gateway "$HARMONY_PORT" "$example/config.toml"
archive clinic CLINIC "$CLINIC_PORT"
archive research RESEARCH "$RESEARCH_PORT"

say "Both archives get the image"
make_image "$work/a.dcm" 1.2.3.4 P-1 "first"
store "$work/a.dcm"
seen Success
[[ $(objects clinic) == 1 && $(objects research) == 1 ]] || fail "clinic $(objects clinic), research $(objects research)"

say "One is down: the modality is told, and the other has the image nevertheless"
stop research
make_image "$work/b.dcm" 1.2.3.5 P-1 "second"
store "$work/b.dcm"
seen "0x110"
[[ $(objects clinic) == 2 && $(objects research) == 1 ]] || fail "clinic $(objects clinic), research $(objects research)"

say "It is back, and the modality sends again"
archive research RESEARCH "$RESEARCH_PORT"
store "$work/b.dcm"
seen Success
[[ $(objects clinic) == 2 && $(objects research) == 2 ]] || fail "clinic $(objects clinic), research $(objects research)"

say "What the gateway logged"
grep -E 'WARN|ERROR' "$work/gateway.log" || true

say "All answers were as expected"
