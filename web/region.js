// A part of the open photo as the question: a rectangle drawn on it, by a pointer or by keys, is cut out and searched by.

import { byId } from "./dom.js";
import { photoName } from "./format.js";
import { wording } from "./language.js";

/** @typedef {import("./api.js").Photo} Photo */
/** @typedef {{ left: number, top: number, width: number, height: number }} Area shares of the picture */

/** The smallest side, as a share of the picture. */
const LEAST = 0.04;
const STEP = 0.02;
/** The longest edge of what is cut out, in pixels: models look at less. */
const EDGE = 1024;
/** @type {Record<string, [number, number] | undefined>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const button = byId("region");
const cover = byId("region-cover");
const drawn = byId("region-area");
const find = byId("region-find");
const picture = byId("picture");

/** @type {Photo | null} */
let photo = null;
/** @type {Area} */
let area = { left: 0.25, top: 0.25, width: 0.5, height: 0.5 };
/** Where a rectangle was begun. @type {{ x: number, y: number } | null} */
let begun = null;
/** @type {(file: File) => void} */
let search = () => {};

/** @param {(file: File) => void} listener searches by what was cut out */
export function connect(listener) {
  search = listener;
  button.addEventListener("click", toggle);
  find.addEventListener("click", cut);
  cover.addEventListener("pointerdown", down);
  cover.addEventListener("pointermove", move);
  for (const name of ["pointerup", "pointercancel"]) cover.addEventListener(name, () => (begun = null));
  cover.addEventListener("dblclick", (/** @type {Event} */ event) => event.stopPropagation());
  for (const element of [cover, find]) element.addEventListener("keydown", press);
}

/**
 * Another photo is open, or none.
 * @param {Photo | null} open
 */
export function follow(open) {
  if (open?.id !== photo?.id) end();
  photo = open;
  button.hidden = !open || Boolean(open.video);
}

/** Has a part of the photo chosen, or ends that. */
export function toggle() {
  if (!cover.hidden) end();
  else if (!button.hidden) begin();
}

function begin() {
  area = { left: 0.25, top: 0.25, width: 0.5, height: 0.5 };
  show(true);
  draw();
  cover.focus();
}

function end() {
  show(false);
}

/** @param {boolean} on */
function show(on) {
  begun = null;
  cover.hidden = find.hidden = !on;
  button.setAttribute("aria-pressed", String(on));
}

function draw() {
  for (const [side, share] of Object.entries(area)) drawn.style[side] = `${(100 * share).toFixed(2)}%`;
}

/** @param {PointerEvent} event */
function at({ clientX, clientY }) {
  const { left, top, width, height } = cover.getBoundingClientRect();
  const share = (/** @type {number} */ value) => Math.max(0, Math.min(1, value));
  return { x: share((clientX - left) / width), y: share((clientY - top) / height) };
}

/** @param {PointerEvent} event */
function down(event) {
  if (event.button !== 0) return;
  // The picture below is neither moved nor turned to the next one.
  event.stopPropagation();
  cover.setPointerCapture(event.pointerId);
  begun = at(event);
}

/** @param {PointerEvent} event */
function move(event) {
  event.stopPropagation();
  if (!begun) return;
  const { x, y } = at(event);
  const [left, top] = [Math.min(x, begun.x), Math.min(y, begun.y)];
  area = kept({ left, top, width: Math.abs(x - begun.x), height: Math.abs(y - begun.y) });
  draw();
}

/**
 * An area that is large enough and lies in the picture.
 * @param {Area} wanted
 * @returns {Area}
 */
function kept(wanted) {
  const [width, height] = [wanted.width, wanted.height].map((side) => Math.max(LEAST, Math.min(1, side)));
  const left = Math.max(0, Math.min(1 - width, wanted.left));
  return { left, top: Math.max(0, Math.min(1 - height, wanted.top)), width, height };
}

/** @param {KeyboardEvent} event */
function press(event) {
  const { key, shiftKey } = event;
  const arrow = ARROWS[key];
  if (arrow) {
    const [right, down] = [arrow[0] * STEP, arrow[1] * STEP];
    area = shiftKey
      ? kept({ ...area, width: area.width + right, height: area.height + down })
      : kept({ ...area, left: area.left + right, top: area.top + down });
    draw();
  } else if (key === "Escape") {
    end();
    button.focus();
  } else if (key === "Enter") {
    cut();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

/** Cuts the area out of the picture as it is shown. */
function cut() {
  const { naturalWidth, naturalHeight } = picture;
  if (!photo || !naturalWidth) return;
  const [width, height] = [area.width * naturalWidth, area.height * naturalHeight];
  const scale = Math.min(1, EDGE / Math.max(width, height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
  const context = canvas.getContext("2d");
  context?.drawImage(picture, area.left * naturalWidth, area.top * naturalHeight, width, height, 0, 0, canvas.width, canvas.height);
  const name = wording.chips.partOf(photoName(photo));
  end();
  canvas.toBlob((blob) => blob && search(new File([blob], name, { type: "image/jpeg" })), "image/jpeg", 0.92);
}
