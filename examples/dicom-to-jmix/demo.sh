#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

need_dcmtk
use_port HARMONY_PORT SERVER_PORT
export JMIX_SERVER=http://127.0.0.1:$SERVER_PORT
server=$JMIX_SERVER/jmix/api/jmix

start_server() { STORAGE=$work/server start server "$SERVER_PORT" "$example/server/config.toml"; }
start_gateway() { STORAGE=$work/gateway start gateway "$HARMONY_PORT" "$example/config.toml"; }

# await_study: waits until the server has a package of the study 1.2.3.1.
await_study() {
    eventually curl -s --noproxy '*' --max-time 10 --fail -o "$work/package.zip" "$server?studyInstanceUid=1.2.3.1" || fail "no package came"
}

start_gateway

say "Three objects of one study, while the server is away"
for i in 1 2 3; do
    make_image "$work/image$i.dcm" "1.2.3.1.$i" P-1 "object $i"
    storescu -aec GATHER 127.0.0.1 "$HARMONY_PORT" "$work/image$i.dcm" || fail "it was not stored"
done

say "The gateway is killed, as by a loss of power"
signals[gateway]=KILL
stop gateway
signals[gateway]=TERM
start_gateway

say "The server is there: it gets one package with all three"
start_server
await_study
"$program" jmix doctor "$work/package.zip"
"$program" jmix validate "$work/package.zip" | grep -q ': valid' || fail "the package is not valid"
[[ $(unzip -l "$work/package.zip" 2>/dev/null | grep -c '\.dcm' || true) == 3 || -z $(command -v unzip) ]] || fail "not all objects are in the package"
[[ -z $(ls -A "$work/gateway/jmix-store/gathered") ]] || fail "objects were left"

say "All answers were as expected"
