#!/usr/bin/env bash
# Measures Harmony as an HTTP proxy on loopback, beside nginx, HAProxy, Caddy, the forwarder of YARP and a bare forwarder. See bench/README.md.
seconds=$SECONDS # first of all: bash takes SECONDS from the environment and then lets it run as its own clock
set -euo pipefail

usage() {
    cat <<'EOF'
usage: bench/http.sh [options]                      (environment variable in brackets)
  --workload NAME    get: a document; post: 4 KB to the origin; tls-origin: the origin speaks TLS; tls: clients speak TLS;
                     h2: clients speak HTTP/2 over TLS; handshakes: clients that open a connection of TLS for each request;
                     default get                                              [WORKLOAD]
  --rounds N         rounds, each measuring every subject once, default 5     [ROUNDS]
  --seconds N        seconds per subject and round, default 4                 [SECONDS]
  --warmup N         seconds of warm-up per subject, default 5                [WARMUP]
  --connections N    connections kept open, default 64                        [CONNECTIONS]
  --threads N        threads of the load generator, default 1                 [THREADS]
  --payload N        bytes of the answer, 64 to 1048576, default 1024         [PAYLOAD]
  --subjects "..."   of: direct nginx haproxy caddy kestrel bare yarp harmony
                     harmony3 harmony-observed harmony-guarded harmony-mesh, default:
                     all of them for get, else nginx bare yarp harmony        [SUBJECTS]
  --harmony FILE     the program to measure, default: that of this folder     [HARMONY]
  --check            fail unless the targets are met
  --markdown FILE    also write the tables to FILE
  --no-build         do not build the forwarders and Harmony first
EOF
}

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
workload=${WORKLOAD:-get} rounds=${ROUNDS:-5} warmup=${WARMUP:-5} connections=${CONNECTIONS:-64} threads=${THREADS:-1} payload=${PAYLOAD:-1024}
subjects=${SUBJECTS:-}
((seconds)) || seconds=4
read_options "workload rounds seconds warmup connections threads payload subjects harmony markdown" "$@"
whole "$rounds" "$seconds" "$warmup" "$connections" "$threads" "$payload"
((payload >= 64 && payload <= 1048576)) || fail "the payload must have 64 to 1048576 bytes"
origin_scheme=http scheme=http generator=wrk all="direct nginx kestrel bare yarp harmony"
case $workload in
    get) all="direct nginx haproxy caddy kestrel bare yarp harmony harmony3 harmony-observed harmony-guarded harmony-mesh" ;;
    post) ;;
    tls-origin) origin_scheme=https ;;
    tls | handshakes) scheme=https ;;
    h2) scheme=https generator=h2load ;;
    *) fail "unknown workload '$workload'" ;;
esac
[[ $workload == get ]] && subjects=${subjects:-$all} || subjects=${subjects:-nginx bare yarp harmony}
subjects=${subjects//,/ }
for subject in $subjects; do [[ " $all " == *" $subject "* ]] || fail "$subject is no subject of the workload '$workload'"; done
configs=$here/http
url_path=/Patient/1

# :: Tools

needs nginx
needs curl
needs openssl
if [[ $generator == wrk ]] && ! have wrk; then generator=h2load; fi
needs "$generator" "$([[ $generator == wrk ]] && echo wrk || echo nghttp2-client)"
[[ $generator == wrk || $workload != @(post|handshakes) ]] || fail "wrk is missing; on Debian and Ubuntu: sudo apt-get install wrk"
for subject in haproxy caddy; do
    if [[ " $subjects " == *" $subject "* ]] && ! have "$subject"; then
        say "$subject is missing and left out; on Debian and Ubuntu: sudo apt-get install $subject"
        subjects=" $subjects "; subjects=${subjects/ $subject / }
    fi
done

work_in
declare -A port=()
token=''

render() { # render NAME FILE: a configuration of nginx and the like
    sed -e "s|@TMP@|$work|g" -e "s|@PORT@|${port[$1]}|g" -e "s|@ORIGIN@|${port[direct]}|g" -e "s|@ORIGIN_SCHEME@|$origin_scheme|g" \
        -e "s|@TLS@|$([[ $scheme == http ]] || echo " ssl http2")|g" -e "s|@ORIGIN_TLS@|$([[ $origin_scheme == http ]] || echo " ssl")|g" \
        "$configs/$2" >"$work/$2"
}
scheme_of() { [[ $1 == direct ]] && echo "$origin_scheme" || echo "$scheme"; }
answers() {
    [[ $(curl -sS --noproxy '*' --cacert "$work/cert.pem" --max-time 5 ${token:+-H "Authorization: Bearer $token"} \
        "$(scheme_of "$1")://127.0.0.1:${port[$1]}$url_path" 2>/dev/null) == "$document" ]]
}

# start NAME COMMAND...: waits until NAME serves the very document that the origin serves.
start() {
    local name=$1
    run "$@"
    for _ in {1..300}; do
        kill -0 "${pid[$name]}" 2>/dev/null || break
        answers "$name" && return 0
        sleep 0.1
    done
    say "$name does not serve the document of the origin; its last words:"
    if [[ -s $work/$name.log ]]; then tail -n 20 "$work/$name.log" >&2; else say "(none)"; fi
    end "$name"
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
    } >"$work/payload.conf"
    printf %s "$document" >"$work/document.json"
    for i in client_body proxy fastcgi uwsgi scgi; do echo "${i}_temp_path $work/nginx-$i;"; done >"$work/nginx-temp.conf"
}

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d =; }

