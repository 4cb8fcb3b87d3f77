#!/usr/bin/env bash
# Writes down the public members of the libraries that others build on. What differs from the last release comes to stand in
# PublicAPI.Unshipped.txt beside each project; with --release everything stands in PublicAPI.Shipped.txt, and nothing is unshipped any more.
set -euo pipefail
export LC_ALL=C RunAnalyzers=true
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
project=
trap '[ -z "$project" ] || cp "$work"/PublicAPI.*.txt "$project"; rm -rf "$work"' EXIT
list() { { echo '#nullable enable'; cat; } > "$1"; }

for shipped in $(git ls-files 'src/*/PublicAPI.Shipped.txt'); do
  folder=$(dirname "$shipped")
  cp "$folder"/PublicAPI.*.txt "$work"
  project=$folder # from here on what was there is put back if anything fails
  # Beside empty lists every public member is a finding, in the spelling of the lists.
  for kind in Shipped Unshipped; do list "$folder/PublicAPI.$kind.txt" < /dev/null; done
  dotnet build "$folder" -c Release -nologo --no-incremental -p:ArtifactsPath="$work/artifacts" > "$work/build" || true
  sed -n "s/.*RS0016: Symbol '\(.*\)' is not part of the declared public API.*/\1/p" "$work/build" | sort -u > "$work/now"
  [ -s "$work/now" ] || { echo "$folder has no public members, or does not build:"; tail "$work/build"; exit 1; }

  if [ "${1:-}" = --release ]; then cp "$work/now" "$work/before"; else sed '/^#/d' "$work/PublicAPI.Shipped.txt" | sort -u > "$work/before"; fi
  list "$shipped" < "$work/before"
  { comm -13 "$work/before" "$work/now"; comm -23 "$work/before" "$work/now" | sed 's/^/*REMOVED*/'; } | list "$folder/PublicAPI.Unshipped.txt"
  project=
  echo "$folder: $(wc -l < "$work/now") public members, $(($(wc -l < "$folder/PublicAPI.Unshipped.txt") - 1)) changes since the last release"
done
