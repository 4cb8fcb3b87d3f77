#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT ORIGIN_PORT
gateway=http://127.0.0.1:$HARMONY_PORT
start origin "$ORIGIN_PORT" "$example/origin/config.toml"
start gateway "$HARMONY_PORT" "$example/config.toml"

admission='{"mrn":"4711","last":"Doe","first":"Jane","born":"19700102","phones":["555-1","555-2"]}'

say "A spec can be tried out without a gateway"
printf '\n$ harmony transform transforms/admission_to_patient.json --envelope\n'
answer=$(printf '%s' "$admission" | "$program" transform "$example/transforms/admission_to_patient.json" --envelope)
printf '%s\n' "$answer"
expect '"family": "Doe"'
expect '"birthDate": "1970-01-02"'

say "The ward sends its own JSON by POST; the service gets a FHIR Patient by PUT; the ward gets a receipt made of the answer"
ask "$gateway/admissions?ward=North" -H 'content-type: application/json' --data "$admission"
expect_status 201
expect_field 'x-receipt: stored'
expect '"at":"/fhir/Patient"'
expect '"type":"Patient"'
expect '"mrn":"4711"'
expect '"born":"1970-01-02"'
expect '"phones":["555-1","555-2"]'
expect '"ward":"North"'

say "A body that is not JSON cannot be transformed: 400, and the service is not asked"
ask "$gateway/admissions" -H 'content-type: application/json' --data '{"mrn":'
expect_status 400

say "All answers were as expected"
