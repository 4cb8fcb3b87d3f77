#!/usr/bin/env bash
# See README.md. With S3_ENDPOINT, S3_KEY and S3_SECRET: at your own server, in its bucket 'images'.
source "$(dirname "${BASH_SOURCE[0]}")/../demo-functions.sh"

need_dcmtk
use_port HARMONY_PORT DICOM_PORT
gateway=http://127.0.0.1:$HARMONY_PORT/archive

s3rver() { # a small server of the protocol, from npm
    start_process s3 "$S3_PORT" node -e "
        const S3rver = require('$packages/s3rver');
        new S3rver({ address: '127.0.0.1', port: $S3_PORT, silent: true, vhostBuckets: false, directory: '$work/s3', configureBuckets: [{ name: 'images' }] }).run();"
}

if [[ -z ${S3_ENDPOINT:-} ]]; then
    if [[ -z $(command -v npm) ]]; then
        say "npm is not installed; on Debian and Ubuntu: sudo apt-get install nodejs npm"
        exit 0
    fi
    packages=$repository/tests/npm/node_modules
    if [[ ! -d $packages/s3rver ]]; then
        say "fetching s3rver from npm"
        packages=$work/node_modules
        npm install --prefix "$work" --no-audit --no-fund --ignore-scripts s3rver@3.7.1
    fi
    use_port S3_PORT
    export S3_ENDPOINT=http://127.0.0.1:$S3_PORT S3_KEY=S3RVER S3_SECRET=S3RVER
    s3rver
fi

start gateway "$HARMONY_PORT" "$example/config.toml"

say "A small file is one upload"
ask -X PUT -H 'content-type: text/plain' --data-binary 'hello' "$gateway/notes/monday"
expect_status 201
ask "$gateway/notes/monday"
expect_status 200
expect hello
expect_field 'content-type: text/plain'

say "A large one is many, in constant memory; a part of it is a part"
head -c 20000000 /dev/urandom >"$work/large.bin"
ask -T "$work/large.bin" "$gateway/large.bin"
expect_status 201
curl -sS --noproxy '*' --max-time 60 -o "$work/back.bin" "$gateway/large.bin"
cmp "$work/large.bin" "$work/back.bin" || fail "another file came back"
ask -r 19999998- -o /dev/null "$gateway/large.bin"
expect_field 'content-range: bytes 19999998-19999999/20000000'

say "Sent once more, it is there once; another of its name is kept beside it"
ask -T "$work/large.bin" "$gateway/large.bin"
expect '"path":"files/large.bin"'
printf x >>"$work/large.bin"
ask -T "$work/large.bin" "$gateway/large.bin"
expect '"path":"files/large~2.bin"'

say "Objects of a modality"
make_image "$work/image.dcm" 1.2.3.4 P-1 first
storescu -aec ARCHIVE 127.0.0.1 "$DICOM_PORT" "$work/image.dcm" || fail "it was not stored"

if [[ -n ${pids[s3]:-} ]]; then
    say "The server is away: 503, and the sender keeps the file"
    stop s3
    ask -X PUT --data-binary 'later' "$gateway/notes/tuesday"
    expect_status 503

    say "It is back: the next try is stored, and nothing of before is lost"
    s3rver
    ask -X PUT --data-binary 'later' "$gateway/notes/tuesday"
    expect_status 201
    ask "$gateway/notes/monday"
    expect hello
fi

say "All answers were as expected"
