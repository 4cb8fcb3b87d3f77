#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT
gateway=http://127.0.0.1:$HARMONY_PORT
start gateway "$HARMONY_PORT" "$example/config.toml"
json='content-type: application/json'

say "An order that fits goes to the backend, here an echo"
ask "$gateway/orders" -H "$json" -d '{"patient":{"id":"P0001","birth_date":"1980-02-29"},"modality":"CT","priority":2}'
expect_status 200
expect '"modality":"CT"'

say "One that does not gets 422, with where and why, never with what was sent"
ask "$gateway/orders" -H "$json" -d '{"patient":{"id":"Jane Roe","birth_date":"1981-02-29"},"modality":"XA","ward":"4b"}'
expect_status 422
expect_field 'content-type: application/problem+json'
expect '"instanceLocation":"/patient/id","keywordLocation":"/properties/patient/$ref/properties/id/pattern"'
expect '"instanceLocation":"/patient/birth_date"'
expect '"instanceLocation":"/modality"'
expect_not 'Jane'

say "A member that no schema knows, once the rest fits"
ask "$gateway/orders" -H "$json" -d '{"patient":{"id":"P0001"},"modality":"MR","ward":"4b"}'
expect_status 422
expect '"instanceLocation":"/ward"'

say "What is not JSON at all gets 400"
ask "$gateway/orders" -H "$json" -d '{"patient":'
expect_status 400

say "A request without a body, by a method that has none, is not checked"
ask "$gateway/orders/7"
expect_status 200

say "All answers were as expected"
