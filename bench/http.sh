#!/usr/bin/env bash
# Measures Harmony as an HTTP proxy on loopback, beside nginx, HAProxy, Caddy, the forwarder of YARP and a bare forwarder. See bench/README.md.
duration=$SECONDS # first of all: bash takes SECONDS from the environment and then lets it run as its own clock
set -euo pipefail

usage() {
    cat <<'EOF'
usage: bench/http.sh [options]                      (environment variable in brackets)
  --rounds N         rounds, each measuring every subject once, default 5     [ROUNDS]
  --seconds N        seconds per subject and round, default 4                 [SECONDS]
  --warmup N         seconds of warm-up per subject, default 5                [WARMUP]
  --connections N    connections kept open, default 64                        [CONNECTIONS]
  --threads N        threads of the load generator, default 1                 [THREADS]
  --payload N        bytes of the answer, 64 to 1048576, default 1024         [PAYLOAD]
  --subjects "..."   of: direct nginx haproxy caddy bare yarp harmony harmony3
                     harmony-observed harmony-guarded harmony-mesh          [SUBJECTS]
  --check            fail unless the targets are met
  --markdown FILE    also write the tables to FILE
  --no-build         do not build the bare forwarder and Harmony first
EOF
}

rounds=${ROUNDS:-5} warmup=${WARMUP:-5} connections=${CONNECTIONS:-64} threads=${THREADS:-1} payload=${PAYLOAD:-1024}
subjects=${SUBJECTS:-direct nginx haproxy caddy bare yarp harmony harmony3 harmony-observed harmony-guarded harmony-mesh} check=0 markdown='' build=1
((duration)) || duration=4

fail() { echo "http.sh: $*" >&2; exit 2; }
say() { echo "$*" >&2; }

while (($#)); do
    case $1 in
        --rounds | --seconds | --warmup | --connections | --threads | --payload | --subjects | --markdown) (($# > 1)) || fail "$1 needs a value" ;;&
        --rounds) rounds=$2; shift ;;
        --seconds) duration=$2; shift ;;
        --warmup) warmup=$2; shift ;;
        --connections) connections=$2; shift ;;
        --threads) threads=$2; shift ;;
        --payload) payload=$2; shift ;;
        --subjects) subjects=${2//,/ }; shift ;;
        --markdown) markdown=$2; shift ;;
        --check) check=1 ;;
        --no-build) build=0 ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; fail "unknown option $1" ;;
    esac
    shift
done
for number in "$rounds" "$duration" "$warmup" "$connections" "$threads" "$payload"; do
    [[ $number =~ ^[1-9][0-9]*$ ]] || fail "'$number' is not a positive whole number"
done
((payload >= 64 && payload <= 1048576)) || fail "the payload must have 64 to 1048576 bytes"
for subject in $subjects; do
    [[ " direct nginx haproxy caddy bare yarp harmony harmony3 harmony-observed harmony-guarded harmony-mesh " == *" $subject "* ]] || fail "unknown subject '$subject'"
done

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
configs=$here/http
url_path=/Patient/1

# :: Tools

have() { command -v "$1" >/dev/null; }
needs() { have "$1" || fail "$1 is missing; on Debian and Ubuntu: sudo apt-get install ${2:-$1}"; }

PATH=$PATH:/usr/sbin:/sbin # where Debian keeps nginx and haproxy
needs nginx
if have wrk; then generator=wrk
elif have h2load; then generator=h2load
else fail "wrk is missing, and so is h2load; on Debian and Ubuntu: sudo apt-get install wrk (or nghttp2-client)"; fi
for subject in haproxy caddy; do
    if [[ " $subjects " == *" $subject "* ]] && ! have "$subject"; then
        say "$subject is missing and left out; on Debian and Ubuntu: sudo apt-get install $subject"
        subjects=" $subjects "; subjects=${subjects/ $subject / }
    fi
done

# :: Processes: every one is a child, known by its own id, and ended at the end however the script ends

tmp=$(mktemp -d)
chmod 711 "$tmp" # workers of an nginx started by root run as another user
declare -A pid=() port=() taken=()
load_pid='' token=''

descendants() {
    echo "$1"
    local child
    for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do descendants "$child"; done
}

