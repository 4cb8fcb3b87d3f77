#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

need_dcmtk
use_port HARMONY_PORT PACS_PORT WORKSTATION_PORT
export STORAGE=$work/storage TCP_NODELAY=1

run() { # run PROGRAM ARGUMENT...: a client of DCMTK's, at the gateway
    printf '\n$ %s -aec HARMONY 127.0.0.1 %s\n' "$*" "$HARMONY_PORT"
    "$@" -aec HARMONY 127.0.0.1 "$HARMONY_PORT" 2>&1 | tee "$work/output"
}

seen() { grep -q -- "$1" "$work/output" || fail "the output has no $1"; }

start gateway "$HARMONY_PORT" "$example/config.toml"
mkdir "$work/workstation" "$work/viewer"
archive pacs PACS "$PACS_PORT"
start_process workstation "$WORKSTATION_PORT" storescp -od "$work/workstation" "$WORKSTATION_PORT"

say "Does the gateway answer?"
run echoscu -v
seen 'Received Echo Response (Success)'

say "Store: the images go on to the PACS"
for i in 1 2 3; do
    make_image "$work/$i.dcm" "1.2.3.$i" P-1 "image $i"
    storescu -aec HARMONY 127.0.0.1 "$HARMONY_PORT" "$work/$i.dcm" || fail "not stored"
done
[[ $(archived pacs) == 3 ]] || fail "the PACS has not got them"

say "Find: the keys that are asked for, and no others"
run findscu -S -k QueryRetrieveLevel=STUDY -k 'PatientName=Test*' -k PatientID -k StudyInstanceUID -k StudyDate
seen 'P-1'
seen '1.2.3.1'
seen '20240102'

say "Get: the objects come back on the same association"
run getscu -v -S -od "$work/viewer" -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.2.3.1
[[ $(find "$work/viewer" -type f | wc -l) == 3 ]] || fail "they have not come"

say "Move: the gateway sends them to the workstation, which the PACS does not know"
run movescu -v -S -aem WORKSTATION -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.2.3.1
[[ $(find "$work/workstation" -type f | wc -l) == 3 ]] || fail "they have not come"

say "Nor does it send them to just anybody"
run movescu -v -S -aem NOBODY -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.2.3.1 && fail "it was sent"
seen 'MoveDestinationUnknown'

say "Nothing is left in the work area"
[[ $(find "$STORAGE" -name '*.dcm' 2>/dev/null | wc -l) == 0 ]] || fail "files are left"

say "All answers were as expected"
