// The picture in its place: fitted, enlarged, moved, by wheel, fingers, double click and keys; a swipe leads on.

import { byId } from "./dom.js";

const stage = byId("stage");
const frame = byId("frame");

/** A picture is enlarged until one of its pixels is so many wide. */
const LARGEST = 4;
/** A key or a notch of the wheel enlarges so much. */
const STEP = 1.25;
const SWIPE = 60;
const DOUBLE_TAP = 300;

/** The whole picture in pixels, and fitted into its place. */
let natural = { width: 1, height: 1 };
let fitted = { width: 1, height: 1 };
/** How much larger than fitted it is, and how far from the middle, in pixels. */
let scale = 1;
let x = 0;
let y = 0;
/** @type {Map<number, { x: number, y: number }>} pointers that are down */
const pointers = new Map();
let begun = { x: 0, y: 0, time: 0 };
let lastTap = 0;
/** @type {(by: number) => void} */
let step = () => {};
/** @type {(pixels: number) => void} */
let enlarged = () => {};

/**
 * @param {(by: number) => void} steps to the next photo (1) or the one before (-1)
 * @param {(pixels: number) => void} listener hears how long the longer edge is now, in pixels of the screen
 */
export function connect(steps, listener) {
  [step, enlarged] = [steps, listener];
  new ResizeObserver(fit).observe(stage);
  stage.addEventListener("wheel", wheel, { passive: false });
  stage.addEventListener("dblclick", (/** @type {MouseEvent} */ event) => isPicture(event) && toggle(event));
  stage.addEventListener("pointerdown", down);
  stage.addEventListener("pointermove", move);
  for (const name of ["pointerup", "pointercancel"]) stage.addEventListener(name, up);
}

/**
 * Another picture: it is fitted.
 * @param {{ width: number, height: number }} size in pixels
 */
export function show({ width, height }) {
  natural = { width: Math.max(1, width), height: Math.max(1, height) };
  reset();
}

/** The whole picture in its place. */
export function reset() {
  [scale, x, y] = [1, 0, 0];
  fit();
}

/** Whether the picture is larger than its place. */
export function isEnlarged() {
  return scale > 1;
}

/** Measures the place of the picture: half of the stage where two are shown. */
export function fit() {
  const { paddingLeft, paddingTop } = getComputedStyle(stage);
  const half = stage.classList.contains("two") ? 0.5 : 1;
  const width = half * stage.clientWidth - 2 * parseFloat(paddingLeft);
  const height = stage.clientHeight - 2 * parseFloat(paddingTop);
  const by = Math.min(1, width / natural.width, height / natural.height);
  fitted = { width: Math.max(1, natural.width * by), height: Math.max(1, natural.height * by) };
  place();
}

function place() {
  const width = fitted.width * scale;
  const height = fitted.height * scale;
  const half = stage.classList.contains("two") ? 0.5 : 1;
  const spare = (/** @type {number} */ size, /** @type {number} */ room) => Math.max(0, (size - room) / 2);
  x = clamp(x, spare(width, stage.clientWidth * half));
  y = clamp(y, spare(height, stage.clientHeight));
  frame.style.width = `${width}px`;
  frame.style.height = `${height}px`;
  frame.style.left = `calc(${100 - 50 * half}% + ${x}px)`;
  frame.style.top = `calc(50% + ${y}px)`;
  stage.classList.toggle("enlarged", scale > 1);
  enlarged(Math.max(width, height) * devicePixelRatio);
}

/**
 * @param {number} value
 * @param {number} most
 */
function clamp(value, most) {
  return Math.min(most, Math.max(-most, value));
}

/**
 * Enlarges around a point of the window; the middle unless told.
 * @param {number} factor
 * @param {{ clientX: number, clientY: number }} [at]
 */
export function by(factor, at) {
  const most = Math.max(LARGEST, (LARGEST * natural.width) / fitted.width);
  const next = Math.min(most, Math.max(1, scale * factor));
  const { left, top, width, height } = stage.getBoundingClientRect();
  const half = stage.classList.contains("two") ? 0.5 : 1;
  const px = at ? at.clientX - left - width * (1 - half / 2) : 0;
  const py = at ? at.clientY - top - height / 2 : 0;
  x = px - ((px - x) * next) / scale;
  y = py - ((py - y) * next) / scale;
  scale = next;
  place();
}

/** Larger (1) or smaller (-1) by a step. */
export function byStep(/** @type {number} */ direction) {
  by(STEP ** (2 * direction));
}

/**
 * Every pixel of the picture, or the whole picture.
 * @param {{ clientX: number, clientY: number }} [at]
 */
export function toggle(at) {
  if (scale > 1) reset();
  else by(Math.max(2, natural.width / fitted.width), at);
}

/**
 * Moves what is enlarged.
 * @param {number} right shares of the stage
 * @param {number} down
 */
export function pan(right, down) {
  x -= right * stage.clientWidth;
  y -= down * stage.clientHeight;
  place();
}

/** @param {Event} event */
function isPicture({ target }) {
  return target instanceof Element && !target.closest("button, video");
}

/** @param {WheelEvent} event */
function wheel(event) {
  event.preventDefault();
  const lines = event.deltaMode === 1 ? 16 : 1;
  by(Math.exp(-clamp(event.deltaY * lines, 200) / 400), event);
}

/** @param {PointerEvent} event */
function down(event) {
  if (!isPicture(event) || event.button > 0) return;
  if (!pointers.size) begun = { x: event.clientX, y: event.clientY, time: event.timeStamp };
  pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  stage.setPointerCapture(event.pointerId);
}

/** @param {PointerEvent} event */
function move(event) {
  const before = pointers.get(event.pointerId);
  if (!before) return;
  const now = { x: event.clientX, y: event.clientY };
  const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
  if (other) {
    const middle = { clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 };
    by(distance(now, other) / Math.max(1, distance(before, other)), middle);
  }
  if (scale > 1) {
    const share = other ? 0.5 : 1;
    x += (now.x - before.x) * share;
    y += (now.y - before.y) * share;
    place();
  }
  pointers.set(event.pointerId, now);
}

/**
 * @param {{ x: number, y: number }} a
 * @param {{ x: number, y: number }} b
 */
function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** @param {PointerEvent} event */
function up(event) {
  if (!pointers.delete(event.pointerId) || pointers.size || event.type === "pointercancel") return;
  if (event.pointerType !== "touch") return;
  const [right, far] = [event.clientX - begun.x, distance({ x: event.clientX, y: event.clientY }, begun)];
  if (far < 12) return tap(event);
  if (scale === 1 && Math.abs(right) > SWIPE && Math.abs(right) > 0.8 * far) step(right < 0 ? 1 : -1);
}

/** @param {PointerEvent} event */
function tap(event) {
  if (event.timeStamp - lastTap < DOUBLE_TAP) toggle(event);
  lastTap = event.timeStamp;
}
