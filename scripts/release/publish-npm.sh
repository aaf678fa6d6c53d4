#!/bin/sh
# Publishes the npm packages of a published release: publish-npm.sh TAG. Needs gh and GH_TOKEN.
# The platforms' programs come first, each under a tag of its own; `latest` is the launcher's.
set -eu
tag=${1:?usage: publish-npm.sh TAG}
version=${tag#v}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gh release download "$tag" --dir "$work" --pattern '*.tgz' --pattern SHA256SUMS
(cd "$work" && grep '\.tgz$' SHA256SUMS | sha256sum -c --quiet)
launcher=$work/codex-discord-presence-$version.tgz
for file in "$work/codex-discord-presence-$version-"*.tgz; do
  platform=$(basename "$file" .tgz)
  npm publish "$file" --access public --tag "${platform#"codex-discord-presence-$version-"}"
done
case $version in
*-*) npm publish "$launcher" --access public --tag next ;;
*) npm publish "$launcher" --access public --tag latest ;;
esac
