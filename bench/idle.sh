#!/usr/bin/env bash
# Measures what an idle connection or stream costs in memory, beside YARP and a bare forwarder. See bench/README.md.
set -euo pipefail

usage() {
    cat <<'EOF'
usage: bench/idle.sh [options]                      (environment variable in brackets)
  --count N          streams or connections, default 2000                     [COUNT]
  --parts "..."      of: silent: event streams without an event; events: with one, then silence; tls: the same, both sides by TLS;
                     http2: clients of HTTP/2 over TLS; sockets: WebSockets; clients: idle connections of clients;
                     origins: idle connections to the origin; default: all    [PARTS]
  --subjects "..."   of: bare yarp harmony, default: all                      [SUBJECTS]
  --harmony FILE     the program to measure, default: that of this folder     [HARMONY]
  --check            fail unless the targets are met
  --markdown FILE    also write the table to FILE
  --no-build         do not build the programs first
EOF
}

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
count=${COUNT:-2000} parts=${PARTS:-silent events tls http2 sockets clients origins} subjects=${SUBJECTS:-bare yarp harmony}
read_options "count parts subjects harmony markdown" "$@"
whole "$count"
needs openssl
work_in
build bench/IdleConnections bench/BareForwarder bench/YarpForwarder src/Harmony.Gateway
idle=$root/artifacts/bin/IdleConnections/release/IdleConnections
ulimit -n "$(ulimit -Hn)"
limit=$(ulimit -n)
[[ $limit == unlimited ]] || ((limit >= 2 * count + 300)) || fail "$count streams need $((2 * count + 300)) open files in one process, and the limit is $limit"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=bench -addext subjectAltName=IP:127.0.0.1,DNS:bench \
    -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
export SSL_CERT_FILE=$work/cert.pem # whom .NET trusts

start_subject() { # start_subject NAME CLIENT-SCHEME ORIGIN-SCHEME
    local certificate=() config=config.toml
    [[ $2 == http ]] || certificate=(--certificate "$work/cert.pem" "$work/key.pem") config=tls.toml
    case $1 in
        bare) run subject "$root/artifacts/bin/BareForwarder/release/BareForwarder" --listen "127.0.0.1:$port" --origin "$3://127.0.0.1:$origin_port" "${certificate[@]}" ;;
        yarp) run subject "$root/artifacts/bin/YarpForwarder/release/YarpForwarder" --listen "127.0.0.1:$port" --origin "$3://127.0.0.1:$origin_port" "${certificate[@]}" ;;
        harmony) run subject env HARMONY_PORT="$port" HARMONY_PIPELINES=idle ORIGIN_URL="$3://127.0.0.1:$origin_port" BENCH_CERT="$work/cert.pem" \
            BENCH_KEY="$work/key.pem" "$harmony" run --config "$here/http/harmony/$config" ;;
        *) fail "unknown subject '$1'" ;;
    esac
    until_listens "$port" subject
}

open_clients() { # open_clients KIND N URL: until they are open
    rm -f "$work/input" && mkfifo "$work/input" && : >"$work/clients.log"
    "$idle" clients "$1" "$2" "$3" <"$work/input" >"$work/clients.log" 2>&1 &
    pid[clients]=$!
    exec {keep}>"$work/input"
    for ((i = 0; i < 600; i++)); do
        grep -q '^open' "$work/clients.log" && return
        kill -0 "${pid[clients]}" 2>/dev/null || break
        sleep 0.1
    done
    tail -n 20 "$work/clients.log" "$work/subject.log" >&2
    fail "the clients were not served"
}

close_clients() { exec {keep}>&-; end clients; }

heap() { "$idle" heap "${pid[subject]}"; }

measure() { # measure PART KIND PATH CLIENT-SCHEME ORIGIN-SCHEME WANTED
    local subject before after heap_before heap_after wanted grown settled managed
    for subject in $subjects; do
        [[ $subject == harmony || $3 != /silent ]] || continue # the others keep the head until the body begins
        [[ $subject != bare || $2 != socket ]] || continue     # it switches no protocols
        pick_port port origin_port
        local certificate=()
        [[ $5 == http ]] || certificate=("$work/cert.pem" "$work/key.pem")
        run origin "$idle" origin "$origin_port" "${certificate[@]}"
        until_listens "$origin_port" origin
        start_subject "$subject" "$4" "$5"
        open_clients "$2" 20 "$4://127.0.0.1:$port${3/COUNT/20}" # what every process needs once
        close_clients
        heap_before=$(heap) before=$(memory_kb subject VmRSS)
        open_clients "$2" "$count" "$4://127.0.0.1:$port${3/COUNT/$count}"
        after=$(memory_kb subject VmRSS) heap_after=$(heap)
        read -r grown settled managed < <(awk -v n="$count" -v a="$after" -v b="$before" -v c="$(memory_kb subject VmRSS)" -v h="$((heap_after - heap_before))" \
            'BEGIN { printf "%.1f %.1f %.1f\n", (a - b) / n, (c - b) / n, h / 1024 / n }')
        wanted=''
        if [[ $subject == harmony && $6 ]]; then
            wanted="<= $6 after GC"
            awk -v a="$settled" -v b="$6" 'BEGIN { exit a > b }' || status=1
        fi
        row "$1, $subject: KB resident, after GC, managed" "$grown, $settled, $managed" "$wanted"
        close_clients
        end subject origin
    done
}

status=0
for part in $parts; do
    case $part in
        silent) measure "silent streams" stream /silent http http 25 ;;
        events) measure "streams after an event" stream /event http http 25 ;;
        tls) measure "the same by TLS" stream /event https https "" ;;
        http2) measure "the same, clients of HTTP/2" stream2 /event https http 30 ;;
        sockets) measure "WebSockets" socket /socket http http 25 ;;
        clients) measure "connections of clients" keepalive /document http http 25 ;;
        origins) measure "connections to the origin" gather /gather/COUNT http http "" ;;
        *) fail "unknown part '$part'" ;;
    esac
done
table "$count idle ends of each kind"
((!check || !status)) || say "The targets are not met."
((!check)) || exit "$status"
