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

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rounds=${ROUNDS:-5} seconds=${SECONDS_EACH:-3}
read_options "rounds seconds harmony markdown" "$@"
whole "$rounds" "$seconds"
for tool in nginx wrk curl; do needs "$tool"; done
work_in
chmod 755 "$work" # nginx reads pages from it
build src/Harmony.Gateway bench/Harmony.Benchmarks

# :: An origin with a page of 4 KB that has three URLs, one without, and a Bundle of 50 MB; the gateway

pick_port origin port
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
mkdir "$work/r4/Binary"
for ((i = 0; i < 20000; i++)); do printf '{"resourceType":"Patient","id":"%s","managingOrganization":{"reference":"Organization/1"}}\n' "$i"; done >"$work/part"
for ((i = 0; i < 32; i++)); do cat "$work/part"; done >"$work/r4/Binary/bulk.ndjson"
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
    types { application/fhir+ndjson ndjson; }
    server { listen 127.0.0.1:$origin; root $work; open_file_cache max=100; }
}
EOF
run nginx nginx -c "$work/nginx.conf"
until_listens "$origin" nginx
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
run harmony "$harmony" run --config "$work/config.toml"
until_listens "$port" harmony
[[ $(curl -sS --noproxy '*' "http://127.0.0.1:$port/fhir/Patient/three") == *"http://127.0.0.1:$port/fhir/Patient/1"* ]] || fail "the gateway does not rewrite the page"

# :: Measure

declare -A rates=() costs=()
measure() { # measure NAME PATH: adds requests/s, and the processor time of the gateway for each request in µs, of one round
    local used requests
    used=$(cpu_ticks harmony)
    read -r requests rate < <(wrk -t1 -c32 -d"${seconds}s" "http://127.0.0.1:$port$2" | awk '/requests in/ { n = $1 } /Requests\/sec/ { print n, $2 }')
    rates[$1]+="$rate "
    costs[$1]+="$((($(cpu_ticks harmony) - used) * 1000000 / $(getconf CLK_TCK) / requests)) "
}
median() { tr ' ' '\n' <<<"$1" | grep . | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

for path in http/Patient/three fhir/Patient/three http/Patient/none fhir/Patient/none; do wrk -t1 -c32 -d2s "http://127.0.0.1:$port/$path" >/dev/null; done
for ((r = 0; r < rounds; r++)); do
    measure http3 /http/Patient/three
    measure fhir3 /fhir/Patient/three
    measure http0 /http/Patient/none
    measure fhir0 /fhir/Patient/none
done
three=$(ratio "$(median "${rates[fhir3]}")" "$(median "${rates[http3]}")") none=$(ratio "$(median "${rates[fhir0]}")" "$(median "${rates[http0]}")")

declare -A grown=() size=() first=()
large() { # large NAME PATH: how the memory of the gateway grows while it passes a large body on, and when its first and its last byte have come
    local before
    memory_from_now harmony
    before=$(memory_kb harmony VmRSS)
    first[$1]=$(curl -sS --noproxy '*' -H 'accept: */*' -o /dev/null -w '%{time_starttransfer} %{time_total}' "http://127.0.0.1:$port/fhir/$2")
    grown[$1]=$((($(memory_kb harmony VmHWM) - before) / 1024))
    size[$1]=$(($(stat -c %s "$work/r4/$2") / 1000000))
}
large bundle Patient/large
large bulk Binary/bulk.ndjson
DOTNET_TieredPGO=0 "$root/artifacts/bin/Harmony.Benchmarks/release/Harmony.Benchmarks" --fhir >"$work/times"
part() { awk -v n="$1" '$1 == n { print $2 }' "$work/times"; }

of() { echo "$1 ($(median "${rates[$2]}") / $(median "${rates[$3]}"); processor $(median "${costs[$2]}") / $(median "${costs[$3]}") µs)"; }
row '`fhir` / `http`, requests/s, three URLs in 4 KB' "$(of "$three" fhir3 http3)" '>= 0.85'
row 'the same without a URL' "$(of "$none" fhir0 http0)" '>= 0.95'
row 'scope check of a search' "$(part scope_check_us) µs" '<= 10 µs'
row 'scope check of an entry' "$(part entry_check_us) µs"
row '`fhir_validate` of a Patient' "$(part shape_us) µs" '<= 20 µs'
row '`fhir_validate` of a Patient, `mode = "enforce"`' "$(part enforce_ms) ms, $(part enforce_kb) KB of garbage"
row 'definitions of R4: until the first Patient is validated' "$(part enforce_first_s) s, $(part enforce_mib) MiB kept"
row 'rewriting on one core' "$(part rewriting_mb_s) MB/s" '>= 200 MB/s'
row "a Bundle of ${size[bundle]} MB: growth" "${grown[bundle]} MiB" '<= 32 MiB'
row 'the same: first byte, all' "${first[bundle]} s"
row "a file of ${size[bulk]} MB of a bulk export: growth" "${grown[bulk]} MiB" '<= 32 MiB'
row 'the same: first byte, all' "${first[bulk]} s"
table "The median of $rounds rounds of $seconds s."
((check)) || exit 0
awk -v three="$three" -v none="$none" -v scope="$(part scope_check_us)" -v shape="$(part shape_us)" -v speed="$(part rewriting_mb_s)" \
    -v bundle="${grown[bundle]}" -v bulk="${grown[bulk]}" \
    'BEGIN { exit !(three >= 0.85 && none >= 0.95 && scope <= 10 && shape <= 20 && speed >= 200 && bundle <= 32 && bulk <= 32) }'
