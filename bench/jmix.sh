#!/usr/bin/env bash
# Measures JMIX packages: building beside zip and sha256sum, a store with many packages, memory. See bench/README.md.
set -euo pipefail

usage() {
    cat <<'EOF'
usage: bench/jmix.sh [options]                      (environment variable in brackets)
  --rounds N         rounds, of which the best counts, default 3              [ROUNDS]
  --objects N        CT objects of 512 KB, default 200                        [OBJECTS]
  --packages N       entries of the index that is asked, default 100000       [PACKAGES]
  --kills N          also kills the program N times in the middle of its work [KILLS]
  --large GIB        also builds, uploads and downloads a package of one
                     object of so many GiB: three times that on the disk     [LARGE]
  --harmony FILE     the program to measure, default: that of this folder     [HARMONY]
  --markdown FILE    also write the table to FILE
  --no-build         do not build first
EOF
}

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rounds=${ROUNDS:-3} objects=${OBJECTS:-200} packages=${PACKAGES:-100000} kills=${KILLS:-0} large=${LARGE:-0}
read_options "rounds objects packages kills large harmony markdown" "$@"
whole "$rounds" "$objects" "$packages"
for tool in zip unzip sha256sum curl python3; do needs "$tool"; done
work_in
build src/Harmony.Gateway

# :: A study: explicit VR little endian, pixels of which a half can be compressed, as those of CT can.
mkdir "$work/study"
python3 - "$work/study" "$objects" <<'PY'
import os, struct, sys
folder, count = sys.argv[1], int(sys.argv[2])
def element(group, number, vr, value):
    value += b'\0' * (len(value) % 2) if vr in (b'UI', b'OB', b'OW') else b' ' * (len(value) % 2)
    length = struct.pack('<HI', 0, len(value)) if vr in (b'OB', b'OW') else struct.pack('<H', len(value))
    return struct.pack('<HH', group, number) + vr + length + value
ct = b'1.2.840.10008.5.1.4.1.1.2'
for i in range(count):
    uid = b'1.2.3.4.%d' % i
    meta = element(2, 1, b'OB', b'\0\1') + element(2, 2, b'UI', ct) + element(2, 3, b'UI', uid) + element(2, 0x10, b'UI', b'1.2.840.10008.1.2.1')
    body = element(8, 0x16, b'UI', ct) + element(8, 0x18, b'UI', uid) + element(8, 0x60, b'CS', b'CT') + element(0x10, 0x10, b'PN', b'Bench^Object') + element(0x10, 0x20, b'LO', b'P-1')
    body += element(0x20, 0xd, b'UI', b'1.2.3.4') + element(0x20, 0xe, b'UI', b'1.2.3.4.9.%d' % (i % 2))
    body += element(0x28, 0x10, b'US', struct.pack('<H', 512)) + element(0x28, 0x11, b'US', struct.pack('<H', 512)) + element(0x28, 0x100, b'US', struct.pack('<H', 16))
    pixels = bytearray(os.urandom(512 * 512 * 2))
    pixels[1::2] = bytes(512 * 512)
    body += element(0x7fe0, 0x10, b'OW', bytes(pixels))
    with open(f'{folder}/{i:04}.dcm', 'wb') as file: file.write(bytes(128) + b'DICM' + element(2, 0, b'UL', struct.pack('<I', len(meta))) + meta + body)
PY
"$harmony" jmix keygen encryption "$work/key" >/dev/null
public=$work/key.pub

# best COMMAND: the shortest time of the rounds, and the least processor time (of all threads), in milliseconds.
TIMEFORMAT='%R %U %S'
best() {
    local i
    for ((i = 0; i <= rounds; i++)); do # the first is a warm-up
        rm -f "$work"/out.*
        { time (cd "$work" && eval "$1" >/dev/null 2>"$work/errors"); } 2>"$work/time" || { cat "$work/errors" >&2; fail "$1 failed"; }
        cat "$work/time"
    done | awk 'NR > 1 { if (!wall || $1 < wall) wall = $1; if (!cpu || $2 + $3 < cpu) cpu = $2 + $3 } END { printf "%d %d", wall * 1000, cpu * 1000 }'
}

