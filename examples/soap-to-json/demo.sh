#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT ORIGIN_PORT
gateway=http://127.0.0.1:$HARMONY_PORT
start origin "$ORIGIN_PORT" "$example/origin/config.toml"
start gateway "$HARMONY_PORT" "$example/config.toml"

# What the gateway makes of the XML, and may be sent as it is.
envelope='{"soap:Envelope":{"soap:Body":{"PlaceOrder":{"patient":"4711","test":["CRP","Hb"]}}}}'

say "The specs can be tried out with the JSON that XML is read as"
answer=$(printf '%s' "$envelope" | "$program" transform "$example/transforms/soap_to_json.json")
printf '%s\n' "$answer"
expect '"source": "soap"'
answer=$(printf '%s' "$answer" | "$program" transform "$example/transforms/json_to_soap.json" --envelope)
printf '%s\n' "$answer"
expect '"PlaceOrderResponse"'

say "The service gets plain JSON, and its answer goes back as SOAP"
ask "$gateway/soap" -H 'content-type: application/json' --data "$envelope"
expect_status 200
expect_field 'content-type: text/xml'
expect 'PlaceOrderResponse'
expect '4711'

say "XML in, XML out: to the service it is the same"
ask "$gateway/soap" -H 'content-type: text/xml' --data '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><o:PlaceOrder xmlns:o="urn:orders"><o:patient>4711</o:patient><o:test>CRP</o:test></o:PlaceOrder></s:Body></s:Envelope>'
expect_status 200
expect_field 'content-type: text/xml'
expect '<PlaceOrderResponse><patient>4711</patient><test>CRP</test></PlaceOrderResponse>'

say "XML that is none is refused"
ask "$gateway/soap" -H 'content-type: text/xml' --data '<s:Envelope>'
expect_status 400

say "All answers were as expected"
