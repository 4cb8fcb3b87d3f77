#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

need_dcmtk
use_port HARMONY_PORT RADIOLOGY_PORT CARDIOLOGY_PORT
web=http://127.0.0.1:$HARMONY_PORT/dicomweb
export STORAGE=$work/storage TCP_NODELAY=1

archive radiology RADIOLOGY "$RADIOLOGY_PORT"
archive cardiology CARDIOLOGY "$CARDIOLOGY_PORT"
start gateway "$HARMONY_PORT" "$example/config.toml"
make_image "$work/r.dcm" 1.2.3.1.1 R-1 "of radiology"
make_image "$work/c.dcm" 1.2.3.1.2 C-1 "of cardiology"

say "Store to each by its title"
ask "$web/aets/RADIOLOGY/studies" -H 'content-type: application/dicom' --data-binary "@$work/r.dcm"
expect_status 200
ask "$web/aets/CARDIOLOGY/rs/studies" -H 'content-type: application/dicom' --data-binary "@$work/c.dcm"
expect_status 200
[[ $(archived radiology) == 1 && $(archived cardiology) == 1 ]] || fail "they are not where they belong"

say "Search each"
ask "$web/aets/RADIOLOGY/studies"
expect_status 200
expect '"R-1"'
expect_not '"C-1"'
ask "$web/aets/CARDIOLOGY/studies"
expect_status 200
expect '"C-1"'
expect "$web/aets/CARDIOLOGY/studies/1.2.3.1"

say "Without a title it is the first"
ask "$web/studies"
expect_status 200
expect '"R-1"'

say "One that is down does not keep the other from answering"
stop cardiology
ask "$web/aets/RADIOLOGY/studies"
expect_status 200
ask "$web/aets/CARDIOLOGY/studies"
expect_status 502

say "All answers were as expected"
