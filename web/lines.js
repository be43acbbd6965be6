// The words that can be read in a picture: outlined on it, and as text beside it.

import { asked, holds } from "./asked-words.js";
import { byId, make } from "./dom.js";
import { wording } from "./language.js";

/** @typedef {import("./api.js").Photo} Photo */
/** @typedef {NonNullable<Photo["text_lines"]>[number]} Line */

const SPACE = "http://www.w3.org/2000/svg";
const drawing = byId("picture-lines");
const button = byId("lines-all");
const panel = byId("lines");
const copy = byId("lines-copy");

/** @type {Line[]} */
let lines = [];
/** @type {string[]} */
let wanted = [];
/** The photo and the query that are shown. */
let shown = "";
/** Whether all lines are outlined, and not only those that were asked for. It stays from photo to photo. */
let all = false;

/** @param {(text: string, element: HTMLElement) => Promise<boolean>} copied copies what an element shows; whether it could */
export function connect(copied) {
  button.addEventListener("click", toggle);
  copy.addEventListener("click", async () => {
    const text = lines.map((line) => line.text).join("\n");
    copy.textContent = (await copied(text, byId("lines-list"))) ? wording.common.copied : wording.common.pressCopy;
    setTimeout(() => (copy.textContent = wording.common.copy), 2000);
  });
}

/**
 * Another photo is shown, or another query asked.
 * @param {Photo} photo
 * @param {string} query
 * @param {(query: string) => void} search
 */
export function show(photo, query, search) {
  const next = `${photo.id} ${query}`;
  if (next === shown) return;
  shown = next;
  lines = photo.text_lines ?? [];
  wanted = asked(query);
  panel.hidden = lines.length === 0;
  byId("lines-list").replaceChildren(...lines.map((line) => row(line, search)));
  draw();
}

/** Outlines all lines, or only those that were asked for. */
export function toggle() {
  if (!lines.length) return;
  all = !all;
  draw();
}

function draw() {
  button.setAttribute("aria-pressed", String(all));
  const drawn = lines.flatMap((line) => {
    const matches = holds(line.text, wanted);
    return matches || all ? [outline(line, matches)] : [];
  });
  drawing.replaceChildren(...drawn);
}

/**
 * @param {Line} line
 * @param {boolean} matches
 */
function outline(line, matches) {
  const shape = document.createElementNS(SPACE, "polygon");
  shape.setAttribute("points", line.corners.map(([x, y]) => `${x},${y}`).join(" "));
  shape.setAttribute("class", matches ? "found" : "line");
  const title = document.createElementNS(SPACE, "title");
  title.textContent = line.text;
  shape.append(title);
  return shape;
}

/**
 * @param {Line} line
 * @param {(query: string) => void} search
 */
function row({ text }, search) {
  const said = make("span", { text, class: holds(text, wanted) ? "found" : "" });
  const find = make("button", { type: "button", class: "quiet", text: wording.viewer.findWords, "aria-label": wording.viewer.findPhotosWith(text) });
  // The query language has no way to write a quote within quotes.
  find.addEventListener("click", () => search(`text:"${text.replaceAll('"', " ")}"`));
  return make("li", {}, said, find);
}
