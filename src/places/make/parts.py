"""Which towns are, to people, parts of a larger one: "Kreuzberg" of Berlin."""
import math
from collections import defaultdict

# Inhabitants of a square kilometre in the built-up area of a large city.
DENSITY = 3000
# Places that are parts of a city whatever their divisions are, by country and name.
BOROUGHS = {("US", "Brooklyn"): "New York City", ("US", "Queens"): "New York City",
            ("US", "Manhattan"): "New York City", ("US", "The Bronx"): "New York City",
            ("US", "Staten Island"): "New York City"}
# Countries that are one city.
WHOLE = {"HK": "Hong Kong", "SG": "Singapore", "MC": "Monaco"}
# Cities to which everything belongs that is in the same second level of GeoNames' divisions.
ONE_DIVISION = {("GB", "London"), ("FR", "Paris"), ("KR", "Seoul"), ("AT", "Vienna"), ("DE", "Berlin"),
                ("DE", "Hamburg"), ("TR", "Istanbul")}
# Cities to which everything belongs that is in the same region, up to so many radii.
INNER = {("JP", "Tokyo"): 0.47, ("TH", "Bangkok"): 1, ("MX", "Mexico City"): 0.6, ("VN", "Ho Chi Minh City"): 0.5,
         ("VN", "Hanoi"): 0.4, ("PE", "Lima"): 0.5, ("AE", "Dubai"): 1, ("ID", "Jakarta"): 0.8, ("CL", "Santiago"): 0.5,
         ("CO", "Bogotá"): 0.7, ("EG", "Cairo"): 0.5, ("IN", "Mumbai"): 0.8, ("IN", "Delhi"): 0.6,
         ("CN", "Beijing"): 0.5, ("CN", "Shanghai"): 0.5, ("TR", "Istanbul"): 0.8, ("RU", "Moscow"): 0.8}


def parents(cities, features, divisions):
    """Index of a city -> index of the city that it is a part of."""
    large = defaultdict(list)
    for at, city in enumerate(cities):
        whole = WHOLE.get(city["countrycode"]) == city["name"]
        if whole or city["population"] >= 100_000 and features.get(city["geonameid"]) != "PPLX":
            for cell in around(city):
                large[cell].append(at)
    found = {}
    for at, city in enumerate(cities):
        best = None
        for other in large[cell_of(city)]:
            near = kilometres(city, cities[other]) / radius(cities[other])
            if belongs(city, cities[other], near, features, divisions) and (best is None or near < best[0]):
                best = (near, other)
        if best:
            found[at] = best[1]
    return {at: root(found, at) for at in found}


def root(found, at):
    """The city at the end of the chain; no city is a part of itself."""
    seen = set()
    while at in found and at not in seen:
        seen.add(at)
        at = found[at]
    return at


def belongs(city, other, near, features, divisions):
    """Whether `city` is a part of `other`, `near` radii away from its middle."""
    country, kind = city["countrycode"], features.get(city["geonameid"])
    if country != other["countrycode"] or city is other:
        return False
    if (country, city["name"]) in BOROUGHS and near < 1.5 and kind != "PPL":
        return other["name"] == BOROUGHS[country, city["name"]]
    if country in WHOLE:
        return other["name"] == WHOLE[country]
    larger = 1 if kind == "PPLX" else 2
    if near > 1.5 or city["population"] * larger >= other["population"]:
        return False
    ours, theirs = divisions.get(city["geonameid"]), divisions.get(other["geonameid"])
    if (country, other["name"]) in ONE_DIVISION and ours == theirs and ours is not None:
        return True
    if city["admin1code"] != other["admin1code"]:
        return False
    if near <= INNER.get((country, other["name"]), 0):
        return True
    if kind == "PPLX":
        return near <= 1 or ours == theirs
    return kind is None and near <= 0.6 and ours == theirs and city["population"] * 5 < other["population"]


def radius(city):
    """Kilometres from the middle of a city to its edge, by its inhabitants."""
    return math.sqrt(city["population"] / (math.pi * DENSITY))


def kilometres(a, b):
    across = (a["longitude"] - b["longitude"]) * math.cos(math.radians(a["latitude"]))
    return 111.2 * math.hypot(a["latitude"] - b["latitude"], across)


def cell_of(city):
    return math.floor(city["latitude"] * 2), math.floor(city["longitude"] * 2)


def around(city):
    row, column = cell_of(city)
    return [(row + down, column + right) for down in range(-2, 3) for right in range(-3, 4)]
