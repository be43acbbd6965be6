// Makes web/outlines.js: the land of the earth and the borders of countries, small enough for a page.
//
//   npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
//   node web/outlines/make.mjs package/countries-50m.json > web/outlines.js
//
// The data are Natural Earth's (public domain) as TopoJSON: arcs that neighbours share, in whole numbers, each point
// as its distance from the one before. Arcs are thinned out (Douglas and Peucker), tiny islands left out, and the rest
// is written in hundredths of a degree, each number in base 32 with a sign and a bit that says whether more follows.

import { readFileSync } from "node:fs";

/** A point is left out where the line without it is at most so far away, in degrees. */
const TOLERANCE = 0.045;
/** Rings that are nowhere so wide or high are left out, in degrees. */
const SMALLEST = 0.25;
/** Parts of a degree. */
const PARTS = 100;
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const atlas = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { scale, translate } = atlas.transform;
const arcs = atlas.arcs.map((arc) => thinned(points(arc)));

/** Longitude and latitude of an arc's points. */
function points(arc) {
  let [x, y] = [0, 0];
  return arc.map(([right, up]) => {
    [x, y] = [x + right, y + up];
    return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
  });
}

/** The points of a line that are needed. Its ends stay, so that lines still meet. */
function thinned(line) {
  if (line.length < 3) return line;
  const [first, last] = [line[0], line.at(-1)];
  let [at, far] = [0, 0];
  line.forEach((point, i) => {
    const distance = distanceTo(point, first, last);
    if (distance > far) [at, far] = [i, distance];
  });
  if (far <= TOLERANCE) return [first, last];
  return [...thinned(line.slice(0, at + 1)).slice(0, -1), ...thinned(line.slice(at))];
}

function distanceTo([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const share = length ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
}

/** A ring of arcs; a number below 0 is an arc backwards. */
function ring(numbers) {
  const parts = numbers.map((number) => (number < 0 ? [...arcs[~number]].reverse() : arcs[number]));
  return aroundPole(unbroken(parts.flatMap((part, i) => (i ? part.slice(1) : part))));
}

/** A line that crosses the date line goes on beyond it, instead of back around the earth. */
function unbroken(line) {
  let turns = 0;
  return line.map(([x, y], i) => {
    const step = i ? x - line[i - 1][0] : 0;
    if (Math.abs(step) > 180) turns -= 360 * Math.sign(step);
    return [x + turns, y];
  });
}

/** A ring around the pole ends a turn away from its beginning: it goes back by the edge of the map. */
function aroundPole(line) {
  const [first, last] = [line[0], line.at(-1)];
  if (Math.abs(last[0] - first[0]) < 180) return line;
  const edge = first[1] < 0 ? -90 : 90;
  return [...line, [last[0], edge], [first[0], edge]];
}

function isLarge(line) {
  const size = (axis) => Math.max(...line.map((point) => point[axis])) - Math.min(...line.map((point) => point[axis]));
  return size(0) >= SMALLEST || size(1) >= SMALLEST;
}

function number(value) {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = "";
  do {
    const more = rest >> 5 ? 32 : 0;
    text += DIGITS[(rest & 31) | more];
    rest >>= 5;
  } while (rest);
  return text;
}

function written(line) {
  let [x, y] = [0, 0];
  let text = "";
  for (const [longitude, latitude] of line) {
    const [to, up] = [Math.round(longitude * PARTS), Math.round(latitude * PARTS)];
    if (text && to === x && up === y) continue;
    text += number(to - x) + number(up - y);
    [x, y] = [to, up];
  }
  return text;
}

const polygons = atlas.objects.land.geometries.flatMap((one) => (one.type === "Polygon" ? [one.arcs] : one.arcs));
const land = polygons.flat().map(ring).filter(isLarge);

/** How many countries' rings have an arc. */
const used = new Map();
for (const one of atlas.objects.countries.geometries) {
  for (const numbers of (one.type === "Polygon" ? [one.arcs] : one.arcs).flat()) {
    for (const arc of numbers) used.set(arc < 0 ? ~arc : arc, (used.get(arc < 0 ? ~arc : arc) ?? 0) + 1);
  }
}
const borders = [...used].filter(([, times]) => times > 1).map(([arc]) => unbroken(arcs[arc]));

const lines = (found) => found.map(written).filter((text) => text.length > 4).join(",");
console.log(`// Land and borders of countries: Natural Earth, public domain. Made by web/outlines/make.mjs, which tells the form.

export const LAND =
  "${lines(land)}";
export const BORDERS =
  "${lines(borders)}";`);
