// The tiles. Their places are known before any picture has loaded, and arrow keys walk them.

import { thumbnail } from "./api.js";
import { label } from "./alike.js";
import { byId, make, say } from "./dom.js";
import { clock, photoName, scoreText } from "./format.js";

/** @typedef {import("./alike.js").Shown} Hit */

/** Narrower or wider pictures are cut to this in the grid (never in the viewer). */
const NARROWEST = 0.6;
const WIDEST = 2.6;
const THUMBNAIL = 512;

const list = byId("grid");
/** @type {Map<string, HTMLElement>} */
let tiles = new Map();

/**
 * Shows these hits; tiles that were there already are kept, so nothing flickers.
 * @param {Hit[]} hits
 * @param {boolean} scored whether the scores mean anything
 * @param {(id: string) => string} addressOf where a tile leads
 */
export function show(hits, scored, addressOf) {
  const held = focused();
  /** @type {Map<string, HTMLElement>} */
  const next = new Map();
  for (const hit of hits) {
    const { id } = hit.photo;
    const tile = tiles.get(id) ?? newTile(hit);
    const link = /** @type {HTMLAnchorElement} */ (tile.firstElementChild);
    link.href = addressOf(id);
    const score = /** @type {HTMLElement} */ (link.querySelector(".score"));
    score.textContent = scored ? scoreText(hit.score) : "";
    score.hidden = !scored;
    showAlike(tile, hit);
    next.set(id, tile);
  }
  tiles = next;
  place([...next.values()]);
  const goal = held && tiles.has(held) ? held : first();
  rove(goal);
  if (held && focused() !== goal) focus(goal);
}

/**
 * @param {HTMLElement} tile
 * @param {Hit} hit
 */
function showAlike(tile, hit) {
  const button = /** @type {HTMLButtonElement} */ (tile.querySelector(".alike"));
  say(button, label(hit));
  button.setAttribute("aria-expanded", String(Boolean(hit.open)));
  tile.classList.toggle("below", Boolean(hit.below));
}

/**
 * Brings the list in this order, touching only what is out of place.
 * @param {HTMLElement[]} wanted
 */
function place(wanted) {
  const keep = new Set(wanted);
  for (const old of [...list.children]) if (!keep.has(old)) old.remove();
  wanted.forEach((tile, position) => {
    if (list.children[position] !== tile) list.insertBefore(tile, list.children[position] ?? null);
  });
}

/** @param {Hit} hit */
function newTile({ photo }) {
  const { id, width, height } = photo;
  const name = photoName(photo);
  const image = make("img", { alt: name, loading: "lazy", decoding: "async", width, height, draggable: false });
  image.addEventListener("load", () => image.classList.add("there"));
  image.addEventListener("error", () => {
    image.replaceWith(make("span", { class: "lost", text: `${name} cannot be shown now` }));
  });
  image.src = thumbnail(id, THUMBNAIL);
  const score = make("span", { class: "score", title: "Similarity to the search (cosine)" });
  const link = make("a", { tabIndex: -1, title: name }, image, score);
  if (photo.video) link.append(make("span", { class: "length", title: "A video", text: clock(photo.video.duration) }));
  link.dataset.id = id;
  link.addEventListener("focus", () => rove(id));
  const title = "Photos alike this one: copies, and shots of the same burst (a)";
  const alike = make("button", { class: "alike", type: "button", tabIndex: -1, title, hidden: true });
  alike.dataset.id = id;
  const tile = make("li", { class: "tile" }, link, alike);
  const ratio = Math.min(WIDEST, Math.max(NARROWEST, width / Math.max(1, height)));
  tile.style.setProperty("--ratio", ratio.toFixed(4));
  return tile;
}

/**
 * One tile at a time is reached with Tab.
 * @param {string | undefined} id
 */
function rove(id) {
  for (const link of list.querySelectorAll('a[tabindex="0"]')) link.tabIndex = -1;
  const link = id && tiles.get(id)?.querySelector("a");
  if (link) link.tabIndex = 0;
}

function first() {
  return tiles.keys().next().value;
}

/** The id of the tile that has the focus. */
export function focused() {
  const link = document.activeElement?.closest?.("#grid a");
  return link instanceof HTMLElement ? link.dataset.id : undefined;
}

/**
 * @param {string} [id] the first one unless told
 * @returns {boolean} whether there is such a tile
 */
export function focus(id = first()) {
  const link = id && tiles.get(id)?.querySelector("a");
  if (link) link.focus();
  return Boolean(link);
}

/**
 * Moves the focus; up and down go to the tile whose middle is nearest.
 * @param {string} key an arrow key, Home or End
 * @returns {boolean} whether it moved
 */
export function move(key) {
  const links = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("a")]);
  const from = links.findIndex((link) => link === document.activeElement);
  if (from < 0) return false;
  const to = target(links, from, key);
  links[to]?.focus();
  return to !== from;
}

/**
 * @param {HTMLElement[]} links
 * @param {number} from
 * @param {string} key
 */
function target(links, from, key) {
  if (key === "Home") return 0;
  if (key === "End") return links.length - 1;
  if (key === "ArrowLeft") return Math.max(0, from - 1);
  if (key === "ArrowRight") return Math.min(links.length - 1, from + 1);
  const step = key === "ArrowUp" ? -1 : 1;
  const here = box(links[from]);
  let row;
  let best = from;
  let nearest = Infinity;
  for (let at = from + step; at >= 0 && at < links.length; at += step) {
    const there = box(links[at]);
    if (Math.abs(there.top - here.top) < 2) continue;
    row ??= there.top;
    if (Math.abs(there.top - row) >= 2) break;
    const distance = Math.abs(there.middle - here.middle);
    if (distance < nearest) [nearest, best] = [distance, at];
  }
  return best;
}

/** @param {HTMLElement} link */
function box(link) {
  const { top, left, width } = link.getBoundingClientRect();
  return { top, middle: left + width / 2 };
}

/**
 * While an answer is awaited the old photos fade; where there are none, blank tiles stand.
 * @param {boolean} busy
 */
export function setBusy(busy) {
  list.setAttribute("aria-busy", String(busy));
  if (busy && !list.childElementCount) list.append(...BLANKS.map(blank));
  if (!busy) for (const old of list.querySelectorAll(".blank")) old.remove();
}

const BLANKS = [1.5, 0.75, 1.5, 1.33, 1, 1.5, 0.67, 1.78, 1.5, 1.33, 0.75, 1.5];

/** @param {number} ratio */
function blank(ratio) {
  const tile = make("li", { class: "tile blank", "aria-hidden": "true" });
  tile.style.setProperty("--ratio", String(ratio));
  return tile;
}
