// A stand-in for the service with as many photos as one likes: made-up ids, one thumbnail, dates over twenty years.
// It serves the page's own files. What the page does with a million photos can be seen with it, and nothing else.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { fixture } from "./photos.js";

const web = fileURLToPath(new URL("../../web/", import.meta.url));
const TYPES = { html: "text/html; charset=utf-8", css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8", svg: "image/svg+xml" };
const SHAPES = [[4000, 3000], [3000, 4000], [6000, 4000], [4032, 3024], [1920, 1080], [3024, 4032], [2000, 2000]];
const NEWEST = Date.UTC(2025, 11, 31);
const YEARS = 20;

/** @returns {Promise<{ url: string, stop: () => void }>} */
export function startDouble(photos) {
  const picture = readFileSync(fixture("0_landscape.jpg"));
  monthsOf(photos);
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://double");
    const json = (value) => response.setHeader("content-type", "application/json").end(JSON.stringify(value));
    if (pathname.endsWith("/thumbnail") || pathname.endsWith("/original")) {
      return response.setHeader("content-type", "image/jpeg").setHeader("cache-control", "max-age=9999").end(picture);
    }
    if (pathname === "/api/search") return json(answer(JSON.parse(await body(request)), photos));
    if (pathname === "/api/facets") return json(facets(photos, Number(searchParams.get("most") ?? 12)));
    if (pathname === "/api/status") return json(status(photos));
    if (pathname.startsWith("/api/photos/")) return json(photo(Number.parseInt(pathname.split("/")[3], 16), photos));
    const name = pathname === "/" ? "index.html" : pathname.replace(/^\/(assets\/)?/, "");
    if (!/^(languages\/)?[\w-]+\.(html|css|js|svg)$/.test(name)) return response.writeHead(404).end();
    response.setHeader("content-type", TYPES[name.split(".").pop()]).end(readFileSync(web + name));
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve({ url: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() }));
  });
}

async function body(request) {
  let text = "";
  for await (const part of request) text += part;
  return text;
}

/** The photo of a number: 0 is the newest. */
function photo(number, photos) {
  const [width, height] = SHAPES[(number * 7919) % SHAPES.length];
  const taken = new Date(NEWEST - (number / photos) * YEARS * 365.25 * 86_400_000).toISOString().slice(0, 19);
  const path = `/photos/${taken.slice(0, 4)}/IMG_${number}.jpg`;
  const files = [{ path, root: "/photos", modified_ns: 0 }];
  return { id: number.toString(16).padStart(64, "0"), width, height, format: "jpeg", viewable: true, size: 4e6, taken, files };
}

function answer({ query, k = 60, offset = 0, sort, timeline }, photos) {
  const count = Math.max(0, Math.min(k, photos - offset));
  const at = (index) => (sort === "oldest" ? photos - 1 - offset - index : offset + index);
  const hits = Array.from({ length: count }, (_, index) => ({ photo: photo(at(index), photos), score: 0 }));
  const months = timeline && monthsOf(photos);
  return {
    hits, more: offset + count < photos, matching: photos, unencoded: 0, filters: [], words: "", query,
    plan: { method: "filter", exact: true }, timings: { total_ms: 1 }, ...(months ? { timeline: months } : {}),
  };
}

const counted = new Map();

function monthsOf(photos) {
  if (!counted.has(photos)) counted.set(photos, countMonths(photos));
  return counted.get(photos);
}

function countMonths(photos) {
  const months = new Map();
  for (let number = 0; number < photos; number += 1) {
    const time = new Date(NEWEST - (number / photos) * YEARS * 365.25 * 86_400_000);
    const name = time.toISOString().slice(0, 7);
    months.set(name, (months.get(name) ?? 0) + 1);
  }
  return { periods: [...months].map(([name, count]) => ({ name, photos: count })), undated: 0 };
}

/** Photos have nothing but years. */
function facets(photos, most) {
  const years = new Map();
  for (const { name, photos: count } of monthsOf(photos).periods) years.set(name.slice(0, 4), (years.get(name.slice(0, 4)) ?? 0) + count);
  const values = [...years].map(([value, count]) => ({ value, photos: count, filter: `year:${value}` }));
  const none = { different: 0, values: [] };
  const others = ["countries", "cities", "cameras", "types", "tags", "classes", "people", "albums"].map((kind) => [kind, none]);
  const frequent = values.sort((a, b) => b.photos - a.photos).slice(0, most);
  return { photos, years: { different: values.length, values: frequent }, ...Object.fromEntries(others) };
}

function status(photos) {
  const progress = { phase: "idle", total: 0, done: 0, failed: 0, images_per_second: 0, eta_seconds: null };
  return {
    folder: "/library", photos, files: photos, failures: 0, roots: ["/photos"], model: null, models: [],
    indexing: { run: 0, running: false, progress, last: null },
  };
}
