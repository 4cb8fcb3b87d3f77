#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT
export HARMONY_LOG=info,harmony.dump=debug
cp -r "$example/config.toml" "$example/pipelines" "$work"
bash "$example/certificates.sh" "$work/tls"
start gateway "$HARMONY_PORT" "$work/config.toml"
tls=$work/tls
url=https://localhost:$HARMONY_PORT/images

say "A device with a certificate of the clinic's authority gets in"
ask "$url" --cacert "$tls/server-ca.pem" --cert "$tls/ct-1.pem" --key "$tls/ct-1.key"
expect_status 200

say "Middleware and rules know who it is, from the certificate and never from fields"
ask "$url" --cacert "$tls/server-ca.pem" --cert "$tls/ct-1.pem" --key "$tls/ct-1.key" -H 'tls.client_subject: CN=boss'
expect_status 200
eventually grep -m1 -o '"tls.client_subject":"CN=ct-1[^"]*"' "$work/gateway.log" || fail 'the subject is not in the metadata'

say "Without a certificate the handshake fails: no request is ever read"
ask "$url" --cacert "$tls/server-ca.pem"
expect_status 000

say "So it does with one of the same name from another authority, and with one that is not meant for clients"
for name in stranger not-a-client; do
    ask "$url" --cacert "$tls/server-ca.pem" --cert "$tls/$name.pem" --key "$tls/$name.key"
    expect_status 000
done

say "All answers were as expected"
