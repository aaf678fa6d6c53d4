#!/bin/sh
# Makes a draft of a release from dist/release: draft.sh TAG. Needs gh and GH_TOKEN.
set -eu
tag=${1:?usage: draft.sh TAG}
cd "$(dirname "$0")/../.."
version=$(node -p 'require("./package.json").version')
[ "$tag" = "v$version" ] || {
  echo "draft.sh: the tag is $tag, and package.json says $version" >&2
  exit 1
}
# Release files have no folders; the manifests go along as one archive.
tar -czf dist/release/manifests.tar.gz -C dist/release manifests
find dist/release -maxdepth 1 -type f -exec \
  gh release create "$tag" --draft --verify-tag --title "cdp $version" \
  --notes-file dist/release/release-notes.md {} +
