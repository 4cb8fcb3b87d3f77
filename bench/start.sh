#!/usr/bin/env bash
# Measures what somebody meets who has just installed Harmony: size, start-up, the first request, and the first study after a start beside DCMTK's storescp.
# See bench/README.md.
set -euo pipefail

usage() {
    cat <<'EOF'
usage: bench/start.sh [options]                     (environment variable in brackets)
  --rounds N         rounds, default 5; medians are printed                   [ROUNDS]
  --objects N        CT objects of 512 KB in the study, default 200           [OBJECTS]
  --harmony FILE     the program to measure, default: a single file that eng/package.sh makes  [HARMONY]
  --check            fail unless the first request takes at most 60 ms and the first study at most 1.3 times storescp's time
EOF
}

rounds=${ROUNDS:-5} objects=${OBJECTS:-200} harmony=${HARMONY:-} check=0
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
fail() { echo "start.sh: $*" >&2; exit 2; }
while (($#)); do
    case $1 in
        --rounds | --objects | --harmony) (($# > 1)) || fail "$1 needs a value" ;;&
        --rounds) rounds=$2; shift ;;
        --objects) objects=$2; shift ;;
        --harmony) harmony=$2; shift ;;
        --check) check=1 ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; fail "unknown option $1" ;;
    esac
    shift
done
for program in storescu storescp dump2dcm dcmodify curl python3; do
    command -v "$program" >/dev/null || fail "$program is missing; on Debian and Ubuntu: sudo apt-get install dcmtk curl python3"
done

tmp=$(mktemp -d -p /dev/shm)
child= web=
end() { [[ -z $child ]] || { kill "$child" 2>/dev/null; wait "$child" 2>/dev/null; } || true; child=; }
cleanup() { end; [[ -z $web ]] || kill "$web" 2>/dev/null || true; rm -rf "$tmp"; }
trap cleanup EXIT
trap 'exit 130' INT TERM

if [[ -z $harmony ]]; then
    OUT=$tmp/package "$root/eng/package.sh" linux-x64 >&2
    harmony=$tmp/package/linux-x64/harmony
fi

now() { date +%s%N; }
ms() { echo $((($(now) - $1) / 1000000)); }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
await() { # PORT: until somebody listens there
    local i
    for ((i = 0; i < 3000; i++)); do (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return; sleep 0.01; done
    fail "nobody listens on port $1"
}

# A study: objects of 512 KB that differ in their UIDs, and hold nobody's data.
cat > "$tmp/object.txt" <<'OBJECT'
(0008,0016) UI =CTImageStorage
(0008,0018) UI [1.2.826.0.1.3680043.10.1.1]
(0008,0060) CS [CT]
(0010,0010) PN [Bench^Mark]
(0010,0020) LO [BENCH]
(0020,000d) UI [1.2.826.0.1.3680043.10.2]
(0020,000e) UI [1.2.826.0.1.3680043.10.3]
(0028,0002) US 1
(0028,0004) CS [MONOCHROME2]
(0028,0010) US 512
(0028,0011) US 512
(0028,0100) US 16
(0028,0101) US 16
(0028,0102) US 15
(0028,0103) US 0
(7fe0,0010) OW =pixels.raw
OBJECT
head -c 524288 /dev/zero > "$tmp/pixels.raw"
mkdir "$tmp/study"
(cd "$tmp" && dump2dcm object.txt object.dcm)
for ((i = 1; i <= objects; i++)); do cp "$tmp/object.dcm" "$tmp/study/$i.dcm"; done
dcmodify -nb -gin "$tmp"/study/*.dcm

store() { # PORT: milliseconds that storescu takes for the study
    local began
    began=$(now)
    TCP_NODELAY=1 storescu -aec ARCHIVE +sd +sp '*.dcm' 127.0.0.1 "$1" "$tmp/study" || fail "storescu failed"
    ms "$began"
}

origin=$(free_port)
mkdir "$tmp/origin" && echo hello > "$tmp/origin/index.html"
python3 -m http.server "$origin" --bind 127.0.0.1 --directory "$tmp/origin" >/dev/null 2>&1 & web=$!
await "$origin"

for ((round = 1; round <= rounds; round++)); do
    port=$(free_port) began=$(now)
    "$harmony" proxy --to "http://127.0.0.1:$origin" --port "$port" >/dev/null 2>&1 & child=$!
    await "$port"
    ms "$began" >> "$tmp/starts"
    curl -s -o /dev/null -w '%{time_total}\n' "http://127.0.0.1:$port/" | awk '{ printf "%d\n", $1 * 1000 + 0.5 }' >> "$tmp/firsts"
    end

    mkdir "$tmp/stored"
    port=$(free_port)
    "$harmony" receive --aet ARCHIVE --to "$tmp/stored" --port "$port" >/dev/null 2>&1 & child=$!
    await "$port"
    store "$port" >> "$tmp/ours"
    end

    rm -rf "$tmp/stored" && mkdir "$tmp/stored"
    port=$(free_port)
    TCP_NODELAY=1 storescp -od "$tmp/stored" "$port" >/dev/null 2>&1 & child=$!
    await "$port"
    store "$port" >> "$tmp/theirs"
    end
    rm -rf "$tmp/stored"
done

first=$(median < "$tmp/firsts") ours=$(median < "$tmp/ours") theirs=$(median < "$tmp/theirs")
ratio=$(awk "BEGIN { printf \"%.2f\", $ours / $theirs }")
echo "size of the program:        $(($(stat -Lc %s "$harmony") / 1000000)) MB"
echo "from start to listening:    $(median < "$tmp/starts") ms"
echo "first request:              $first ms (target 60)"
echo "first study after a start:  $ours ms for $objects objects of 512 KB; storescp $theirs ms; ratio $ratio (target 1.3)"
((check == 0)) || awk "BEGIN { exit !($first <= 60 && $ratio <= 1.3) }" || { echo "a target is missed" >&2; exit 1; }
