#!/usr/bin/env bash
# keys.sh FOLDER: makes the key that clinic A signs with at first, by openssl.
set -euo pipefail
mkdir -p "$1"
openssl genpkey -algorithm ed25519 -out "$1/first.key"