cleanup() {
    local name all=()
    trap '' INT TERM
    [[ -z $load_pid ]] || kill "$load_pid" 2>/dev/null || true
    for name in "${!pid[@]}"; do
        mapfile -t -O "${#all[@]}" all < <(descendants "${pid[$name]}")
        kill "${pid[$name]}" 2>/dev/null || true
    done
    for _ in {1..50}; do
        ((${#all[@]})) && kill -0 "${all[@]}" 2>/dev/null || break # true while at least one is left
        sleep 0.1
    done
    ((${#all[@]} == 0)) || kill -9 "${all[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Below the ports that the system hands out to clients, so that no connection of the load takes it in between.
pick_port() {
    local candidate
    while :; do
        candidate=$((20000 + RANDOM % 12000))
        [[ -z ${taken[$candidate]:-} ]] && ! listens "$candidate" && break
    done
    taken[$candidate]=1
    port[$1]=$candidate
}

render() { sed -e "s|@TMP@|$tmp|g" -e "s|@PORT@|${port[$1]}|g" -e "s|@ORIGIN@|${port[direct]}|g" "$configs/$2" >"$tmp/$2"; }

answers() {
    local response
    response=$({
        exec 3<>"/dev/tcp/127.0.0.1/${port[$1]}"
        printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n%s\r\n' "$url_path" "${token:+Authorization: Bearer $token$'\r\n'}" >&3
        timeout 5 cat <&3
    } 2>/dev/null) || return 1
    [[ $response == HTTP/1.?' 200 '* && $response == *$'\r\n\r\n'"$document" ]]
}

# start NAME COMMAND...: waits until NAME serves the very document that the origin serves.
start() {
    local name=$1
    shift
    "$@" </dev/null >"$tmp/$name.log" 2>&1 &
    pid[$name]=$!
    for _ in {1..150}; do
        kill -0 "${pid[$name]}" 2>/dev/null || break
        answers "$name" && return 0
        sleep 0.1
    done
    say "$name does not serve the document of the origin; its last words:"
    if [[ -s $tmp/$name.log ]]; then tail -n 20 "$tmp/$name.log" >&2; else say "(none)"; fi
    kill "${pid[$name]}" 2>/dev/null || true
    return 1
}

# :: Subjects

write_origin() {
    local head='{"resourceType":"Binary","contentType":"text/plain","data":"' tail='"}' fill kilo mega i
    printf -v fill '%*s' $((payload - ${#head} - ${#tail})) ''
    fill=${fill// /x}
    document=$head$fill$tail
    # nginx takes no word over 4 KB, but any number of variables in it.
    printf -v kilo '%1024s' '' && kilo=${kilo// /x} mega=''
    for ((i = 0; i < 64; i++)); do mega+='${kilo}'; done
    {
        echo "set \$kilo '$kilo'; set \$mega '$mega';"
        printf "return 200 '%s" "$head"
        for ((i = 0; i < ${#fill} / 65536; i++)); do printf '%s' '${mega}'; done
        for ((i = 0; i < ${#fill} % 65536 / 1024; i++)); do printf '%s' '${kilo}'; done
        printf "%s%s';\n" "${fill:0:${#fill} % 1024}" "$tail"
    } >"$tmp/payload.conf"
    for i in client_body proxy fastcgi uwsgi scgi; do echo "${i}_temp_path $tmp/nginx-$i;"; done >"$tmp/nginx-temp.conf"
}

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d =; }

# make_token: a key pair, and a token that it signs (RS256, RFC 7515), valid for an hour; the same for all who ask for one.
make_token() {
    [[ -z $token ]] || return 0
    needs openssl
    local now signed
    now=$(date +%s)
    openssl genrsa -out "$tmp/private.pem" 2048 2>/dev/null && openssl rsa -in "$tmp/private.pem" -pubout -out "$tmp/public.pem" 2>/dev/null || return 1
    signed=$(printf '{"alg":"RS256","typ":"JWT"}' | base64url)
    signed+=.$(printf '{"iss":"https://id.example.org","aud":"bench","sub":"bench","mesh_id":"bench","iat":%d,"exp":%d}' "$now" $((now + 3600)) | base64url)
    token=$signed.$(printf '%s' "$signed" | openssl dgst -sha256 -sign "$tmp/private.pem" -binary | base64url)
}

start_harmony() { # NAME PIPELINES CONFIG
    [[ -x $harmony ]] || { say "Harmony is not built: dotnet build -c release src/Harmony.Gateway"; return 1; }
    start "$1" env HARMONY_PORT="${port[$1]}" HARMONY_MANAGEMENT_PORT="${port[management]}" HARMONY_PIPELINES="$2" ORIGIN_URL="http://127.0.0.1:${port[direct]}" \
        BENCH_PUBLIC_KEY="$tmp/public.pem" BENCH_PRIVATE_KEY="$tmp/private.pem" \
        "$harmony" run --config "$configs/harmony/$3"
}

start_subject() {
    case $1 in
        direct) render direct origin.nginx.conf && start direct nginx -e stderr -p "$tmp" -c "$tmp/origin.nginx.conf" ;;
        nginx) render nginx proxy.nginx.conf && start nginx nginx -e stderr -p "$tmp" -c "$tmp/proxy.nginx.conf" ;;
        haproxy) render haproxy haproxy.cfg && start haproxy haproxy -db -f "$tmp/haproxy.cfg" ;;
        caddy) render caddy Caddyfile && start caddy env XDG_DATA_HOME="$tmp" XDG_CONFIG_HOME="$tmp" caddy run --adapter caddyfile --config "$tmp/Caddyfile" ;;
        bare) start bare "$bare" --listen "127.0.0.1:${port[bare]}" --origin "http://127.0.0.1:${port[direct]}" ;;
        yarp) start yarp "$yarp" --listen "127.0.0.1:${port[yarp]}" --origin "http://127.0.0.1:${port[direct]}" ;;
        harmony) start_harmony harmony plain config.toml ;;
        harmony3) start_harmony harmony3 three config.toml ;;
        harmony-observed) start_harmony harmony-observed plain observed.toml ;;
        harmony-guarded) make_token && start_harmony harmony-guarded guarded config.toml ;;
        harmony-mesh) make_token && start_harmony harmony-mesh meshed config.toml ;;
    esac
}

build() {
    say "building $1"
    dotnet build --disable-build-servers -c release "$root/$1" >"$tmp/build.log" 2>&1 && return 0
    say "$1 does not build:"
    grep -E 'error|warning' "$tmp/build.log" | sort -u | head -n 10 >&2
    return 1
}

# :: Measuring

# load SUBJECT SECONDS: sets figures to "requests/s p50 p99 failed", times in µs.
load() {
    local url=http://127.0.0.1:${port[$1]}$url_path log=$tmp/load.log fields=()
    [[ $1 != harmony-guarded && $1 != harmony-mesh ]] || fields=(-H "Authorization: Bearer $token")
    if [[ $generator == wrk ]]; then
        wrk -t "$threads" -c "$connections" -d "$2s" "${fields[@]}" -s "$configs/result.lua" "$url" >"$log" 2>&1 &
    else
        h2load --h1 -t "$threads" -c "$connections" -D "$2" --log-file="$tmp/requests.log" "${fields[@]}" "$url" >"$log" 2>&1 &
    fi
    load_pid=$!
    wait "$load_pid" || { cat "$log" >&2; fail "$generator failed"; }
    load_pid=''
    if [[ $generator == wrk ]]; then
        figures=$(sed -n 's/^RESULT //p' "$log")
    else # each line of its log: start in µs, status, duration in µs
        figures=$(sort -n -k3,3 "$tmp/requests.log" | awk -v seconds="$2" '
            $2 != 200 { failed++ } { t[++n] = $3 }
            END { printf "%.1f %d %d %d\n", n / seconds, t[int((n + 1) / 2)], t[int(n * 0.99)], failed }')
        rm -f "$tmp/requests.log"
    fi
    [[ -n $figures ]] || { cat "$log" >&2; fail "$generator gave no result"; }
}

cpu_ticks() { # utime + stime; the command name in field 2 may hold blanks
    local one total=0 stat
    for one in $(descendants "$1"); do
        stat=$(<"/proc/$one/stat") && stat=${stat##*) } && set -- $stat && total=$((total + ${12} + ${13}))
    done
    echo "$total"
}

memory_mb() {
    local one
    for one in $(descendants "$1"); do cat "/proc/$one/status"; done | awk '/^VmRSS:/ { kb += $2 } END { printf "%.0f\n", kb / 1024 }'
}

measure() { # ROUND SUBJECT
    local before after rate p50 p99 failed
    kill -0 "${pid[$2]}" 2>/dev/null || { tail -n 20 "$tmp/$2.log" >&2; fail "$2 ended while it was measured"; }
    before=$(cpu_ticks "${pid[$2]}")
    load "$2" "$duration"
    after=$(cpu_ticks "${pid[$2]}")
    read -r rate p50 p99 failed <<<"$figures"
    echo "$1 $2 $rate $p50 $p99 $(awk -v t=$((after - before)) -v hz="$hertz" 'BEGIN { printf "%.2f", t / hz }') $(memory_mb "${pid[$2]}") $failed" >>"$tmp/results"
    printf ' %s %.0f' "$2" "$rate" >&2
}

versions() {
    local list
    list="$(nginx -v 2>&1 | sed 's|.*/|nginx |')"
    [[ " $subjects " != *" haproxy "* ]] || list+=", $(haproxy -v | sed -n '1s/^HAProxy version \([^ ]*\).*/HAProxy \1/p')"
    [[ " $subjects " != *" caddy "* ]] || list+=", Caddy $(caddy version | cut -d' ' -f1)"
    [[ " $subjects " != *" bare "* && " $subjects " != *" harmony"* ]] || list+=", .NET $(dotnet --list-runtimes | sed -n 's/^Microsoft.AspNetCore.App \([^ ]*\).*/\1/p' | tail -n 1)"
    echo "$list"
}

yarp=$root/artifacts/bin/YarpForwarder/release/YarpForwarder
bare=$root/artifacts/bin/BareForwarder/release/BareForwarder
harmony=$root/artifacts/bin/Harmony.Gateway/release/harmony
hertz=$(getconf CLK_TCK)
if ((build)) && [[ " $subjects " == *" bare "* || " $subjects " == *" yarp "* || " $subjects " == *" harmony"* ]]; then
    needs dotnet dotnet-sdk-10.0
    [[ " $subjects " != *" bare "* ]] || build bench/BareForwarder || true
    [[ " $subjects " != *" yarp "* ]] || build bench/YarpForwarder || true
    [[ " $subjects " != *" harmony"* ]] || build src/Harmony.Gateway || true
fi

for subject in direct management $subjects; do [[ -n ${port[$subject]:-} ]] || pick_port "$subject"; done
write_origin
start_subject direct || fail "no origin, no measurement"
running=()
for subject in $subjects; do
    if [[ $subject == direct ]] || start_subject "$subject"; then running+=("$subject"); else say "left out: $subject"; fi
done
((${#running[@]})) || fail "nothing to measure"

say "warming up: ${running[*]}"
for subject in "${running[@]}"; do load "$subject" "$warmup"; done
for ((round = 1; round <= rounds; round++)); do
    printf 'round %d of %d, requests/s:' "$round" "$rounds" >&2
    if ((round % 2)); then order=("${running[@]}")
    else # the other way round, so that nobody always follows the same neighbour
        order=()
        for subject in "${running[@]}"; do order=("$subject" ${order[@]+"${order[@]}"}); done
    fi
    for subject in "${order[@]}"; do measure "$round" "$subject"; done
    say ""
done

status=0
report=$(awk -v seconds="$duration" -v check="$check" -f "$configs/report.awk" "$tmp/results") || status=1
settings="Medians of $rounds rounds of $duration s, $connections connections, $payload bytes per answer, $generator with $threads thread(s), $(nproc) cores. $(versions)."
printf '\n%s\n\n%s\n' "$report" "$settings"
if [[ -n $markdown ]]; then
    mkdir -p "$(dirname "$markdown")"
    printf '# HTTP proxy benchmark, %s\n\n%s\n\n%s\n' "$(date -u +%F)" "$settings" "$report" >"$markdown"
fi
((!check || !status)) || say "The targets are not met."
exit "$status"
