// One tile: a photo in the grid. Its place is given; its picture comes later.

import { label } from "./alike.js";
import { thumbnail } from "./api.js";
import * as chosen from "./chosen.js";
import { make, say } from "./dom.js";
import { clock, photoName, scoreText } from "./format.js";
import { wording } from "./language.js";

/** @typedef {import("./alike.js").Shown} Shown */
/** @typedef {import("./layout.js").Box} Box */

/** Narrower or wider pictures are cut to this in the grid (never in the viewer). */
const NARROWEST = 0.6;
const WIDEST = 2.6;
const THUMBNAIL = 512;

/**
 * Its width by its height, as the grid shows it.
 * @param {Shown} item
 */
export function ratioOf({ photo: { width, height } }) {
  return Math.min(WIDEST, Math.max(NARROWEST, width / Math.max(1, height)));
}

/**
 * @param {Shown} item
 * @param {(id: string) => void} focused hears that it has the focus
 * @returns {HTMLElement}
 */
export function newTile({ photo }, focused) {
  const { id } = photo;
  const name = photoName(photo);
  const image = make("img", { alt: name, decoding: "async", draggable: false });
  image.addEventListener("load", () => image.classList.add("there"));
  image.addEventListener("error", () => {
    if (image.getAttribute("src")) image.replaceWith(make("span", { class: "lost", text: wording.tile.lost(name) }));
  });
  const score = make("span", { class: "score", title: wording.tile.score });
  const link = make("a", { tabIndex: -1, title: name }, image, score);
  if (photo.video) link.append(make("span", { class: "length", title: wording.tile.video, text: clock(photo.video.duration) }));
  link.dataset.id = id;
  link.addEventListener("focus", () => focused(id));
  const alike = make("button", { class: "alike", type: "button", tabIndex: -1, title: wording.tile.alike, hidden: true });
  alike.dataset.id = id;
  const check = make("button", { class: "check", type: "button", tabIndex: -1, title: wording.tile.select, "aria-label": wording.tile.selectThis(name) });
  check.dataset.id = id;
  return make("li", { class: "tile" }, make("h2", { class: "day", hidden: true }), link, check, alike);
}

/**
 * Asks for the picture of a tile, unless that was done.
 * @param {HTMLElement} tile
 */
export function loadPicture(tile) {
  const image = tile.querySelector("img:not([src])");
  const { id } = /** @type {HTMLElement} */ (tile.querySelector("a")).dataset;
  if (image && id) image.setAttribute("src", thumbnail(id, THUMBNAIL));
}

/**
 * @param {HTMLElement} tile
 * @param {Shown} item
 * @param {{ scored: boolean, href: string, day: string, box: Box }} as `box`: in the list, the day's name above it
 */
export function update(tile, item, { scored, href, day, box }) {
  const link = /** @type {HTMLAnchorElement} */ (tile.querySelector("a"));
  if (link.getAttribute("href") !== href) link.href = href;
  const score = /** @type {HTMLElement} */ (link.querySelector(".score"));
  say(score, scored ? scoreText(item.score) : "");
  const button = /** @type {HTMLButtonElement} */ (tile.querySelector(".alike"));
  say(button, label(item));
  button.setAttribute("aria-expanded", String(Boolean(item.open)));
  tile.classList.toggle("below", Boolean(item.below));
  const isChosen = chosen.has(item.photo.id);
  tile.classList.toggle("chosen", isChosen);
  /** @type {HTMLElement} */ (tile.querySelector(".check")).setAttribute("aria-pressed", String(isChosen));
  const name = /** @type {HTMLElement} */ (tile.querySelector(".day"));
  say(name, day);
  if (day) name.style.maxWidth = `${box.room}px`;
  place(tile, box);
}

/**
 * Moving by a transform moves nothing else.
 * @param {HTMLElement} element
 * @param {Box} box
 */
export function place({ style }, { top, left, width, height }) {
  style.width = `${width}px`;
  style.height = `${height}px`;
  style.transform = `translate(${left}px, ${top}px)`;
}

/**
 * What is not shown any more is not loaded either.
 * @param {HTMLElement} tile
 */
export function letGo(tile) {
  tile.querySelector("img:not(.there)")?.removeAttribute("src");
  tile.remove();
}
