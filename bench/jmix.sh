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
  --harmony FILE     the program to measure, default: that of this folder     [HARMONY]
  --markdown FILE    also write the table to FILE
  --no-build         do not build first
EOF
}

rounds=${ROUNDS:-3} objects=${OBJECTS:-200} packages=${PACKAGES:-100000} kills=${KILLS:-0} markdown='' build=1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
harmony=${HARMONY:-$root/artifacts/bin/Harmony.Gateway/release/harmony}

fail() { echo "jmix.sh: $*" >&2; exit 2; }

while (($#)); do
    case $1 in
        --rounds | --objects | --packages | --kills | --harmony | --markdown) (($# > 1)) || fail "$1 needs a value" ;;&
        --rounds) rounds=$2; shift ;;
        --objects) objects=$2; shift ;;
        --packages) packages=$2; shift ;;
        --kills) kills=$2; shift ;;
        --harmony) harmony=$2; shift ;;
        --markdown) markdown=$2; shift ;;
        --no-build) build=0 ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; fail "unknown option $1" ;;
    esac
    shift
done
for tool in zip sha256sum curl python3; do command -v "$tool" >/dev/null || fail "$tool is missing; on Debian and Ubuntu: sudo apt-get install $tool"; done
((build)) && dotnet build -c release -v quiet -nologo "$root/src/Harmony.Gateway"

work=$(mktemp -d)
gateway=''
cleanup() {
    if [[ -n $gateway ]]; then kill -KILL "$gateway" 2>/dev/null || true; wait "$gateway" 2>/dev/null || true; fi
    rm -rf "$work"
}
trap cleanup EXIT

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

# best COMMAND: the shortest time of the rounds, in milliseconds.
best() {
    local least=0 i from took
    for ((i = 0; i < rounds; i++)); do
        rm -f "$work"/out.*
        from=$(date +%s%N)
        (cd "$work" && eval "$1") >/dev/null
        took=$((($(date +%s%N) - from) / 1000000))
        ((least == 0 || took < least)) && least=$took
    done
    echo "$least"
}

rows=()
row() { rows+=("| $1 | $2 | $3 |"); printf '%-60s %-14s %s\n' "$1" "$2" "$3"; }
ratio() { awk "BEGIN { printf \"%.2f\", $1 / $2 }"; }

hash='find study -type f -print0 | xargs -0 sha256sum'
zip0=$(best "zip -0 -q -r out.zip study && $hash")
zip1=$(best "zip -1 -q -r out.zip study && $hash")
stored=$(best "'$harmony' jmix build study -o out.zip --store")
cp "$work/out.zip" "$work/package.zip"
deflated=$(best "'$harmony' jmix build study -o out.zip")
row "zip -0 and sha256sum" "$zip0 ms" ""
row "zip -1 and sha256sum" "$zip1 ms" ""
row "package, stored" "$stored ms" "$(ratio "$stored" "$zip0") × zip -0 (target 1.1)"
row "package, deflated" "$deflated ms" "$(ratio "$deflated" "$zip1") × zip -1 (target 0.6)"
encrypted=$(best "'$harmony' jmix build study -o out.zip --store --encrypt-for '$public'")
row "package, encrypted" "$encrypted ms" "$(ratio "$encrypted" "$stored") × stored (target 1.3)"

# :: A gateway with a store, and no PACS: what is asked for is in the store, or not there.
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free_port)
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
    "$harmony" run --config "$work/gateway.toml" >"$work/gateway.log" 2>&1 &
    gateway=$!
    for ((i = 0; i < 1200; i++)); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return
        kill -0 "$gateway" 2>/dev/null || { cat "$work/gateway.log" >&2; fail "the gateway did not start"; }
        sleep 0.05
    done
    fail "the gateway did not listen"
}
stop_gateway() { kill -TERM "$gateway"; wait "$gateway" 2>/dev/null || true; gateway=''; }
resident() { awk '/^VmRSS/ { print $2 }' "/proc/$gateway/status"; }
get() { curl -sS --noproxy '*' --fail -o /dev/null -w '%{time_starttransfer}' "$@"; }

start_gateway
small=$work/small.zip
printf 'x' >"$work/x.txt"
"$harmony" jmix build "$work/x.txt" -o "$small" >/dev/null
curl -sS --noproxy '*' --fail -o /dev/null -H 'content-type: application/zip' --data-binary "@$small" "$url"
before=$(resident)
curl -sS --noproxy '*' --fail -o /dev/null -H 'content-type: application/zip' -T "$work/package.zip" -X POST "$url"
get "$url?studyInstanceUid=1.2.3.4" >/dev/null
after=$(resident)
first=$(for ((i = 0; i < 20; i++)); do get "$url?studyInstanceUid=1.2.3.4"; echo; done | sort -g | tail -1)
row "first byte of a cached package, the slowest of 20" "$(awk "BEGIN { printf \"%.1f\", $first * 1000 }") ms" "(target 100 ms)"
row "memory: growth by an upload and a download of $((objects / 2)) MB" "$(((after - before) / 1024)) MiB" "(target 32 MiB)"
stop_gateway

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
stop_gateway

if ((kills)); then
    HARMONY_KILLS=$kills dotnet test -c release "$root/tests/Harmony.Gateway.Tests" --nologo -v quiet --filter FullyQualifiedName~PackageCrashTests >"$work/kills.log" 2>&1 || { cat "$work/kills.log"; fail "a package was lost or broken"; }
    row "killed in the middle of work" "$kills times" "nothing lost, nothing broken"
fi

if [[ -n $markdown ]]; then
    {
        printf '# JMIX: bench/jmix.sh, %s\n\n%s objects of 512 KB; best of %s rounds.\n\n| what | measured | against |\n|---|---|---|\n' "$(date -u +%F)" "$objects" "$rounds"
        printf '%s\n' "${rows[@]}"
    } >"$markdown"
fi
