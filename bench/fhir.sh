#!/usr/bin/env bash
# Measures FHIR: requests/s of the 'fhir' service beside 'http', the parts by themselves, and the memory that a large Bundle takes. See bench/README.md.
set -euo pipefail

usage() {
    cat <<'EOF'
usage: bench/fhir.sh [options]                      (environment variable in brackets)
  --rounds N         rounds, of which the median counts, default 5            [ROUNDS]
  --seconds N        seconds of each subject in a round, default 3            [SECONDS_EACH]
  --harmony FILE     the program to measure, default: that of this folder     [HARMONY]
  --check            exits 1 unless the targets are met
  --markdown FILE    also write the table to FILE
  --no-build         do not build first
EOF
}

rounds=${ROUNDS:-5} seconds=${SECONDS_EACH:-3} markdown='' build=1 check=0
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
harmony=${HARMONY:-$root/artifacts/bin/Harmony.Gateway/release/harmony}
PATH=$PATH:/usr/sbin:/sbin # where Debian keeps nginx

fail() { echo "fhir.sh: $*" >&2; exit 2; }

while (($#)); do
    case $1 in
        --rounds | --seconds | --harmony | --markdown) (($# > 1)) || fail "$1 needs a value" ;;&
        --rounds) rounds=$2; shift ;;
        --seconds) seconds=$2; shift ;;
        --harmony) harmony=$2; shift ;;
        --markdown) markdown=$2; shift ;;
        --check) check=1 ;;
        --no-build) build=0 ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; fail "unknown option $1" ;;
    esac
    shift
done
for tool in nginx wrk curl; do command -v "$tool" >/dev/null || fail "$tool is missing; test.sh installs it"; done
if ((build)); then
    dotnet build -c release -v quiet -nologo "$root/src/Harmony.Gateway"
    dotnet build -c release -v quiet -nologo "$root/bench/Harmony.Benchmarks"
fi

work=$(mktemp -d)
chmod 755 "$work" # workers of nginx are of another user where this one is root
pids=()
cleanup() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
    rm -rf "$work"
}
trap cleanup EXIT

