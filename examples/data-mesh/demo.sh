#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port CLINIC_A_PORT CLINIC_B_PORT
cp "$example"/*.toml "$work"
bash "$example/keys.sh" "$work/keys"
start clinic-b "$CLINIC_B_PORT" "$work/clinic-b.toml"
start clinic-a "$CLINIC_A_PORT" "$work/clinic-a.toml"
b=https://localhost:$CLINIC_B_PORT
curl_b=(--cacert "$work/keys/ca.pem")

say "An application of clinic A asks its own gateway; the request enters clinic B with a token, which ends there"
ask "http://127.0.0.1:$CLINIC_A_PORT/clinic-b/Patient/1"
expect_status 200
expect '"path":"Patient/1"'
expect_not 'Bearer'

say "Nobody else gets in: without a token, by the endpoint's own route, by a path that only begins alike"
ask "${curl_b[@]}" "$b/r4/Patient/1"
expect_status 401
ask "${curl_b[@]}" "$b/records/Patient/1"
expect_status 401
ask "${curl_b[@]}" "$b/r40/Patient/1"
expect_status 403

say "A token of clinic A, made by hand, is as good; by another URL it is not"
token=$("$program" mesh token --config "$work/clinic-a.toml" --url "$b/r4")
ask "${curl_b[@]}" "$b/records/Patient/1" -H "Authorization: Bearer $token"
expect_status 403

say "Either clinic can look at it: clinic B verifies it by the key of clinic A"
"$program" mesh token --config "$work/clinic-b.toml" --verify - <<<"$token" || fail 'the token is good'
"$program" mesh token --config "$work/clinic-b.toml" --verify - <<<"${token%????}" && fail 'the token is cut short'

say "It says nothing of an egress, so the policy does not let it read; only what left by the egress 'records' may"
ask "${curl_b[@]}" "$b/r4/Patient/1" -H "Authorization: Bearer $token"
expect_status 403

say "Clinic C is a member that no rule lets read, and cannot call itself clinic A: its key is another"
for name in clinic-c clinic-a; do
    sed -e "s/name = \"clinic-a\"/name = \"$name\"/" -e 's/clinic-a.key/clinic-c.key/' "$work/clinic-a.toml" >"$work/clinic-c.toml"
    token=$("$program" mesh token --config "$work/clinic-c.toml" --url "$b/r4")
    ask "${curl_b[@]}" "$b/r4/Patient/1" -H "Authorization: Bearer $token"
    if [[ $name == clinic-c ]]; then expect_status 403; else expect_status 401; fi
done

say "Whose URL is it, and which token do requests to it carry?"
"$program" mesh check "$b/r4/Patient/1" --config "$work/clinic-a.toml" || fail 'the URL is of the mesh'
"$program" mesh check "$b/r40/Patient/1" --config "$work/clinic-a.toml" && fail 'the URL is of no mesh'

say "All answers were as expected"
