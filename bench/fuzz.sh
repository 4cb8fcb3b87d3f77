#!/usr/bin/env bash
# Damages code streams of every codec and decodes them, for an hour or as long as is said: no crash, no hang, no growth.
#   bench/fuzz.sh [SECONDS]
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
codecs=13 # of HostileCodeStreamTests, one after another
seconds=${1:-3600}
dotnet build tests/Harmony.Dicom.Imaging.Tests -c release -v quiet
HARMONY_FUZZ_SECONDS=$((seconds / codecs + 1)) HARMONY_REQUIRE_PEERS=1 \
    dotnet test tests/Harmony.Dicom.Imaging.Tests -c release --no-build --nologo --filter FullyQualifiedName~MutatedAndTruncated --logger "console;verbosity=normal"
