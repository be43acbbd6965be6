// The window's scrolling and heights in the grid. Browsers cannot lay out more than some ten million pixels: in a
// higher grid the list is that high, and what lies at its top changes while one scrolls.

import { byId } from "./dom.js";

/** The list is at most so high. */
const HIGHEST = 8_000_000;
/** Scrolling further at once is a jump: to a share of the whole. */
const JUMP = 4;

const list = byId("grid");
let height = 0;
/** The height in the grid of the list's upper edge. */
let base = 0;
let last = 0;
let idle = 0;
/** @type {() => void} */
let moved = () => {};

/** @param {() => void} listener hears that another part of the grid is in view */
export function listen(listener) {
  moved = listener;
  addEventListener("scroll", () => {
    follow();
    moved();
  }, { passive: true });
}

/** The height in the grid of the list's upper edge; tiles are placed below it. */
export function origin() {
  return base;
}

/** The height in the grid of the window's upper edge; below 0 above the grid. */
export function y() {
  return scrollY - list.offsetTop + base;
}

/** @param {number} next height of the grid */
export function setHeight(next) {
  height = next;
  if (next <= HIGHEST) base = 0;
  list.style.height = `${Math.min(next, HIGHEST)}px`;
}

/**
 * Brings a height of the grid to the window's upper edge.
 * @param {number} goal
 */
export function go(goal) {
  // The window stands on whole pixels: what is left over is part of the list's upper edge.
  if (height > HIGHEST) base = goal - Math.round(listed(goal));
  scrollTo({ top: Math.round((list.offsetTop + goal - base) * 64) / 64, behavior: "instant" });
  last = scrollY;
}

/** Follows the window in a grid that is higher than its list. */
function follow() {
  if (height <= HIGHEST) return;
  const here = scrollY - list.offsetTop;
  const jumped = Math.abs(scrollY - last) > JUMP * innerHeight;
  if (jumped) base = (here * (height - innerHeight)) / (HIGHEST - innerHeight) - here;
  last = scrollY;
  clearTimeout(idle);
  // At rest the window is brought to where the share is right again, so that no end is reached too early.
  idle = setTimeout(settle, 200);
  if (here <= 0 || here >= HIGHEST - innerHeight) settle();
}

function settle() {
  const now = y();
  if (now < 0 || Math.abs(base - (now - listed(now))) < 1) return;
  go(now);
  moved();
}

/**
 * Where a height of the grid belongs in the list.
 * @param {number} of
 */
function listed(of) {
  return (Math.max(0, of) * (HIGHEST - innerHeight)) / (height - innerHeight);
}
