#!/bin/sh
# Installs the programs that a make target needs, and nothing when they are all there.
#
#   tools/setup.sh build  what building and `make run` need
#   tools/setup.sh test   that, and what the tests and checks need
#   tools/setup.sh fresh  what `make test-fresh` needs
set -eu

say() { echo "setup: $*" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }

missing=   # what is missing, in words
packages=  # the Debian packages that have it

# want WORDS PACKAGE TEST...: notes both when the test fails
want() {
  words=$1 package=$2
  shift 2
  "$@" >/dev/null 2>&1 && return
  missing="$missing${missing:+, }$words"
  packages="$packages $package"
}

# Of Debian, of Fedora, of SUSE, and of macOS.
certificates() {
  for file in ssl/certs/ca-certificates.crt pki/tls/certs/ca-bundle.crt ssl/ca-bundle.pem ssl/cert.pem; do
    [ -e "/etc/$file" ] && return
  done
  return 1
}
environments() { python3 -c 'import ensurepip, venv'; }
compiles() { echo 'int main(void) { return 0; }' | "$@" -x c - -o /dev/null; }
sanitizes() { compiles clang -fsanitize=address,undefined && compiles clang -fsanitize=thread; }

# The package with clang's sanitizers is named after clang's version.
clang_runtime() {
  major=$(clang -dumpversion 2>/dev/null | cut -d. -f1)
  [ "$major" ] || major=$(apt-cache depends clang 2>/dev/null | sed -n 's/.*Depends: clang-\([0-9][0-9]*\)$/\1/p')
  [ "$major" ] && echo "libclang-rt-$major-dev"
}

want_build() {
  want 'CA certificates' ca-certificates certificates
  want python3 python3 has python3
  want "Python's venv" python3-venv environments
  want make make has make
}

want_test() {
  want_build
  want gcc gcc has gcc
  want cc gcc has cc
  want ar binutils has ar
  want cmake cmake has cmake
  want g++ g++ has g++
  want pkg-config pkg-config has pkg-config
  want curl curl has curl
  want clang clang has clang
  want "clang's sanitizers" "$(clang_runtime)" sanitizes
  want openssl openssl has openssl
  want clang-tidy clang-tidy has clang-tidy
  want clang-format clang-format has clang-format
  want lintian lintian has lintian
  [ "$(uname -m)" = aarch64 ] || want qemu-aarch64-static qemu-user-static has qemu-aarch64-static
}

want_fresh() {
  want git git has git
  want make make has make
  want python3 python3 has python3
  want debootstrap debootstrap has debootstrap
}

update() {
  say 'reading the package index'
  $root apt-get -q -o DPkg::Lock::Timeout=300 update
}

install() {
  DEBIAN_FRONTEND=noninteractive $root apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
    install --no-install-recommends "$@"
}

case ${1-} in
  build|test|fresh) ;;
  *) sed -n 's/^# \{0,1\}//; 2,6p' "$0" >&2; exit 2 ;;
esac

root=
[ "$(id -u)" = 0 ] || root=sudo
has apt-get && has "${root:-true}" && can_install=yes || can_install=no

# The index comes first: the names of some packages are found in it.
"want_$1"
if [ "$missing" ] && [ "$can_install" = yes ]; then
  say "missing: $missing"
  update || say 'the index could not be read'
  missing= packages=
  "want_$1"
  say "installing$packages"
  install $packages || say 'that failed'
  missing= packages=
  "want_$1"
fi
if [ "$missing" ]; then
  say "missing: $missing"
  say "They are in these packages of Debian and Ubuntu:$packages"
  say "Install them (another system may name them otherwise) and run this again: tools/setup.sh $1"
  exit 1
fi

# The tests in a browser fail without it, and say so; all others can do without.
has_chromium() { has chromium || has chromium-browser || has google-chrome-stable || has google-chrome; }
has_firefox() { has firefox-esr || has firefox; }
has_webkit() { has WebKitWebDriver && has Xvfb; }

# browser NAME PACKAGE...: when it is missing; each by itself, for some systems have not all of them
browser() {
  name=$1
  shift
  "has_$name" && return
  say "installing $name, for the tests in a browser"
  { [ "$can_install" = yes ] && update && install "$@"; } ||
    say "$name could not be installed; the tests in it will fail"
}
if [ "$1" = test ]; then
  browser chromium chromium
  browser firefox firefox-esr
  browser webkit webkit2gtk-driver xvfb
fi

# Only `sam local` needs it: those tests are skipped where it is absent.
if [ "$1" = test ] && ! has dockerd && [ "$can_install" = yes ]; then
  say 'installing docker.io, for the tests of sam local'
  install docker.io || say 'docker.io could not be installed; the tests of sam local will be skipped'
fi
