#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port CLINIC_A_PORT CLINIC_B_PORT MANAGEMENT_PORT
export XDG_STATE_HOME=$work/state
unset STATE_DIRECTORY
a=http://127.0.0.1:$CLINIC_A_PORT b=http://127.0.0.1:$CLINIC_B_PORT
cp "$example"/*.toml "$work"
mkdir "$work/keys"

key() { # key NAME: a key pair
    printf '\n$ openssl genpkey -algorithm ed25519 -out keys/%s.key\n' "$1"
    openssl genpkey -algorithm ed25519 -out "$work/keys/$1.key"
    openssl pkey -in "$work/keys/$1.key" -pubout -out "$work/keys/$1.pub"
}

# Clients: each asks clinic B through clinic A, again and again, and notes what it gets.
client() {
    while [[ -e $work/going ]]; do
        curl -sS --max-time 30 --noproxy '*' -o /dev/null -w '%{http_code}\n' "$a/clinic-b/Patient/[1-20]" >>"$work/statuses.$1" 2>/dev/null || echo "failed" >>"$work/statuses.$1"
    done
}

answered() { cat "$work"/statuses.* | wc -l; }

# some_more: waits until the clients have had a hundred more answers.
some_more() {
    local before
    before=$(answered)
    for ((i = 0; i < 600; i++)); do
        (($(answered) < before + 100)) || return 0
        sleep 0.1
    done
    fail 'the clients get no answers'
}

# keys SIGNING [PUBLISHED]: changes the last lines of clinic-a.toml, and has the running gateway read it.
keys() {
    sed -i -e "s|^jwt_private_key_path = .*|jwt_private_key_path = \"keys/$1.key\"|" -e "s|^published_key_paths = .*|published_key_paths = [${2:+\"keys/$2.pub\"}]|" "$work/clinic-a.toml"
    printf '\n$ tail -n 2 clinic-a.toml\n%s\n$ harmony reload --config clinic-a.toml\n' "$(tail -n 2 "$work/clinic-a.toml")"
    "$program" reload --config "$work/clinic-a.toml" || fail 'clinic A has not read its configuration'
    some_more
}

expect_keys() { # expect_keys N: how many keys clinic A publishes
    ask "$a/.well-known/mesh/clinics/jwks.json"
    expect_status 200
    expect_not '"d"'
    [[ $(grep -o '"kid"' <<<"$answer" | wc -l) == "$1" ]] || fail "the document does not hold $1 key(s)"
}

with() { ask "$b/r4/Patient/1" -H "Authorization: Bearer $1"; }

key first
start clinic-a "$CLINIC_A_PORT" "$work/clinic-a.toml"
start clinic-b "$CLINIC_B_PORT" "$work/clinic-b.toml"

say "Clinic A publishes one key; what it sends enters clinic B"
expect_keys 1
ask "$a/clinic-b/Patient/1"
expect_status 200
old=$("$program" mesh token --config "$work/clinic-a.toml")

say "Eight clients ask without pause from now on"
touch "$work/going"
for i in {1..8}; do
    : >"$work/statuses.$i"
    client "$i" &
    clients+=($!)
done
some_more

say "First the new key is published beside the old one, which still signs"
key second
keys first second
expect_keys 2

say "Then the new key signs, and the old one stays published until its tokens have ended"
keys second first
expect_keys 2
with "$old"
expect_status 200

say "At last the old key goes"
keys second
expect_keys 1

say "A key that nobody has published lets nobody in. Clinic B asks clinic A for its keys once more, and forgets the old one"
key third
sed 's|keys/second.key|keys/third.key|' "$work/clinic-a.toml" >"$work/stranger.toml"
with "$("$program" mesh token --config "$work/stranger.toml")"
expect_status 401
with "$old"
expect_status 401

say "What the clients got all the while"
some_more
rm "$work/going"
wait "${clients[@]}"
cat "$work"/statuses.* | sort | uniq -c
[[ $(sort -u "$work"/statuses.*) == 200 ]] || fail 'a request was lost'

say "All answers were as expected"