# compared NAME "MS CPU" "MS CPU" OTHER TARGET
compared() { row "$1" "${2% *} ms, processor ${2#* } ms" "$(ratio "${2% *}" "${3% *}") × $4 (target $5), processor $(ratio "${2#* }" "${3#* }") ×"; }

hash='find study -type f -print0 | xargs -0 sha256sum'
zip0=$(best "zip -0 -q -r out.zip study && $hash")
zip1=$(best "zip -1 -q -r out.zip study && $hash")
stored=$(best "'$harmony' jmix build study -o out.zip --store")
cp "$work/out.zip" "$work/package.zip"
deflated=$(best "'$harmony' jmix build study -o out.zip")
encrypted=$(best "'$harmony' jmix build study -o out.zip --store --encrypt-for '$public'")
row "zip -0 and sha256sum" "${zip0% *} ms, processor ${zip0#* } ms"
row "zip -1 and sha256sum" "${zip1% *} ms, processor ${zip1#* } ms"
compared "package, stored" "$stored" "$zip0" "zip -0" 1.1
compared "package, deflated" "$deflated" "$zip1" "zip -1" 0.6
compared "package, encrypted" "$encrypted" "$stored" stored 1.3

# :: A gateway with a store, and no PACS: what is asked for is in the store, or not there.
pick_port port
cat >"$work/gateway.toml" <<TOML
[proxy]
name = "bench"
primary_provider = "local"
[network.main.tcp_config]
bind_address = "127.0.0.1"
bind_port = $port
[storage.options]
path = "$work/storage"
[pipelines.jmix]
networks = ["main"]
endpoints = ["jmix"]
middleware = ["store"]
backends = ["nothing"]
[endpoints.jmix]
service = "jmix"
[middleware.store]
type = "jmix_builder"
[backends.nothing]
service = "storage"
options.root = "memory:"
TOML
url=http://127.0.0.1:$port/api/jmix

start_gateway() {
    run gateway "$harmony" run --config "$work/gateway.toml"
    until_listens "$port" gateway
}
get() { curl -sS --noproxy '*' --fail -o /dev/null -w '%{time_starttransfer}' "$@"; }

start_gateway
small=$work/small.zip
printf 'x' >"$work/x.txt"
"$harmony" jmix build "$work/x.txt" -o "$small" >/dev/null
curl -sS --noproxy '*' --fail -o /dev/null -H 'content-type: application/zip' --data-binary "@$small" "$url"
before=$(memory_kb gateway VmRSS)
curl -sS --noproxy '*' --fail -o /dev/null -H 'content-type: application/zip' -T "$work/package.zip" -X POST "$url"
get "$url?studyInstanceUid=1.2.3.4" >/dev/null
after=$(memory_kb gateway VmRSS)
first=$(for ((i = 0; i < 20; i++)); do get "$url?studyInstanceUid=1.2.3.4"; echo; done | sort -g | tail -1)
row "first byte of a cached package, the slowest of 20" "$(awk "BEGIN { printf \"%.1f\", $first * 1000 }") ms" "(target 100 ms)"
row "memory: growth by an upload and a download of $((objects / 2)) MB" "$(((after - before) / 1024)) MiB" "(target 32 MiB)"
end gateway

# :: One object beyond 4 GiB: pixels in fragments of 1 GiB, as an element that states its length cannot have more than 4 GiB (PS3.5 A.4).
peak() { awk '/^VmHWM/ { print $2 }' "/proc/$1/status"; }
if ((large)); then
    mkdir "$work/large"
    python3 - "$work/large/object.dcm" "$large" <<'PY'
import os, struct, sys
def element(group, number, vr, value):
    value += b'\0' * (len(value) % 2) if vr in (b'UI', b'OB') else b' ' * (len(value) % 2)
    return struct.pack('<HH', group, number) + vr + (struct.pack('<HI', 0, len(value)) if vr == b'OB' else struct.pack('<H', len(value))) + value
video = b'1.2.840.10008.5.1.4.1.1.77.1.1.1'
meta = element(2, 1, b'OB', b'\0\1') + element(2, 2, b'UI', video) + element(2, 3, b'UI', b'1.2.5.1') + element(2, 0x10, b'UI', b'1.2.840.10008.1.2.4.102')
body = element(8, 0x16, b'UI', video) + element(8, 0x18, b'UI', b'1.2.5.1') + element(8, 0x60, b'CS', b'ES') + element(0x10, 0x20, b'LO', b'P-1')
body += element(0x20, 0xd, b'UI', b'1.2.5') + element(0x20, 0xe, b'UI', b'1.2.5.9') + struct.pack('<HH', 0x7fe0, 0x10) + b'OB' + struct.pack('<HI', 0, 0xffffffff)
some = os.urandom(1 << 24)
with open(sys.argv[1], 'wb') as file:
    file.write(bytes(128) + b'DICM' + element(2, 0, b'UL', struct.pack('<I', len(meta))) + meta + body + struct.pack('<HHI', 0xfffe, 0xe000, 0))
    for fragment in range(int(sys.argv[2])):
        file.write(struct.pack('<HHI', 0xfffe, 0xe000, 1 << 30))
        for i in range(64): file.write(some)
    file.write(struct.pack('<HHI', 0xfffe, 0xe0dd, 0))
PY
    built() {
        "$harmony" jmix build "$1" -o "$2" --store >/dev/null &
        local build=$! most=0 now
        while now=$(peak $build 2>/dev/null) && [[ -n $now ]]; do most=$now; sleep 0.1; done
        wait $build
        echo "$most"
    }
    usual=$(built "$work/study" "$work/usual.zip")
    most=$(built "$work/large" "$work/large.zip")
    row "building a package of $large GiB: peak of memory over that of $((objects / 2)) MB" "$(((most - usual) / 1024)) MiB" "(target 32 MiB)"
    rm -r "$work/large" "$work/usual.zip"
    start_gateway
    get "$url?studyInstanceUid=1.2.3.4" >/dev/null
    before=$(memory_kb gateway VmHWM)
    curl -sS --noproxy '*' --fail -o /dev/null -H 'content-type: application/zip' -T "$work/large.zip" -X POST "$url"
    row "uploading it: peak of memory over that before" "$((($(memory_kb gateway VmHWM) - before) / 1024)) MiB" "(target 32 MiB)"
    sent=$(sha256sum <"$work/large.zip")
    [[ $(curl -sS --noproxy '*' --fail "$url?studyInstanceUid=1.2.5" | sha256sum) == "$sent" ]] || fail "the large package came back changed"
    row "and downloading it, the same bytes" "$((($(memory_kb gateway VmHWM) - before) / 1024)) MiB" "(target 32 MiB)"
    unzip -tqq "$work/large.zip" || fail "unzip does not take the large package"
    end gateway
    rm "$work/large.zip"
fi

# :: The index: made again from 10,000 archives, then asked with many entries.
python3 - "$work/storage/jmix-store" "$packages" <<'PY'
import json, os, sqlite3, sys, time, uuid, zipfile
store, packages = sys.argv[1], int(sys.argv[2])
for i in range(10_000):
    id = str(uuid.UUID(int=(i * 0x9E3779B97F4A7C15F39CC0605CEDC835) % (1 << 128)))
    folder = f'{store}/packages/{id[:2]}'
    os.makedirs(folder, exist_ok=True)
    with zipfile.ZipFile(f'{folder}/{id}.zip', 'w') as zip:
        zip.writestr('payload/metadata.json', json.dumps({'studies': {'study_uid': f'1.9.{i}'}}))
        zip.writestr('manifest.json', '{}')
for name in ('index.db', 'index.db-wal', 'index.db-shm'):
    if os.path.exists(f'{store}/{name}'): os.remove(f'{store}/{name}')
PY
from=$(date +%s%N)
start_gateway
until get -I "$url?studyInstanceUid=1.9.9999" >/dev/null 2>&1; do sleep 0.01; done
row "start with an index to be made from 10,000 packages" "$((($(date +%s%N) - from) / 1000000)) ms" "(target 10 s)"
python3 - "$work/storage/jmix-store/index.db" "$packages" <<'PY'
import sqlite3, sys, uuid
index = sqlite3.connect(sys.argv[1])
index.executemany('insert or ignore into packages (id, study, length, stored) values (?, ?, 1, ?)', ((str(uuid.uuid4()), f'1.8.{i}', i) for i in range(int(sys.argv[2]))))
index.commit()
PY
lookups=$(python3 - "$port" <<'PY'
import http.client, random, sys, time
connection = http.client.HTTPConnection('127.0.0.1', int(sys.argv[1]))
times = []
for i in range(3000):
    begun = time.perf_counter()
    connection.request('HEAD', f'/api/jmix?studyInstanceUid=1.9.{random.randrange(10_000)}')
    response = connection.getresponse()
    response.read()
    assert response.status == 200, response.status
    times.append(time.perf_counter() - begun)
times = sorted(times[500:])
print(f'{times[len(times) * 99 // 100] * 1000:.2f}')
PY
)
row "a lookup by HEAD among $packages packages, p99 with HTTP" "$lookups ms" "(target 5 ms)"
end gateway

if ((kills)); then
    HARMONY_KILLS=$kills dotnet test -c release "$root/tests/Harmony.Gateway.Tests" --nologo -v quiet --filter FullyQualifiedName~PackageCrashTests >"$work/kills.log" 2>&1 || { cat "$work/kills.log"; fail "a package was lost or broken"; }
    row "killed in the middle of work" "$kills times" "nothing lost, nothing broken"
fi

table "$objects objects of 512 KB, the best of $rounds rounds."
