#!/usr/bin/env bash
# Measures what somebody meets who has just installed Harmony: size, start-up, the first request, and the first study after a start beside DCMTK's storescp.
# See bench/README.md.
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'EOF'
usage: bench/start.sh [options]
  --rounds N         rounds, default 5; medians are printed
  --objects N        CT objects of 512 KB in the study, default 200
  --harmony FILE     the program to measure, default: a single file that eng/package.sh makes
  --markdown FILE    writes the table there, too
  --check            fail unless the first request takes at most 60 ms and the first study at most 1.3 times storescp's time
EOF
}

rounds=5 objects=200 harmony=${HARMONY:-}
read_options "rounds objects harmony markdown" "$@"
whole "$rounds" "$objects"
for program in storescu storescp dump2dcm dcmodify; do needs "$program" dcmtk; done
needs curl
needs python3
work_in -p /dev/shm
if [[ -z $harmony ]]; then
    OUT=$work/package "$root/eng/package.sh" linux-x64 >&2
    harmony=$work/package/linux-x64/harmony
fi

ms() { echo $((($(date +%s%N) - $1) / 1000000)); }
median() { sort -n "$work/$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# A study: objects of 512 KB that differ in their UIDs, and hold nobody's data.
cat > "$work/object.txt" <<'OBJECT'
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
head -c 524288 /dev/zero > "$work/pixels.raw"
mkdir "$work/study"
(cd "$work" && dump2dcm object.txt object.dcm)
for ((i = 1; i <= objects; i++)); do cp "$work/object.dcm" "$work/study/$i.dcm"; done
dcmodify -nb -gin "$work"/study/*.dcm

store() { # store PORT: milliseconds that storescu takes for the study
    local began
    began=$(date +%s%N)
    TCP_NODELAY=1 storescu -aec ARCHIVE +sd +sp '*.dcm' 127.0.0.1 "$1" "$work/study" || fail "storescu failed"
    ms "$began"
}

mkdir "$work/origin" && echo hello > "$work/origin/index.html"
pick_port origin
run origin python3 -m http.server "$origin" --bind 127.0.0.1 --directory "$work/origin"
until_listens "$origin" origin

for ((round = 1; round <= rounds; round++)); do
    pick_port port
    began=$(date +%s%N)
    run proxy "$harmony" proxy --to "http://127.0.0.1:$origin" --port "$port"
    until_listens "$port" proxy 0.01
    ms "$began" >> "$work/starts"
    curl -s -o /dev/null -w '%{time_total}\n' "http://127.0.0.1:$port/" | awk '{ printf "%d\n", $1 * 1000 + 0.5 }' >> "$work/firsts"
    end proxy

    mkdir "$work/stored"
    pick_port port
    run receive "$harmony" receive --aet ARCHIVE --to "$work/stored" --port "$port"
    until_listens "$port" receive 0.01
    store "$port" >> "$work/ours"
    end receive

    rm -rf "$work/stored" && mkdir "$work/stored"
    pick_port port
    run storescp env TCP_NODELAY=1 storescp -od "$work/stored" "$port"
    until_listens "$port" storescp 0.01
    store "$port" >> "$work/theirs"
    end storescp
    rm -rf "$work/stored"
done

first=$(median firsts) ours=$(median ours) theirs=$(median theirs)
times=$(ratio "$ours" "$theirs")
row "size of the program" "$(($(stat -Lc %s "$harmony") / 1000000)) MB"
row "from start to listening" "$(median starts) ms"
row "first request" "$first ms" "60 ms"
row "first study after a start ($objects objects of 512 KB), storescp's time" "$ours ms, $theirs ms"
row "the first by the second" "$times" "1.3"
table "$rounds rounds, medians"
((check == 0)) || awk "BEGIN { exit !($first <= 60 && $times <= 1.3) }" || { echo "a target is missed" >&2; exit 1; }
