"""tools/curl_config.h: libcurl has what the product needs and no more, and a newer one asks nothing that it doesn't answer."""

import re
import tarfile
from pathlib import Path

import pytest

from pins import fetch, lockfile
from programs import TARGETS, build

# What curl's configure can find, and Linux of 64 bits does not have, or nothing here needs. Instead of atomics there are
# mutexes, and the headers are for what other ones have as well.
LEFT_OUT = set("""
CURL_BORINGSSL_VERSION CURL_CA_BUNDLE CURL_CA_FALLBACK CURL_CA_NATIVE CURL_CA_PATH CURL_CA_SEARCH_SAFE
CURL_DEFAULT_SSL_BACKEND CURL_DISABLE_CA_SEARCH CURL_DISABLE_HTTP CURL_DISABLE_OPENSSL_AUTO_LOAD_CONFIG
CURL_ENABLE_NTLM CURL_ENABLE_SMB CURL_KRB5_VERSION CURL_PATCHSTAMP CURL_WITH_MULTI_SSL
HAVE_ARC4RANDOM HAVE_ATOMIC HAVE_BROTLI HAVE_BUILTIN_AVAILABLE HAVE_CLOSESOCKET HAVE_CLOSESOCKET_CAMEL HAVE_DES_ECB_ENCRYPT
HAVE_FSETXATTR_6 HAVE_GETHOSTBYNAME_R_3 HAVE_GETHOSTBYNAME_R_5 HAVE_GETPASS_R HAVE_GSSAPI HAVE_GSSAPPLE HAVE_GSSGNU
HAVE_GSS_SET_NEG_MECHS HAVE_IDN2_H HAVE_IOCTLSOCKET HAVE_IOCTLSOCKET_CAMEL HAVE_IOCTLSOCKET_CAMEL_FIONBIO
HAVE_IOCTLSOCKET_FIONBIO HAVE_IO_H HAVE_LBER_H HAVE_LDAP_SSL HAVE_LDAP_SSL_H HAVE_LDAP_URL_PARSE HAVE_LIBIDN2 HAVE_LIBZ
HAVE_LINUX_TCP_H HAVE_MACH_ABSOLUTE_TIME HAVE_MBEDTLS_DES_CRYPT_ECB HAVE_MEMSET_EXPLICIT HAVE_MEMSET_S HAVE_NETINET_IN6_H
HAVE_PROTO_BSDSOCKET_H HAVE_QUICHE_CONN_SET_QLOG_FD HAVE_SETSOCKOPT_SO_NONBLOCK HAVE_SOCKADDR_IN6_SIN6_SCOPE_ID
HAVE_SSL_SET0_WBIO HAVE_SSL_SET1_ECH_CONFIG_LIST HAVE_STRCMPI HAVE_STRICMP HAVE_STROPTS_H HAVE_SYS_FILIO_H
HAVE_SYS_SOCKIO_H HAVE_SYS_UTIME_H HAVE_TERMIO_H HAVE_TIME_T_UNSIGNED HAVE_UV_H HAVE_WC_DES_ECBENCRYPT HAVE_WOLFSSL_BIO_NEW
HAVE_WOLFSSL_BIO_SET_SHUTDOWN HAVE_WOLFSSL_CTX_GENERATEECHCONFIG HAVE_WOLFSSL_GET_PEER_CERTIFICATE HAVE_WOLFSSL_USEALPN
HAVE_WRITABLE_ARGV HAVE_ZSTD NEED_REENTRANT OPENSSL_QUIC_API2 USE_AMISSL USE_APPLE_FAST_UDP USE_APPLE_IDN
USE_APPLE_SECTRUST USE_ARES USE_BACKTRACE USE_ECH USE_GNUTLS USE_GSASL USE_HTTPSRR USE_IPV6 USE_LIBPSL USE_LIBSSH
USE_LIBSSH2 USE_LIBUV USE_NGHTTP2 USE_NGHTTP3 USE_NGTCP2 USE_OPENLDAP USE_OPENSSL USE_PROXY_HTTP3 USE_QUICHE
USE_RESOLV_ARES USE_RESOLV_THREADED USE_RUSTLS USE_SCHANNEL USE_SSLS_EXPORT USE_UNIX_SOCKETS USE_WATT32 USE_WIN32_CRYPTO
USE_WIN32_IDN USE_WIN32_LDAP USE_WINDOWS_SSPI USE_WOLFSSL ssize_t
""".split())

# What the older pinned release asks as well.
OF_THE_OLDER = {"CURL_DISABLE_NTLM"}


@pytest.mark.parametrize("target", TARGETS)
def test_what_it_is_built_with(target: str, tmp_path: Path) -> None:
    """`threadsafe`: workers start it at once. No AsynchDNS, which would be threads, and no IPv6."""
    said = build(target, "curl", tmp_path)().stdout.splitlines()
    assert sorted(said) == ["feature Largefile", "feature SSL", "feature threadsafe", "protocol http", "protocol https"]


def test_each_question_of_the_pinned_release_is_answered(tools: Path) -> None:
    pins = lockfile.read().pins("curl")
    pin, tarball = fetch.fetch(pins)
    if pin is not pins[0]:
        pytest.skip("an older curl was asked for")
    with tarfile.open(tarball) as archive:
        template = archive.extractfile(f"curl-{pin.version}/lib/curl_config-cmake.h.in").read().decode()
    asked = {a or b for a, b in re.findall(r"^#cmakedefine\w* (\w+)|^\$\{(\w+)_CODE\}", template, re.M)}
    answered = set(re.findall(r"^ *#define (\w+) ", (tools / "curl_config.h").read_text(), re.M))
    assert sorted(asked - answered - LEFT_OUT) == []
    assert sorted((answered | LEFT_OUT) - asked) == sorted(OF_THE_OLDER)