free_port() {
    local port
    while port=$((20000 + RANDOM % 12000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
    echo "$port"
}
until_listens() { for ((i = 0; i < 300; i++)); do (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return; sleep 0.1; done; fail "nothing listens on $1"; }

# :: An origin with a page of 4 KB that has three URLs, one without, and a Bundle of 50 MB; the gateway

origin=$(free_port) port=$(free_port)
mkdir -p "$work/r4/Patient" "$work/pipelines" "$work/logs"
page() { # page URL: 4 KB
    printf '{"resourceType":"Bundle","type":"searchset","total":1,"link":[{"relation":"self","url":"%s/Patient"},{"relation":"next","url":"%s?_getpages=2"}],"entry":[{"fullUrl":"%s/Patient/1","resource":' "$1" "$1" "$1"
    printf '{"resourceType":"Patient","id":"1","text":{"status":"generated","div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\">%s</div>"}' "$(head -c 1800 /dev/zero | tr '\0' x)"
    for ((i = 0; i < 20; i++)); do printf ',"x%s":[{"system":"http://example.org/system/%s","value":"%s"}]' "$i" "$i" "$i$i$i"; done
    printf '}}]}'
}
page "http://127.0.0.1:$origin/r4" >"$work/r4/Patient/three"
page "urn:x" >"$work/r4/Patient/none"
{
    printf '{"resourceType":"Bundle","type":"searchset","entry":[{"fullUrl":"http://127.0.0.1:%s/r4/Patient/0"}' "$origin"
    for ((i = 1; i < 13000; i++)); do printf ',{"fullUrl":"http://127.0.0.1:%s/r4/Patient/%s","resource":%s}' "$origin" "$i" '{"resourceType":"Patient"}'; done
    printf ']}'
} >"$work/part"
{ printf '['; for ((i = 0; i < 42; i++)); do ((i)) && printf ','; cat "$work/part"; done; printf ']'; } >"$work/r4/Patient/large"
cat >"$work/nginx.conf" <<EOF
worker_processes 1;
daemon off;
pid $work/nginx.pid;
error_log $work/logs/error.log;
events { worker_connections 1024; }
http {
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path $work/logs/b; proxy_temp_path $work/logs/p; fastcgi_temp_path $work/logs/f; uwsgi_temp_path $work/logs/u; scgi_temp_path $work/logs/s;
    default_type application/fhir+json;
    server { listen 127.0.0.1:$origin; root $work; open_file_cache max=100; }
}
EOF
nginx -c "$work/nginx.conf" & pids+=($!)
until_listens "$origin"
cat >"$work/config.toml" <<EOF
[proxy]
name = "bench"
primary_provider = "local"
[logging]
log_level = "error"
[storage.options]
path = "$work/storage"
[network.front.tcp_config]
bind_address = "127.0.0.1"
bind_port = $port
EOF
for service in http fhir; do
    cat >"$work/pipelines/$service.toml" <<EOF
[pipelines.$service]
networks = ["front"]
endpoints = ["$service"]
backends = ["$service"]
[endpoints.$service]
service = "$service"
options.path_prefix = "/$service"
[backends.$service]
service = "$service"
options.base_url = "http://127.0.0.1:$origin/r4"
EOF
done
"$harmony" run --config "$work/config.toml" >"$work/harmony.log" 2>&1 & pids+=($!)
gateway=$!
until_listens "$port"
[[ $(curl -sS --noproxy '*' "http://127.0.0.1:$port/fhir/Patient/three") == *"http://127.0.0.1:$port/fhir/Patient/1"* ]] || fail "the gateway does not rewrite the page"

# :: Measure

declare -A all=()
measure() { # measure NAME PATH: adds requests/s of one round
    local rate
    rate=$(wrk -t1 -c32 -d"${seconds}s" "http://127.0.0.1:$port$2" | awk '/Requests\/sec/ { print $2 }')
    all[$1]+="$rate "
}
median() { tr ' ' '\n' <<<"${all[$1]}" | grep . | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

for path in http/Patient/three fhir/Patient/three http/Patient/none fhir/Patient/none; do wrk -t1 -c32 -d2s "http://127.0.0.1:$port/$path" >/dev/null; done
for ((r = 0; r < rounds; r++)); do
    measure http3 /http/Patient/three
    measure fhir3 /fhir/Patient/three
    measure http0 /http/Patient/none
    measure fhir0 /fhir/Patient/none
done
three=$(ratio "$(median fhir3)" "$(median http3)") none=$(ratio "$(median fhir0)" "$(median http0)")

memory() { awk "/$1/ { print \$2 }" "/proc/$gateway/status"; }
echo 5 >"/proc/$gateway/clear_refs" 2>/dev/null || true
before=$(memory VmRSS)
first=$(curl -sS --noproxy '*' -o /dev/null -w '%{time_starttransfer} %{time_total}' "http://127.0.0.1:$port/fhir/Patient/large")
grown=$((($(memory VmHWM) - before) / 1024))
size=$(($(stat -c %s "$work/r4/Patient/large") / 1000000))
DOTNET_TieredPGO=0 "$root/artifacts/bin/Harmony.Benchmarks/release/Harmony.Benchmarks" --fhir >"$work/times"
part() { awk -v n="$1" '$1 == n { print $2 }' "$work/times"; }

table=$(cat <<EOF
| what | measured | target |
|---|---|---|
| \`fhir\` / \`http\`, requests/s, three URLs in 4 KB | $three ($(median fhir3) / $(median http3)) | >= 0.85 |
| the same without a URL | $none ($(median fhir0) / $(median http0)) | >= 0.95 |
| scope check of a search, µs | $(part scope_check_us) | <= 10 |
| scope check of an entry, µs | $(part entry_check_us) | |
| \`fhir_validate\` of a Patient, µs | $(part shape_us) | <= 20 |
| rewriting, MB/s on one core | $(part rewriting_mb_s) | >= 200 |
| a Bundle of $size MB: growth, MiB | $grown | <= 32 |
| the same: first byte, all, s | $first | |
EOF
)
echo "$table"
[[ -z $markdown ]] || printf '%s\n' "$table" >"$markdown"
((check)) || exit 0
awk -v three="$three" -v none="$none" -v scope="$(part scope_check_us)" -v shape="$(part shape_us)" -v speed="$(part rewriting_mb_s)" -v grown="$grown" \
    'BEGIN { exit !(three >= 0.85 && none >= 0.95 && scope <= 10 && shape <= 20 && speed >= 200 && grown <= 32) }'
