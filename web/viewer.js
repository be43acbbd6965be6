// One photo, large: facts, files, neighbours.

import * as api from "./api.js";
import { copied } from "./clipboard.js";
import { byId, make, say } from "./dom.js";
import * as facts from "./facts.js";
import * as film from "./film.js";
import * as format from "./format.js";
import { wording } from "./language.js";
import * as lines from "./lines.js";
import * as looking from "./looking.js";
import * as zoom from "./zoom.js";

/** @typedef {import("./api.js").Photo} Photo */
/**
 * What the viewer asks of the page.
 * @typedef {object} Surroundings
 * @property {() => void} close
 * @property {(step: number) => Promise<boolean>} step to the photo before (-1) or after (1); whether there is one
 * @property {(id: string) => void} similar
 * @property {(query: string) => void} search for what a fact says
 * @property {(id: string, kind: "more" | "less") => void} mark marks a photo as right or wrong, or takes it back
 */

const LARGE = 2048;
const SMALL = 512;

const dialog = byId("viewer");
const image = byId("picture");
const trouble = byId("picture-trouble");

/** @type {Photo | null} */
let shown = null;
/** Whether the file itself is shown, or on its way. */
let wholePicture = false;
/** Ids of pictures that were loaded ahead last. */
const prepared = new Set();

/** @type {(query: string) => void} */
let ask = () => {};

/** @param {Surroundings} page */
export function connect(page) {
  ask = page.search;
  dialog.addEventListener("cancel", (/** @type {Event} */ event) => {
    event.preventDefault();
    page.close();
  });
  byId("viewer-close").addEventListener("click", page.close);
  byId("previous").addEventListener("click", () => page.step(-1));
  byId("next").addEventListener("click", () => page.step(1));
  byId("similar").addEventListener("click", () => shown && page.similar(shown.id));
  byId("mark-more").addEventListener("click", () => shown && page.mark(shown.id, "more"));
  byId("mark-less").addEventListener("click", () => shown && page.mark(shown.id, "less"));
  lines.connect(copied);
  zoom.connect(page.step, sharpen);
  looking.connect(() => shown, () => page.step(1));
  image.addEventListener("load", () => say(trouble, ""));
  image.addEventListener("error", () => {
    say(trouble, wording.viewer.cannotBeShown);
  });
}

/** The id of the open photo, or "". */
export function openPhoto() {
  return dialog.open && shown ? shown.id : "";
}

/**
 * @param {Photo} photo
 * @param {{ number: number, total: number, sure: boolean, second?: number } | null} place among the results, from 1 on; null: none. `second`: where a video begins to play
 */
export function show(photo, place) {
  const again = openPhoto() === photo.id;
  shown = photo;
  if (!dialog.open) dialog.showModal();
  byId("previous").disabled = !place || place.number <= 1;
  byId("next").disabled = !place || (place.sure && place.number >= place.total);
  say(byId("viewer-place"), place ? placeText(place) : "");
  if (again) return;
  showPicture(photo);
  film.show(photo, place?.second ?? 0, api.thumbnail(photo.id, SMALL));
  showFacts(photo);
}

/** @param {{ number: number, total: number, sure: boolean }} place */
function placeText({ number, total, sure }) {
  const { place, placeAbout } = wording.viewer;
  return (sure ? place : placeAbout)(number, Math.max(number, total));
}

/**
 * Loads a picture that is probably looked at next.
 * @param {string} id
 */
export function prepare(id) {
  if (prepared.has(id)) return;
  if (prepared.size > 8) prepared.clear();
  prepared.add(id);
  new Image().src = api.thumbnail(id, LARGE);
}

/**
 * How the photo is marked.
 * @param {string} kind "more", "less" or ""
 */
export function showMark(kind) {
  byId("mark-more").setAttribute("aria-pressed", String(kind === "more"));
  byId("mark-less").setAttribute("aria-pressed", String(kind === "less"));
}

/**
 * Outlines what of a query can be read in the open photo.
 * @param {string} query
 */
export function showWords(query) {
  if (shown) lines.show(shown, query, ask);
}

/** Closes without telling the page. */
export function hide() {
  if (dialog.open) dialog.close();
  looking.end();
  shown = null;
  film.hide();
  image.removeAttribute("src");
}

/**
 * The small picture is there at once, the large one replaces it in the same place.
 * @param {Photo} photo
 */
function showPicture(photo) {
  say(trouble, "");
  image.alt = format.photoName(photo);
  wholePicture = false;
  image.src = api.thumbnail(photo.id, SMALL);
  zoom.show(photo);
  if (photo.video) return;
  // Animations are in the file only.
  if (photo.format === "gif" || photo.format === "webp") return sharpen(Infinity);
  replaceBy(photo, api.thumbnail(photo.id, LARGE));
}

/**
 * Where the picture is enlarged beyond the large one, the whole picture takes its place.
 * @param {number} pixels the longer edge on the screen
 */
function sharpen(pixels) {
  if (!shown || wholePicture || pixels <= LARGE || Math.max(shown.width, shown.height) <= LARGE && pixels < Infinity) return;
  wholePicture = true;
  replaceBy(shown, api.original(shown.id));
}

/**
 * @param {Photo} photo
 * @param {string} src
 */
function replaceBy(photo, src) {
  const large = new Image();
  large.addEventListener("load", () => {
    // The large picture never takes the place of the whole one.
    if (shown === photo && (wholePicture === src.includes("/original"))) image.src = src;
  });
  large.src = src;
}

/** @param {Photo} photo */
function showFacts(photo) {
  byId("viewer-name").textContent = format.photoName(photo);
  say(byId("caption"), photo.caption ?? "");
  byId("original").href = photo.video ? api.file(photo.id) : api.original(photo.id);
  facts.show(photo, ask);
  byId("files-title").textContent = photo.files.length > 1 ? wording.viewer.copies(photo.files.length) : wording.viewer.file;
  byId("files").replaceChildren(...photo.files.map((file) => fileRow(file.path)));
}

/** @param {string} path */
function fileRow(path) {
  const text = make("span", { text: path });
  const copy = make("button", { type: "button", class: "quiet", text: wording.common.copy, "aria-label": wording.viewer.copyPath(path) });
  copy.addEventListener("click", async () => {
    copy.textContent = (await copied(path, text)) ? wording.common.copied : wording.common.pressCopy;
    setTimeout(() => (copy.textContent = wording.common.copy), 2000);
  });
  return make("li", {}, text, copy);
}
