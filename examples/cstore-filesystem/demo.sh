#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

need_dcmtk
use_port HARMONY_PORT
export ARCHIVE=$work/archive
start gateway "$HARMONY_PORT" "$example/config.toml"

store() { # store CALLING CALLED FILE
    printf '\n$ storescu -aet %s -aec %s 127.0.0.1 %s %s\n' "$1" "$2" "$HARMONY_PORT" "$(basename "$3")"
    TCP_NODELAY=1 storescu -aet "$1" -aec "$2" 127.0.0.1 "$HARMONY_PORT" "$3"
}

say "An image of CT1 is on disk when storescu has its answer"
make_image "$work/a.dcm" 1.2.3.4 P-1 "first"
store CT1 ARCHIVE "$work/a.dcm" || fail "not stored"
expect_file "$ARCHIVE/P-1/1.2.3.1/1.2.3.4.dcm"

say "The same image again is a success, and there once"
store CT1 ARCHIVE "$work/a.dcm" || fail "not stored"
[[ $(find "$ARCHIVE" -name '*.dcm' | wc -l) == 1 ]] || fail "it is there twice"

say "Another one with the same UID takes nothing away"
make_image "$work/b.dcm" 1.2.3.4 P-1 "second"
store MR1 ARCHIVE "$work/b.dcm" || fail "not stored"
expect_file "$ARCHIVE/P-1/1.2.3.1/1.2.3.4~2.dcm"

say "A modality that is not on the list has no association; nor has one that calls somebody else"
store XR9 ARCHIVE "$work/a.dcm" && fail "stored"
store CT1 PACS "$work/a.dcm" && fail "stored"

say "No value leads out of the folder"
make_image "$work/c.dcm" 1.2.3.5 '../../etc' "third"
store CT1 ARCHIVE "$work/c.dcm" || fail "not stored"
expect_file "$ARCHIVE/%2E.%2F..%2Fetc/1.2.3.1/1.2.3.5.dcm"

if [[ ${DEMO_PACS:-} == orthanc ]]; then
    say "An archive, too, can be the one that sends"
    use_port SENDER_PORT
    archive sender CT1 "$SENDER_PORT" "ARCHIVE@127.0.0.1:$HARMONY_PORT"
    make_image "$work/d.dcm" 1.2.3.6 P-2 "fourth"
    api=http://127.0.0.1:$HTTP_PORT_OF_sender
    id=$(curl -sS --noproxy '*' --data-binary "@$work/d.dcm" "$api/instances" | sed -n 's/.*"ID" : "\([^"]*\)".*/\1/p')
    ask "$api/modalities/peer/store" -d "$id"
    expect_status 200
    expect_file "$ARCHIVE/P-2/1.2.3.1/1.2.3.6.dcm"
fi

say "What the gateway logged"
grep -E 'WARN|ERROR' "$work/gateway.log" || true

say "All answers were as expected"
