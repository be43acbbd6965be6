// What is known of a photo, as rows of the viewer. What can be searched for is a link that does so.

import { byId, make } from "./dom.js";
import * as format from "./format.js";

/** @typedef {import("./api.js").Photo} Photo */
/** @typedef {{ text: string, query?: string }} Part of a row; `query`: what finds photos with the same */

/**
 * Shows the rows; `search` hears which query was clicked.
 * @param {Photo} photo
 * @param {(query: string) => void} search
 */
export function show(photo, search) {
  const full = rows(photo).filter(([, parts]) => parts.some((part) => part.text));
  const cells = full.flatMap(([name, parts]) => [
    make("dt", { text: name }),
    make("dd", {}, ...parts.flatMap((part, at) => [at ? ", " : "", cell(part, search)])),
  ]);
  byId("facts").replaceChildren(...cells);
}

/**
 * @param {Part} part
 * @param {(query: string) => void} search
 */
function cell({ text, query }, search) {
  if (!query) return text;
  const button = make("button", { type: "button", class: "quiet", text, title: `Search for ${query}` });
  button.addEventListener("click", () => search(query));
  return button;
}

/**
 * @param {Photo} photo
 * @returns {[string, Part[]][]}
 */
function rows(photo) {
  const { taken, taken_from, camera, lens, position, rating } = photo;
  const day = taken?.slice(0, 10);
  const cameraName = format.cameraText(camera);
  const at = position && `${position.latitude.toFixed(5)},${position.longitude.toFixed(5)}`;
  return [
    ["Taken", [{ text: taken ? format.dateTime(taken) : "", query: day && `date:${day}` }]],
    ["Date from", [{ text: format.dateSource(taken_from) }]],
    ["People", (photo.people ?? []).map((name) => found("person", name))],
    ["Rating", [{ text: rating ? "★".repeat(rating) : "", query: `rating:${rating}` }]],
    ["Camera", [camera?.model ? { ...found("camera", camera.model), text: cameraName } : { text: cameraName }]],
    ["Lens", [lens ? found("lens", lens) : { text: "" }]],
    ["Exposure", [{ text: format.exposureText(photo.exposure) }]],
    ["Place", places(photo)],
    ["Position", [{ text: format.positionText(position), query: at && `near:${at}` }]],
    ["Tags", (photo.tags ?? []).map((tag) => found("tag", tag))],
    ["Also says", (photo.descriptions ?? []).map((text) => ({ text }))],
    ["Described as", [{ text: photo.generated_caption ?? "" }]],
    ["Shows", [{ text: format.classesText(photo) }]],
    ["Size", [{ text: `${photo.width} × ${photo.height} · ${format.fileSize(photo.size)}` }]],
    ["Format", [{ text: photo.format.toUpperCase(), query: `type:${photo.format}` }]],
  ];
}

/**
 * Written names of places, and those of its position in English.
 * @param {Photo} photo
 */
function places({ locations, place }) {
  const known = [place?.district, place?.city, place?.region, place?.country];
  const names = [...(locations ?? []), ...known.flatMap((name) => (name ? [name.english] : []))];
  return [...new Set(names)].map((name) => found("place", name));
}

/**
 * @param {string} key
 * @param {string} value
 * @returns {Part}
 */
function found(key, value) {
  const plain = /^[\p{L}\p{N}]+$/u.test(value);
  // The query language has no way to write a quote within quotes.
  return { text: value, query: `${key}:${plain ? value : `"${value.replaceAll('"', " ")}"`}` };
}
