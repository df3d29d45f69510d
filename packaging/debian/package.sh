#!/bin/sh
# Makes a .deb of a folder that has the files in their places: package.sh NAME FOLDER VERSION SECONDS DEB [LIBRARY...]
#
# SECONDS, since 1970, are the time of all files; the libraries are what is linked in (copyright.py). DEBFULLNAME and DEBEMAIL
# say who the maintainer is, as with Debian's tools.
set -eu
umask 022

here=$(dirname "$0")
name=$1 folder=$2 version=$3 seconds=$4 deb=$5
shift 5
maintainer="${DEBFULLNAME:-The Countersign authors} <${DEBEMAIL:-countersign@example.org}>"

documents=$folder/usr/share/doc/$name
mkdir -p "$documents"
"${PYTHON:-python3}" "$here/copyright.py" "$@" >"$documents/copyright"
{
  printf '%s (%s) unstable; urgency=medium\n\n' countersign "$version"
  printf '  * CHANGELOG.md of its sources says what changed.\n\n'
  printf ' -- %s  %s\n' "$maintainer" "$(LC_ALL=C date -u -d "@$seconds" '+%a, %d %b %Y %H:%M:%S +0000')"
} | gzip -9n >"$documents/changelog.gz"
if [ -e "$here/$name.overrides" ]; then
  install -D -m 644 "$here/$name.overrides" "$folder/usr/share/lintian/overrides/$name"
fi
if [ -e "$here/$name.1" ]; then
  mkdir -p "$folder/usr/share/man/man1"
  sed "s/@VERSION@/$version/" "$here/$name.1" | gzip -9n >"$folder/usr/share/man/man1/$name.1.gz"
fi

kibibytes=$(du -k -s --apparent-size "$folder" | cut -f 1)
mkdir "$folder/DEBIAN"
(cd "$folder" && find usr -type f | LC_ALL=C sort | xargs md5sum) >"$folder/DEBIAN/md5sums"
sed -e "s/@VERSION@/$version/; s/@ARCHITECTURE@/$(dpkg --print-architecture)/; s/@KIBIBYTES@/$kibibytes/" \
  -e "s/@LIBC@/$(getconf GNU_LIBC_VERSION | cut -d ' ' -f 2)/; s/@MAINTAINER@/$maintainer/" \
  "$here/$name.control" >"$folder/DEBIAN/control"
SOURCE_DATE_EPOCH=$seconds dpkg-deb --root-owner-group -Zxz --build "$folder" "$deb" >/dev/null
