#!/usr/bin/env bash
# keys.sh FOLDER: makes an authority, the certificate of clinic B, and the key pairs that clinics sign tokens with, by openssl.
set -euo pipefail
mkdir -p "$1" && cd "$1"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj /CN=clinics -keyout ca.key -out ca.pem 2>/dev/null
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout clinic-b.pem.key -subj /CN=localhost 2>/dev/null |
    openssl x509 -req -days 90 -CA ca.pem -CAkey ca.key -CAcreateserial -out clinic-b.pem \
        -extfile <(printf 'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n') 2>/dev/null

for clinic in clinic-a clinic-c; do
    openssl genpkey -algorithm ed25519 -out "$clinic.key"
    openssl pkey -in "$clinic.key" -pubout -out "$clinic.pub"
done
