// What is known of a photo, as rows of the viewer. What can be searched for is a link that does so.

import { byId, make } from "./dom.js";
import * as format from "./format.js";
import { wording } from "./language.js";

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
  const button = make("button", { type: "button", class: "quiet", text, title: wording.facts.searchFor(query) });
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
    [wording.facts.taken, [{ text: taken ? format.dateTime(taken) : "", query: day && `date:${day}` }]],
    [wording.facts.dateFrom, [{ text: format.dateSource(taken_from) }]],
    [wording.facts.people, (photo.people ?? []).map((name) => found("person", name))],
    [wording.facts.rating, [{ text: rating ? "★".repeat(rating) : "", query: `rating:${rating}` }]],
    [wording.facts.camera, [camera?.model ? { ...found("camera", camera.model), text: cameraName } : { text: cameraName }]],
    [wording.facts.lens, [lens ? found("lens", lens) : { text: "" }]],
    [wording.facts.exposure, [{ text: format.exposureText(photo.exposure) }]],
    [wording.facts.place, places(photo)],
    [wording.facts.position, [{ text: format.positionText(position), query: at && `near:${at}` }]],
    [wording.facts.tags, (photo.tags ?? []).map((tag) => found("tag", tag))],
    [wording.facts.alsoSays, (photo.descriptions ?? []).map((text) => ({ text }))],
    [wording.facts.describedAs, [{ text: photo.generated_caption ?? "" }]],
    [wording.facts.shows, [{ text: format.classesText(photo) }]],
    [wording.facts.size, [{ text: `${photo.width} × ${photo.height} · ${format.fileSize(photo.size)}` }]],
    [wording.facts.format, [{ text: photo.format.toUpperCase(), query: `type:${photo.format}` }]],
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
