// Selecting photos: one, a range, all; and what is done with them.

import * as chosen from "./chosen.js";
import { copied } from "./clipboard.js";
import { byId, make, say } from "./dom.js";
import * as grid from "./grid.js";
import * as hide from "./hide.js";
import { wording } from "./language.js";
import * as notice from "./notice.js";
import * as picked from "./picked.js";

/** @typedef {import("./answer.js").Answer} Answer */
/** @typedef {import("./answer.js").Spot} Spot */

/** At most so many are selected at once. */
const MOST = 10_000;
const AT_ONCE = 1000;

const bar = byId("selected");
const count = byId("selected-count");

/** @type {() => Answer | null} */
let shown = () => null;
/** How long it is said what was done, before the number stands there again. */
const BRIEFLY = 5000;
let brief = 0;
/** The photo that a range begins at. */
let from = "";

/**
 * @param {() => Answer | null} answer gives the answer on the screen
 * @param {() => void} changed is called when photos were hidden, are shown again, or left the album on the screen
 */
export function connect(answer, changed) {
  shown = answer;
  for (const part of [hide, picked]) {
    part.connect(() => shown()?.state.q ?? "", () => {
      clear();
      changed();
    });
  }
  byId("grid").addEventListener("click", (/** @type {MouseEvent} */ event) => {
    const check = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest("button.check"));
    if (!check) return;
    event.stopPropagation();
    event.shiftKey ? range(check.dataset.id ?? "") : toggle(check.dataset.id ?? "");
  });
  byId("select-all").addEventListener("click", all);
  byId("selected-clear").addEventListener("click", clear);
  byId("selected-copy").addEventListener("click", copy);
  byId("selected-save").addEventListener("click", save);
  byId("selected-download").addEventListener("submit", name);
  byId("selected-album").addEventListener("click", picked.open);
  byId("grid").addEventListener("dragstart", drag);
  document.addEventListener("keydown", (event) => {
    const field = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
    if (field || document.querySelector("dialog[open]")) return;
    if (event.key === "a" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      all();
    } else if (event.key === "Escape" && chosen.size()) {
      clear();
    }
  });
}

/**
 * Selects a photo, or lets it go.
 * @param {string} id
 */
export function toggle(id) {
  const answer = shown();
  const spot = answer?.find(id);
  const item = spot && answer?.at(spot);
  if (chosen.has(id)) chosen.remove(id);
  else if (item) chosen.add(item.photo);
  from = id;
  tell();
}

/**
 * Selects all photos between the last one and this one.
 * @param {string} id
 */
export async function range(id) {
  const answer = shown();
  const ends = [answer?.find(from), answer?.find(id)];
  if (!answer || !ends[0] || !ends[1]) return toggle(id);
  const [first, last] = /** @type {Spot[]} */ (ends).sort((a, b) => a.page - b.page || a.pos - b.pos);
  for (let page = first.page; page <= last.page && chosen.size() < MOST; page += 1) {
    await answer.load(page).catch(() => {});
    const items = answer.items(page) ?? [];
    const end = page === last.page ? last.pos + 1 : items.length;
    for (const item of items.slice(page === first.page ? first.pos : 0, end)) chosen.add(item.photo);
  }
  from = id;
  tell();
}

/** Selects the whole answer, as far as it goes, with the photos that lie folded below others. */
export async function all() {
  const answer = shown();
  if (!answer?.total) return;
  bar.hidden = false;
  notice.hide();
  say(count, wording.selection.selecting);
  let more = true;
  try {
    for (let offset = 0; more && offset < MOST; offset += AT_ONCE) {
      const found = await answer.ask(offset, AT_ONCE, answer.abort.signal, { all: true });
      const fit = found.hits.filter((hit) => !answer.folds || hit.band !== "weak");
      for (const { photo } of fit) if (chosen.size() < MOST) chosen.add(photo);
      more = found.more && fit.length === found.hits.length;
    }
    // Of what lies below a photo that fits, some may be weaker by themselves.
    for (const photo of below(answer)) if (chosen.size() < MOST) chosen.add(photo);
  } catch {
    // What is selected is counted; the rest can be asked for again.
  }
  tell();
  if (more) say(count, wording.selection.selectedMost(chosen.size()));
}

/** The photos below those that are shown. @param {Answer} answer */
function below(answer) {
  const hits = [...answer.pages.values()].flatMap((page) => page.hits);
  return hits.filter((hit) => !answer.folds || hit.band !== "weak").flatMap((hit) => hit.alike ?? []);
}

function clear() {
  chosen.clear();
  from = "";
  tell();
}

function tell() {
  clearTimeout(brief);
  const number = chosen.size();
  bar.hidden = number === 0;
  if (number) notice.hide();
  hide.update();
  picked.update();
  say(count, number ? wording.selection.selected(number) : "");
  byId("grid").classList.toggle("choosing", number > 0);
  grid.redraw();
}

async function copy() {
  const text = chosen.paths().join("\n");
  const place = make("textarea", { class: "unseen", readOnly: true, value: text });
  bar.append(place);
  const done = await copied(text, place);
  place.remove();
  say(count, done ? wording.selection.pathsCopied(chosen.size()) : wording.selection.cannotCopy);
  clearTimeout(brief);
  brief = setTimeout(tell, BRIEFLY);
}

/**
 * Names the selected photos in the form, whose answer the browser saves as it comes.
 * @param {SubmitEvent} event
 */
function name(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  for (const old of form.querySelectorAll("input")) old.remove();
  form.append(...chosen.photos().map(({ id }) => make("input", { type: "hidden", name: "photo", value: id })));
}

/** A file with one path a line. */
function save() {
  const address = URL.createObjectURL(new Blob([chosen.paths().join("\n"), "\n"], { type: "text/plain" }));
  const link = make("a", { href: address, download: "photos.txt" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/**
 * A photo that is dragged out of the window is its file; several are the paths of all.
 * @param {DragEvent} event
 */
function drag(event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const answer = shown();
  const spot = answer?.find(link?.dataset.id ?? "");
  const photo = spot && answer?.at(spot)?.photo;
  if (!photo || !event.dataTransfer) return;
  const name = (photo.files[0]?.path ?? photo.id).split(/[/\\]/).pop() ?? "";
  const address = new URL(`/api/photos/${photo.id}/original`, location.href).href;
  const paths = chosen.has(photo.id) ? chosen.paths() : photo.files.slice(0, 1).map((file) => file.path);
  event.dataTransfer.effectAllowed = "copyLink";
  event.dataTransfer.setData("DownloadURL", `image/${photo.format}:${name.replaceAll(":", "_")}:${address}`);
  event.dataTransfer.setData("text/uri-list", address);
  event.dataTransfer.setData("text/plain", paths.join("\n"));
}
