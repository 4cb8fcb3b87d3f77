#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

need_dcmtk
use_port SCP_PORT WEB_PORT PACS_PORT
export STORAGE=$work/storage TCP_NODELAY=1 WEB_PATH=/dicom-web

run() { # run PROGRAM ARGUMENT...: a client of DCMTK's, at the gateway
    printf '\n$ %s -aec HARMONY 127.0.0.1 %s\n' "$*" "$SCP_PORT"
    "$@" -aec HARMONY 127.0.0.1 "$SCP_PORT" 2>&1 | tee "$work/output"
}

seen() { grep -aq -- "$1" "$work/output" || fail "the output has no $1"; }

archive archive ARCHIVE "$PACS_PORT"
start server "$WEB_PORT" "$example/server/config.toml"
start gateway "$SCP_PORT" "$example/config.toml"

say "Store: each object is a part of a STOW-RS request; success is what the server says of it"
for i in 1 2 3; do
    make_image "$work/$i.dcm" "1.2.3.$i" P-1 "image $i"
    storescu -aec HARMONY 127.0.0.1 "$SCP_PORT" "$work/$i.dcm" || fail "not stored"
done
[[ $(archived archive) == 3 ]] || fail "the server has not got them"

say "Find: QIDO-RS, at the level and with the keys of the query"
run findscu -S -k QueryRetrieveLevel=STUDY -k 'PatientID=P-*' -k 'PatientName' -k StudyInstanceUID -k StudyDate=20240101-20241231
seen '1.2.3.1'
seen 'Test^Object'
run findscu -S -k QueryRetrieveLevel=IMAGE -k StudyInstanceUID=1.2.3.1 -k SeriesInstanceUID=1.2.3.2 -k SOPInstanceUID
[[ $(grep -ac 'Find Response: .*Pending' "$work/output") == 3 ]] || fail "there are not three images"

say "Get: WADO-RS, each part a sub-operation"
mkdir "$work/viewer"
run getscu -v -S -od "$work/viewer" -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.2.3.1
[[ $(find "$work/viewer" -type f | wc -l) == 3 ]] || fail "they have not come"

say "A server that is down: the sender keeps its object"
stop server
storescu -aec HARMONY 127.0.0.1 "$SCP_PORT" "$work/1.dcm" && fail "it was called stored"

say "All answers were as expected"
