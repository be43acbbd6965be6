// Folders of pictures for the tests: fixtures, and plain PNGs made here.

import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32, deflateSync } from "node:zlib";

const fixtures = fileURLToPath(new URL("../fixtures/images/", import.meta.url));

/** Puts the fixture pictures into a folder and gives their names. */
export function copyFixtures(folder) {
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(fixtures).filter((name) => /\.(png|jpg)$/.test(name));
  for (const name of names) copyFileSync(join(fixtures, name), join(folder, name));
  return names;
}

const demo = fileURLToPath(new URL("../../src/cli/demo/", import.meta.url));

/** Puts the forty photos of `seer demo` into a folder. */
export function copyDemo(folder) {
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(demo).filter((name) => name.endsWith(".jpg"));
  for (const name of names) copyFileSync(join(demo, name), join(folder, name));
}

/** The path of one fixture picture. */
export function fixture(name) {
  return join(fixtures, name);
}

/** Writes `count` pictures of different colours and gives their names. */
export function paint(folder, count, { width = 60, height = 40, prefix = "plain" } = {}) {
  mkdirSync(folder, { recursive: true });
  return Array.from({ length: count }, (_, index) => {
    const name = `${prefix}-${String(index).padStart(4, "0")}.png`;
    writeFileSync(join(folder, name), png(width, height, color(index)));
    return name;
  });
}

/** Writes one picture under a name of your choice. */
export function paintAs(folder, name, index) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), png(60, 40, color(index)));
}

function color(index) {
  return [(index * 37) % 256, (index * 91 + 60) % 256, (index >> 3) % 256];
}

/** A PNG of one colour: 8-bit RGB. */
export function png(width, height, [red, green, blue]) {
  const row = Buffer.alloc(1 + width * 3);
  for (let x = 0; x < width; x += 1) row.set([red, green, blue], 1 + x * 3);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.concat(Array.from({ length: height }, () => row));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(rows, { level: 1 })), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/**
 * Writes what is said about a picture beside it, as photo programs do.
 * @param {{ taken?: string, tags?: string[], people?: string[], at?: [number, number], camera?: [string, string] }} facts
 */
export function describe(folder, name, { taken, tags = [], people = [], at, camera }) {
  const bag = (property, values) =>
    values.length ? `<${property}><rdf:Bag>${values.map((value) => `<rdf:li>${value}</rdf:li>`).join("")}</rdf:Bag></${property}>` : "";
  const one = (property, value) => (value === undefined ? "" : `<${property}>${value}</${property}>`);
  const said = [
    one("exif:DateTimeOriginal", taken), bag("dc:subject", tags), bag("ext:PersonInImage", people),
    one("exif:GPSLatitude", at?.[0]), one("exif:GPSLongitude", at?.[1]), one("tiff:Make", camera?.[0]), one("tiff:Model", camera?.[1]),
  ];
  const spaces = {
    rdf: "http://www.w3.org/1999/02/22-rdf-syntax-ns#", dc: "http://purl.org/dc/elements/1.1/", exif: "http://ns.adobe.com/exif/1.0/",
    tiff: "http://ns.adobe.com/tiff/1.0/", ext: "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
  };
  const named = Object.entries(spaces).map(([prefix, space]) => `xmlns:${prefix}="${space}"`).join(" ");
  writeFileSync(join(folder, `${name}.xmp`), `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ${named}><rdf:Description rdf:about="">${said.join("")}</rdf:Description></rdf:RDF></x:xmpmeta>`);
}

/** Thirty pictures of people, places, tags and years; gives what is said of each. */
export function paintDescribed(folder) {
  const places = [[38.71, -9.13], [38.72, -9.14], [48.14, 11.58], [-17.8, 178.5], [-17.6, -179.9]];
  const names = paint(folder, 30, { prefix: "told" });
  return names.map((name, i) => {
    const facts = {
      taken: i % 10 === 9 ? undefined : `${2005 + (i % 4)}-05-${String(1 + i % 28).padStart(2, "0")}T12:00:00`,
      people: i % 3 === 0 ? ["Ann Smith"] : i % 3 === 1 ? ["Zoë"] : [],
      tags: [...(i % 2 ? ["family"] : []), ...(i % 5 === 0 ? ["Beach party"] : [])],
      at: i < 20 ? /** @type {[number, number]} */ (places[i % places.length]) : undefined,
      camera: /** @type {[string, string]} */ (i % 6 ? ["Canon", "Canon EOS 5D"] : ["Apple", "iPhone 6s"]),
    };
    describe(folder, name, facts);
    return { name, ...facts };
  });
}
