#!/usr/bin/env bash
# See README.md.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

use_port HARMONY_PORT ONE_PORT TWO_PORT THREE_PORT
gateway=http://127.0.0.1:$HARMONY_PORT
start_server() { # start_server NAME PORT
    ORIGIN_PORT=$2 start "$1" "$2" "$example/origin/config.toml"
}

declare -A server=([$ONE_PORT]=one [$TWO_PORT]=two [$THREE_PORT]=three) share=()

# count N: sends N requests and counts in `share` which server answered. The echo shows the Host it was asked for.
count() {
    local i
    share=([one]=0 [two]=0 [three]=0)
    for ((i = 1; i <= $1; i++)); do
        status=$(curl -sS --max-time 30 --noproxy '*' -o "$work/answer" -w '%{http_code}' "$gateway/images/$i")
        expect_status 200
        [[ $(<"$work/answer") =~ \"host\":\"127.0.0.1:([0-9]+)\" ]] || fail "the answer names no server"
        share[${server[${BASH_REMATCH[1]}]}]=$((share[${server[${BASH_REMATCH[1]}]}] + 1))
    done
    printf '$ curl %s/images/{1..%s}     one %s, two %s, three %s\n' "$gateway" "$1" "${share[one]}" "${share[two]}" "${share[three]}"
}

start_server one "$ONE_PORT"
start_server two "$TWO_PORT"
start_server three "$THREE_PORT"
start gateway "$HARMONY_PORT" "$example/config.toml"

say "Eight requests: by weight, the first server gets two of each four"
count 8
[[ "${share[one]} ${share[two]} ${share[three]}" == "4 2 2" ]] || fail "the shares are not 4, 2 and 2"

say "One server is stopped; its requests are tried at another, and no client notices"
stop two
count 8
((share[two] == 0)) || fail "a server that is stopped cannot answer"
((share[one] > 0 && share[three] > 0)) || fail "both servers that are left should answer"

say "It is started again, and gets requests again as soon as it has answered a health check"
start_server two "$TWO_PORT"
for ((try = 0; try < 60; try++)); do
    count 8
    ((share[two] == 0)) || break
    sleep 0.5
done
((share[two] > 0)) || fail "the server that is back gets no requests"

say "What the gateway logged"
grep -E "target '" "$work/gateway.log" || fail "the gateway did not say that a target was out"

say "All answers were as expected"
