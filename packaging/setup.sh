# shellcheck shell=bash
# Shared by run.sh and test.sh: everything that Annotator needs, made on the first run, checked on every other.
#
#   set_up         to run Annotator
#   set_up test    to run its tests as well
#
# Sets VENV (the virtual environment: $ANNOTATOR_VENV, else .venv in the checkout) and BIN (its programs).
# To need one more system library: add "soname=Debian package" to LIBRARIES.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
VENV="${ANNOTATOR_VENV:-$ROOT/.venv}"
BIN="$VENV/bin"
PATH="$PATH:/usr/sbin:/sbin" # ldconfig is there, and not on every user's path

# What Qt loads: the first line in any case, the second for a window under X11, the third under Wayland.
LIBRARIES=(
    libglib-2.0.so.0=libglib2.0-0 libGL.so.1=libgl1 libEGL.so.1=libegl1 libxkbcommon.so.0=libxkbcommon0
    libfontconfig.so.1=libfontconfig1 libdbus-1.so.3=libdbus-1-3
    libxcb-cursor.so.0=libxcb-cursor0 libxkbcommon-x11.so.0=libxkbcommon-x11-0 libxcb-icccm.so.4=libxcb-icccm4
    libxcb-keysyms.so.1=libxcb-keysyms1 libxcb-shape.so.0=libxcb-shape0
    libwayland-client.so.0=libwayland-client0 libwayland-cursor.so.0=libwayland-cursor0
)
# A good reading face, emoji in colour, and a small face that has Chinese, Japanese and Korean.
FONTS=(fonts-noto-core fonts-noto-color-emoji fonts-droid-fallback)
FEDORA="glib2 mesa-libGL mesa-libEGL libxkbcommon libxkbcommon-x11 fontconfig dbus-libs xcb-util-cursor xcb-util-wm xcb-util-keysyms"

say() { printf 'annotator: %s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 2
}

set_up() {
    local wanted="${1:-run}" stamp
    system_libraries
    [ -d "$VENV/Scripts" ] && BIN="$VENV/Scripts" # Windows
    stamp="$(stamp_of)"
    if is_current "$stamp" "$wanted"; then return; fi
    fonts
    environment
    packages "$wanted"
    stamp_of >"$VENV/annotator-$wanted.stamp"
}

# --- the virtual environment ---------------------------------------------------------------------

# What the environment was made from: our requirements, its Python, and where this checkout is.
stamp_of() { { cat "$ROOT/pyproject.toml" "$VENV/pyvenv.cfg" 2>/dev/null || true; echo "$ROOT"; } | cksum; }

is_current() { # stamp, wanted; an environment with the tests can run Annotator too
    "$BIN/python" -c '' 2>/dev/null || return 1
    local made
    for made in "$2" test; do
        [ "$(cat "$VENV/annotator-$made.stamp" 2>/dev/null)" = "$1" ] && return 0
    done
    return 1
}

environment() {
    local python
    if "$BIN/python" -c '' 2>/dev/null; then return; fi
    python="$(find_python)" || { may_install && apt_install "python3 python3-venv" && python="$(find_python)"; } ||
        fail "Python 3.11 to 3.14 with venv is needed. On Debian or Ubuntu: sudo apt-get install python3 python3-venv"
    say "making a virtual environment with $("$python" --version) in $VENV"
    "$python" -m venv "$VENV" >&2 || fail "this did not work. Set ANNOTATOR_VENV to a folder that you may write to."
    [ -d "$VENV/Scripts" ] && BIN="$VENV/Scripts"
    return 0
}

find_python() { # prints the first Python that will do; a shim for one that is not installed fails here
    local candidate
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 python3.14 python; do
        if "$candidate" -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' \
            >/dev/null 2>&1; then
            echo "$candidate"
            return 0
        fi
    done
    return 1
}

packages() { # wanted: run or test
    local target="${ROOT}[all]" log="$VENV/install.log"
    [ "$1" = test ] && target="${ROOT}[test]"
    say "installing Annotator and what it needs into $VENV (once; about a minute)"
    if ! "$BIN/python" -m pip install --disable-pip-version-check --no-input -e "$target" >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        fail "the installation did not work; the whole record is in $log"
    fi
}

# --- system libraries and fonts ------------------------------------------------------------------

system_libraries() {
    local wanted
    wanted="$(missing_libraries)"
    if [ -z "$wanted" ]; then
        return
    elif ! command -v apt-get >/dev/null; then
        say "system libraries that Qt needs may be missing. If no window comes, on Fedora: sudo dnf install $FEDORA"
    elif ! may_install; then
        fail "Qt needs system libraries that only root can install. Type: sudo apt-get install $wanted"
    else
        say "installing system libraries for Qt: $wanted"
        apt_install "$wanted" || fail "this did not work. Type: sudo apt-get update && sudo apt-get install $wanted"
    fi
}

missing_libraries() { # prints their packages, on one line
    local known pair missing=()
    [ "$(uname -s)" = Linux ] || return 0
    known="$(ldconfig -p 2>/dev/null)" || return 0
    for pair in "${LIBRARIES[@]}"; do
        case "$known" in *"${pair%%=*} "*) ;; *) missing+=("${pair##*=}") ;; esac
    done
    echo "${missing[*]-}"
}

fonts() { # nice to have: never stands in the way
    local wanted
    wanted="$(missing_fonts)"
    if [ -z "$wanted" ]; then
        return
    elif ! may_install; then
        say "for a better reading face: sudo apt-get install $wanted"
    else
        say "installing fonts: $wanted"
        apt_install "$wanted" || say "no fonts were installed; going on with those that are here"
    fi
}

missing_fonts() { # prints their packages, on one line; nothing where there is no dpkg
    local font missing=()
    command -v dpkg >/dev/null || return 0
    for font in "${FONTS[@]}"; do
        dpkg -s "$font" >/dev/null 2>&1 || missing+=("$font")
    done
    echo "${missing[*]-}"
}

may_install() { command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; }

apt_install() { # packages, on one line; says something only where it fails
    local record
    # shellcheck disable=SC2086 # a list of packages
    record="$(as_root apt-get update -qq 2>&1 && as_root apt-get install -y --no-install-recommends $1 2>&1)" ||
        { tail -n 5 <<<"$record" >&2; return 1; }
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        DEBIAN_FRONTEND=noninteractive "$@" </dev/null
    else
        sudo -n DEBIAN_FRONTEND=noninteractive "$@" </dev/null
    fi
}