# make_token: a key pair, and a token that it signs (RS256, RFC 7515), valid for an hour; the same for all who ask for one.
make_token() {
    [[ -z $token ]] || return 0
    local now signed
    now=$(date +%s)
    openssl genrsa -out "$work/private.pem" 2048 2>/dev/null && openssl rsa -in "$work/private.pem" -pubout -out "$work/public.pem" 2>/dev/null || return 1
    signed=$(printf '{"alg":"RS256","typ":"JWT"}' | base64url)
    signed+=.$(printf '{"iss":"https://id.example.org","aud":"bench","sub":"bench","mesh_id":"bench","iat":%d,"exp":%d}' "$now" $((now + 3600)) | base64url)
    token=$signed.$(printf '%s' "$signed" | openssl dgst -sha256 -sign "$work/private.pem" -binary | base64url)
}

start_harmony() { # NAME PIPELINES CONFIG
    [[ -x $harmony ]] || { say "Harmony is not built: dotnet build -c release src/Harmony.Gateway"; return 1; }
    start "$1" env HARMONY_PORT="${port[$1]}" HARMONY_MANAGEMENT_PORT="${port[management]}" HARMONY_PIPELINES="$2" ORIGIN_URL="$origin_scheme://127.0.0.1:${port[direct]}" \
        BENCH_PUBLIC_KEY="$work/public.pem" BENCH_PRIVATE_KEY="$work/private.pem" BENCH_CERT="$work/cert.pem" BENCH_KEY="$work/key.pem" \
        "$harmony" run --config "$configs/harmony/$3"
}

start_subject() {
    case $1 in
        direct) render direct origin.nginx.conf && start direct nginx -e stderr -p "$work" -c "$work/origin.nginx.conf" ;;
        nginx) render nginx proxy.nginx.conf && start nginx nginx -e stderr -p "$work" -c "$work/proxy.nginx.conf" ;;
        haproxy) render haproxy haproxy.cfg && start haproxy haproxy -db -f "$work/haproxy.cfg" ;;
        caddy) render caddy Caddyfile && start caddy env XDG_DATA_HOME="$work" XDG_CONFIG_HOME="$work" caddy run --adapter caddyfile --config "$work/Caddyfile" ;;
        kestrel) start kestrel "$bare" --listen "127.0.0.1:${port[kestrel]}" --constant "$work/document.json" "${with_certificate[@]}" ;;
        bare) start bare "$bare" --listen "127.0.0.1:${port[bare]}" --origin "$origin_scheme://127.0.0.1:${port[direct]}" "${with_certificate[@]}" ;;
        yarp) start yarp "$yarp" --listen "127.0.0.1:${port[yarp]}" --origin "$origin_scheme://127.0.0.1:${port[direct]}" "${with_certificate[@]}" ;;
        harmony) start_harmony harmony plain "$([[ $scheme == http ]] && echo config.toml || echo tls.toml)" ;;
        harmony3) start_harmony harmony3 three config.toml ;;
        harmony-observed) start_harmony harmony-observed plain observed.toml ;;
        harmony-guarded) make_token && start_harmony harmony-guarded guarded config.toml ;;
        harmony-mesh) make_token && start_harmony harmony-mesh meshed config.toml ;;
    esac
}

# :: Measuring

