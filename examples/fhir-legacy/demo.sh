#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT
gateway=http://127.0.0.1:$HARMONY_PORT
export FHIR_SERVER=$gateway/server/r4 LEGACY_SYSTEM=$gateway/server/legacy
json='content-type: application/json'

start gateway "$HARMONY_PORT" "$example/config.toml"

say "A record becomes a Patient: what the FHIR server gets, as the echo in its place tells it"
ask "$gateway/legacy/patients" -H "$json" --data '{"patient_id":"4711","last_name":"Example","first_name":"Anna","date_of_birth":"19700131","sex":"F"}'
expect_status 200
expect '"full_path":"/server/r4/Patient"'
expect '"resourceType":"Patient"'
expect '"birthDate":"1970-01-31"'
expect '"gender":"female"'

say "A record that makes no valid Patient does not get there"
ask "$gateway/legacy/patients" -H "$json" --data '{"patient_id":"4711","date_of_birth":"31.01.1970","sex":"F"}'
expect_status 400
expect '"expression":["Patient.birthDate"]'

say "An event becomes an Observation, if its sender is known"
event='{"event":"vital.recorded","patient":"4711","device":"monitor-7","at":"2026-01-02T03:04:05Z","pulse":71}'
ask "$gateway/events" -H "$json" --data "$event"
expect_status 401
ask "$gateway/events" -H "$json" -H 'X-API-Key: portal-demo-key-77ab' --data "$event"
expect_status 200
expect '"full_path":"/server/r4/Observation"'
expect '"value":71'

say "An admission of HL7 version 2, as JSON, becomes a transaction"
ask "$gateway/hl7" -H "$json" --data '{"MSH":{"9":"ADT^A01","10":"M1"},"PID":{"3":"4711","5":{"1":"Example","2":"Anna"},"7":"19700131","8":"F"},"PV1":{"2":"I","19":"V1"}}'
expect_status 200
expect '"type":"transaction"'
expect '"ifNoneExist":"identifier=urn:example:mrn|4711"'
expect '"resourceType":"Encounter"'

say "The way back: a Patient becomes a record, and the receipt an OperationOutcome"
ask "$gateway/fhir/r4/Patient" -H 'content-type: application/fhir+json' --data '{"resourceType":"Patient","identifier":[{"value":"4711"}],"name":[{"family":"Example","given":["Anna"]}],"gender":"female","birthDate":"1970-01-31"}'
expect_status 201
expect_field 'location: /fhir/r4/Patient/4711'
expect 'registered as 4711'

say "What is no Patient, and what applications may not do"
ask "$gateway/fhir/r4/Patient" -H 'content-type: application/fhir+json' --data '{"resourceType":"Patient","nane":1}'
expect_status 400
expect "there is no element 'nane' here"
ask "$gateway/fhir/r4/Patient/4711"
expect_status 403

say "All answers were as expected"
