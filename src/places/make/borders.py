"""Which country lies where, on a grid of twentieths of degrees, of Natural Earth's outlines."""
import json
from pathlib import Path

from PIL import Image, ImageDraw

STEP = 0.05
ROWS, COLUMNS = round(180 / STEP), round(360 / STEP)
WITHOUT_NUMBER = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO", "Siachen Glacier": "IN",
                  "Indian Ocean Ter.": "CX", "Ashmore and Cartier Is.": "AU", "Coral Sea Is.": "AU",
                  "USNB Guantanamo Bay": "CU", "Dhekelia": "CY", "Akrotiri": "CY", "Baikonur": "KZ",
                  "Cyprus U.N. Buffer Zone": "CY", "Clipperton I.": "FR", "Brazilian I.": "BR",
                  "Southern Patagonian Ice Field": "CL", "Bir Tawil": "SD"}
# Lands that are drawn as parts of another country than in GeoNames: box in degrees.
OVERSEAS = {"FR": {"GF": (-55, 2, -51, 6), "GP": (-62, 15.8, -60.9, 16.6), "MQ": (-61.3, 14.3, -60.7, 15),
                   "RE": (55, -21.5, 56, -20.7), "YT": (44.9, -13.1, 45.4, -12.5)},
            "NO": {"SJ": (-10, 70, 40, 82)},
            "RU": {"UA": (32, 44, 36.8, 46.3)},
            "NL": {"BQ": (-70, 11, -62, 18)}}


def grid(world_atlas, codes):
    """Rows from the south pole northwards, columns from -180 eastwards; values are 1 + the index in
    `codes` of the country, 0 is sea."""
    topology = json.loads(Path(world_atlas, "countries-10m.json").read_text())
    arcs = unpacked(topology)
    image = Image.new("I", (COLUMNS, ROWS), 0)
    draw = ImageDraw.Draw(image)
    for _, code, ring in sorted(rings(topology, arcs, codes), key=lambda found: -found[0]):
        number = 1 + list(codes).index(code)
        for shift in turns(ring, code):
            shifted = [(x + shift, y) for x, y in unwrapped(ring, code)]
            draw.polygon(shifted, fill=number, outline=number)
    pixels = list(image.getdata())
    return [pixels[row * COLUMNS:(row + 1) * COLUMNS] for row in range(ROWS)]


def rings(topology, arcs, codes):
    """(Area in cells, code, outline in cells) of each piece of land."""
    by_number = {country["isonumeric"]: code for code, country in codes.items()}
    for shape in topology["objects"]["countries"]["geometries"]:
        name, number = shape["properties"]["name"], shape.get("id")
        code = by_number.get(int(number)) if number else WITHOUT_NUMBER.get(name)
        if code is None:
            print("no code:", name, number)
            continue
        pieces = {"Polygon": [shape.get("arcs")], "MultiPolygon": shape.get("arcs")}.get(shape["type"], [])
        for piece in pieces:
            outline = joined(piece[0], arcs)
            ring = [((x + 180) / STEP - 0.5, (y + 90) / STEP - 0.5) for x, y in outline]
            yield area(unwrapped(ring, code)), overseas(code, outline), ring


def unwrapped(ring, code):
    """Without jumps from one edge of the map to the other; Antarctica goes round the pole."""
    if code == "AQ":
        return ring
    points, turn = [], 0
    for (x, y), (before, _) in zip(ring, ring[:1] + ring[:-1]):
        turn += (x - before < -COLUMNS / 2) - (x - before > COLUMNS / 2)
        points.append((x + turn * COLUMNS, y))
    return points


def turns(ring, code):
    """By how many columns an outline is moved so that all of it is on the map."""
    across = [x for x, _ in unwrapped(ring, code)]
    return [shift for shift in (-COLUMNS, 0, COLUMNS) if min(across) + shift < COLUMNS and max(across) + shift > -1]


def overseas(code, outline):
    x, y = outline[0]
    for own, (west, south, east, north) in OVERSEAS.get(code, {}).items():
        if west <= x <= east and south <= y <= north:
            return own
    return code


def unpacked(topology):
    (wide, high), (left, low) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * wide + left, y * high + low))
        found.append(points)
    return found


def joined(numbers, arcs):
    points = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc if not points else arc[1:]
    return points


def area(ring):
    pairs = zip(ring, ring[1:] + ring[:1])
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2
