#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT PACS_PORT STORE_PORT
gateway=http://127.0.0.1:$HARMONY_PORT
export PACS_AET=PACS PACS_HOST=127.0.0.1 STORAGE=$work/storage
study=1.2.826.0.1.3680043.9.7133.3280065491876470

# member NAME: the value of a member of the answer that is text.
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$work/whole"; }
whole() { curl -sS --max-time 30 --noproxy '*' -o "$work/whole" "$@"; }

start gateway "$HARMONY_PORT" "$example/config.toml"

say "Some images, from the mock: it answers like a PACS with one made-up study"
ask "$gateway/mock/find" -d '{"PatientName":{"vr":"PN"},"ModalitiesInStudy":{"vr":"CS"}}'
expect_status 200
expect '"Doe^John"'
whole "$gateway/mock/get" -d "{\"StudyInstanceUID\":{\"Value\":[\"$study\"]}}"
images=$(member folder_path)
[[ $(find "$images" -name '*.dcm' | wc -l) == 15 ]] || fail "there are not 15 files in $images"

say "A PACS over an empty folder; it knows the gateway by its title, for moves"
archive pacs PACS "$PACS_PORT" "HARMONY_SCU@127.0.0.1:$STORE_PORT"

say "Does it answer?"
ask "$gateway/dicom/echo" -X POST
expect_status 200
expect '"success":true'

say "Store: any DICOM object as the body, or several in a multipart/related one"
image=$(find "$images" -name '*.1.1.dcm')
ask "$gateway/dicom/store" -H 'content-type: application/dicom' --data-binary "@$image"
expect_status 200
expect '"stored":1'

say "The rest from the command line"
printf '$ harmony dicom store PACS@127.0.0.1:%s %s\n' "$PACS_PORT" "$images"
"$program" dicom store "PACS@127.0.0.1:$PACS_PORT" "$images" || fail "not all were stored"

say "Find: keys by keyword or tag, with values to match or without to be returned"
ask "$gateway/dicom/find" -d '{"PatientID":{"Value":["PID15*"]},"00081030":{"vr":"LO"},"NumberOfStudyRelatedInstances":{}}'
expect_status 200
expect '"Mock CT Study"'
expect '"00201208":{"vr":"IS","Value":[15]}'

say "The series of that study, by the level"
ask "$gateway/dicom/find" -d "{\"QueryRetrieveLevel\":{\"Value\":[\"SERIES\"]},\"StudyInstanceUID\":{\"Value\":[\"$study\"]},\"SeriesDescription\":{}}"
expect_status 200
expect '"Series 3"'

say "Get: the objects come into a folder of their own"
whole "$gateway/dicom/get" -d "{\"StudyInstanceUID\":{\"Value\":[\"$study\"]}}"
[[ $(find "$(member folder_path)" -name '*.dcm' | wc -l) == 15 ]] || fail "get did not bring 15 files"
printf '%s\n' "$(member folder_path)"

say "Move: the same, sent by the PACS to the gateway's own title and port; here one series"
whole "$gateway/dicom/move" -d "{\"StudyInstanceUID\":{\"Value\":[\"$study\"]},\"SeriesInstanceUID\":{\"Value\":[\"$study.2\"]}}"
[[ $(find "$(member folder_path)" -name '*.dcm' | wc -l) == 5 ]] || fail "move did not bring 5 files"

say "What is not there is 404"
ask "$gateway/dicom/get" -d '{"StudyInstanceUID":{"Value":["1.2.3"]}}'
expect_status 404
expect '"error":"Study not found"'

say "A PACS that is down is 500, and the answer says why"
stop pacs
ask "$gateway/dicom/echo" -X POST
expect_status 500
expect '"success":false'

say "All answers were as expected"