# load SUBJECT SECONDS: sets figures to "requests/s p50 p99 failed", times in µs.
load() {
    local url log=$work/load.log fields=()
    url=$(scheme_of "$1")://127.0.0.1:${port[$1]}$url_path
    [[ $1 != harmony-guarded && $1 != harmony-mesh ]] || fields=(-H "Authorization: Bearer $token")
    [[ $workload != handshakes ]] || fields=(-H "Connection: close")
    if [[ $generator == wrk ]]; then
        run load wrk -t "$threads" -c "$connections" -d "$2s" "${fields[@]}" -s "$configs/result.lua" "$url" -- "$workload"
    else
        run load h2load $([[ $workload == h2 ]] || echo --h1) -t "$threads" -c "$connections" -D "$2" --log-file="$work/requests.log" "${fields[@]}" "$url"
    fi
    wait "${pid[load]}" || { cat "$log" >&2; fail "$generator failed"; }
    unset 'pid[load]'
    if [[ $generator == wrk ]]; then
        figures=$(sed -n 's/^RESULT //p' "$log")
    else # each line of its log: start in µs, status, duration in µs
        figures=$(sort -n -k3,3 "$work/requests.log" | awk -v seconds="$2" '
            $2 != 200 { failed++ } { t[++n] = $3 }
            END { printf "%.1f %d %d %d\n", n / seconds, t[int((n + 1) / 2)], t[int(n * 0.99)], failed }')
        rm -f "$work/requests.log"
    fi
    [[ -n $figures ]] || { cat "$log" >&2; fail "$generator gave no result"; }
}

memory_mb() {
    local one
    for one in $(descendants "$1"); do cat "/proc/$one/status"; done | awk '/^VmRSS:/ { kb += $2 } END { printf "%.0f\n", kb / 1024 }'
}

measure() { # ROUND SUBJECT
    local before after rate p50 p99 failed
    kill -0 "${pid[$2]}" 2>/dev/null || { tail -n 20 "$work/$2.log" >&2; fail "$2 ended while it was measured"; }
    before=$(cpu_ticks "$2")
    load "$2" "$seconds"
    after=$(cpu_ticks "$2")
    read -r rate p50 p99 failed <<<"$figures"
    echo "$1 $2 $rate $p50 $p99 $(awk -v t=$((after - before)) -v hz="$hertz" 'BEGIN { printf "%.2f", t / hz }') $(memory_mb "${pid[$2]}") $failed" >>"$work/results"
    printf ' %s %.0f' "$2" "$rate" >&2
}

# system_calls SUBJECT: prints how many there are for each request; the tracer makes them slow, so nothing else is measured meanwhile.
system_calls() {
    local traced=() one rate
    for one in $(descendants "${pid[$1]}"); do traced+=(-p "$one"); done
    strace -c -f -o "$work/calls" "${traced[@]}" 2>/dev/null &
    pid[strace]=$!
    sleep 1
    load "$1" 4
    kill -INT "${pid[strace]}" && wait "${pid[strace]}" || true
    unset 'pid[strace]'
    read -r rate _ <<<"$figures"
    awk -v requests="$(awk -v rate="$rate" 'BEGIN { print rate * 4 }')" '$NF == "total" { printf "%.1f", $(NF == 6 ? 4 : 3) / requests }' "$work/calls"
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
hertz=$(getconf CLK_TCK)
[[ " $subjects " != *" bare "* && " $subjects " != *" kestrel "* ]] || build bench/BareForwarder
[[ " $subjects " != *" yarp "* ]] || build bench/YarpForwarder
[[ " $subjects " != *" harmony"* ]] || build src/Harmony.Gateway

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=bench -addext subjectAltName=IP:127.0.0.1,DNS:bench \
    -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
export SSL_CERT_FILE=$work/cert.pem # whom .NET trusts
with_certificate=()
[[ $scheme == http ]] || with_certificate=(--certificate "$work/cert.pem" "$work/key.pem")
for subject in direct management $subjects; do [[ -n ${port[$subject]:-} ]] || pick_port "port[$subject]"; done
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

calls=''
if have strace; then
    for subject in "${running[@]}"; do [[ $subject == direct ]] || calls+="${calls:+, }$subject $(system_calls "$subject")"; done
fi

status=0
report=$(awk -v seconds="$seconds" -v check="$check" -v workload="$workload" -v calls="$calls" -f "$configs/report.awk" "$work/results") || status=1
settings="Workload $workload: medians of $rounds rounds of $seconds s, $connections connections, $payload bytes per answer, $generator with $threads thread(s), $(nproc) cores. $(versions)."
printf '\n%s\n\n%s\n' "$report" "$settings"
if [[ -n $markdown ]]; then
    mkdir -p "$(dirname "$markdown")"
    printf '# HTTP proxy benchmark, %s\n\n%s\n\n%s\n' "$(date -u +%F)" "$settings" "$report" >"$markdown"
fi
((!check || !status)) || say "The targets are not met."
exit "$status"
