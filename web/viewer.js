// One photo, large: facts, files, neighbours.

import * as api from "./api.js";
import { byId, make, say } from "./dom.js";
import * as facts from "./facts.js";
import * as film from "./film.js";
import * as format from "./format.js";

/** @typedef {import("./api.js").Photo} Photo */
/**
 * What the viewer asks of the page.
 * @typedef {object} Surroundings
 * @property {() => void} close
 * @property {(step: number) => void} step to the photo before (-1) or after (1)
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
  image.addEventListener("load", () => say(trouble, ""));
  image.addEventListener("error", () => {
    say(trouble, "This photo cannot be shown now. Has its file moved, or is its drive not connected?");
  });
}

/** The id of the open photo, or "". */
export function openPhoto() {
  return dialog.open && shown ? shown.id : "";
}

/**
 * @param {Photo} photo
 * @param {{ position: number, total: number, more: boolean }} place among the results; -1: none
 * @param {string[]} neighbours ids to load ahead
 * @param {number} [second] where a video begins to play
 */
export function show(photo, place, neighbours, second = 0) {
  const again = openPhoto() === photo.id;
  shown = photo;
  if (!dialog.open) dialog.showModal();
  byId("previous").disabled = place.position <= 0;
  byId("next").disabled = place.position < 0 || (place.position + 1 >= place.total && !place.more);
  const where = place.position < 0 ? "" : `Photo ${place.position + 1} of ${place.total}`;
  byId("viewer-place").textContent = where;
  if (again) return;
  showPicture(photo);
  film.show(photo, second, api.thumbnail(photo.id, SMALL));
  showFacts(photo);
  for (const id of neighbours) new Image().src = api.thumbnail(id, LARGE);
}

/**
 * How the photo is marked.
 * @param {string} kind "more", "less" or ""
 */
export function showMark(kind) {
  byId("mark-more").setAttribute("aria-pressed", String(kind === "more"));
  byId("mark-less").setAttribute("aria-pressed", String(kind === "less"));
}

/** Closes without telling the page. */
export function hide() {
  if (dialog.open) dialog.close();
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
  const scale = Math.min(1, LARGE / Math.max(photo.width, photo.height));
  image.width = Math.max(1, Math.round(photo.width * scale));
  image.height = Math.max(1, Math.round(photo.height * scale));
  image.src = api.thumbnail(photo.id, SMALL);
  if (photo.video) return;
  // Animations are in the file only.
  const moving = photo.format === "gif" || photo.format === "webp";
  const large = new Image();
  large.addEventListener("load", () => {
    if (shown === photo) image.src = large.src;
  });
  large.src = moving ? api.original(photo.id) : api.thumbnail(photo.id, LARGE);
}

/** @param {Photo} photo */
function showFacts(photo) {
  byId("viewer-name").textContent = format.photoName(photo);
  say(byId("caption"), photo.caption ?? "");
  byId("original").href = photo.video ? api.file(photo.id) : api.original(photo.id);
  facts.show(photo, ask);
  byId("files-title").textContent = photo.files.length > 1 ? `${photo.files.length} copies` : "File";
  byId("files").replaceChildren(...photo.files.map((file) => fileRow(file.path)));
}

/** @param {string} path */
function fileRow(path) {
  const text = make("span", { text: path });
  const copy = make("button", { type: "button", class: "quiet", text: "Copy", "aria-label": `Copy the path ${path}` });
  copy.addEventListener("click", async () => {
    copy.textContent = (await copied(text)) ? "Copied" : "Press Ctrl+C";
    setTimeout(() => (copy.textContent = "Copy"), 2000);
  });
  return make("li", {}, text, copy);
}

/**
 * Over plain http from another machine there is no clipboard; then the path is selected.
 * @param {HTMLElement} element
 */
async function copied(element) {
  try {
    await navigator.clipboard.writeText(element.textContent ?? "");
    return true;
  } catch {
    getSelection()?.selectAllChildren(element);
    return document.execCommand("copy");
  }
}
