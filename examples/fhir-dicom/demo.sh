#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT PACS_PORT
gateway=http://127.0.0.1:$HARMONY_PORT
export PACS_AET=PACS PACS_HOST=127.0.0.1 STORAGE=$work/storage
study=1.2.826.0.1.3680043.9.7133.3280065491876470

start gateway "$HARMONY_PORT" "$example/config.toml"

say "Some images, from a mock; and a PACS that has them"
curl -sS --max-time 30 --noproxy '*' -o "$work/whole" "$gateway/mock/get" -d "{\"StudyInstanceUID\":{\"Value\":[\"$study\"]}}"
images=$(sed -n 's/.*"folder_path":"\([^"]*\)".*/\1/p' "$work/whole")
archive pacs PACS "$PACS_PORT" ""
"$program" dicom store "PACS@127.0.0.1:$PACS_PORT" "$images" || fail "not all were stored"

say "A search"
ask "$gateway/fhir/ImagingStudy?patient.identifier=PID156695&modality=CT"
expect_status 200
expect '"type":"searchset"'
expect '"total":1'
expect "urn:oid:$study"
expect '"address":"https://gateway.example.org/dicomweb"'

say "One study, with its series"
ask "$gateway/fhir/ImagingStudy/$study"
expect_status 200
expect '"series":['
expect '"numberOfInstances":15'

say "A parameter that an archive cannot be asked by, and a study that there is not"
ask "$gateway/fhir/ImagingStudy?bodysite=1"
expect_status 400
expect 'there are patient, patient.identifier'
ask "$gateway/fhir/ImagingStudy/1.2.3"
expect_status 404
expect '"code":"not-found"'

say "All answers were as expected"
