// The way through time: a rail beside the photos with the years, on which one drags, clicks, or walks by keys.

import { PAGE } from "./answer.js";
import { dayName } from "./days.js";
import { byId, make } from "./dom.js";
import * as grid from "./grid.js";
import { wording } from "./language.js";
import * as timelines from "./timelines.js";

/** @typedef {import("./answer.js").Answer} Answer */
/** @typedef {import("./answer.js").Spot} Spot */

/** Names of years stand at least so far apart, in pixels. */
const APART = 20;
/** At most so many photos of an answer are folded below others. */
const FOLDED = 2000;

const rail = byId("time");
const thumb = byId("time-thumb");
const bubble = byId("time-bubble");
const years = byId("time-years");

/** @type {Answer | null} */
let answer = null;
/** @type {import("./timeline.js").Timeline | null} */
let timeline = null;
let held = false;
/** Whether it was let go of in front of all months. */
let isUndated = false;
let frame = 0;
/** What stood on top when a month was gone to: photos of the month before may stand beside its first. */
let arrived = "";
/** The month that was gone to last, while the window has not moved since; -1 in front of all. */
let month = 0;
/** The month that is being gone to; -1 for none. */
let goal = -1;

/** Listens to pointer and keys. */
export function connect() {
  rail.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    held = true;
    rail.setPointerCapture(event.pointerId);
    drag(event);
  });
  rail.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => (held ? drag(event) : point(event)));
  rail.addEventListener("pointerleave", () => held || (bubble.hidden = true));
  for (const name of ["pointerup", "pointercancel"]) rail.addEventListener(name, letGo);
  rail.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (walk(event.key)) event.preventDefault();
  });
  rail.addEventListener("blur", () => (bubble.hidden = true));
  addEventListener("scroll", () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => held || follow());
  }, { passive: true });
  addEventListener("resize", draw);
}

/**
 * Shows how an answer lies in time; nothing for one that is in another order.
 * @param {Answer | null} next
 * @param {boolean} dated
 */
export async function show(next, dated) {
  answer = next;
  goal = -1;
  timeline = next && dated ? timelines.find(next) : null;
  draw();
  if (!next || !dated) return;
  const found = await timelines.of(next);
  if (answer !== next || !found) return;
  timeline = found;
  draw();
}

function draw() {
  const shows = timeline !== null && timeline.months.length > 1;
  rail.hidden = !shows;
  bubble.hidden = true;
  if (!timeline || !shows) return;
  const height = rail.clientHeight;
  let last = -Infinity;
  const marks = timeline.years().flatMap(({ name, photos, before }) => {
    const top = (before / (timeline?.total ?? 1)) * height;
    if (top - last < APART || top > height - APART) return [];
    last = top;
    const mark = make("span", { text: name, title: wording.common.photos(photos) });
    mark.style.top = `${top}px`;
    return [mark];
  });
  years.replaceChildren(...marks);
  follow();
}

/** The thumb stands where the window does. */
function follow() {
  if (!timeline || !answer || rail.hidden || goal >= 0) return;
  const spot = grid.topSpot();
  if (keyOf(spot) === arrived) return;
  arrived = "";
  const share = Math.min(1, (spot.page * PAGE + spot.pos) / Math.max(1, answer.total));
  const item = answer.at(spot);
  month = item && item.band !== "weak" ? timeline.of(item) : timeline.at(share);
  tell(share, item ? !item.photo.taken : timeline.isUndated(share));
}

/** @param {Spot} spot */
function keyOf({ page, pos }) {
  return `${page} ${pos}`;
}

/** What stands at a place of the rail. @param {boolean} undated */
function textOf(undated) {
  const found = timeline?.months[month];
  return found && !undated ? wording.answer.inMonth(dayName(found.name), found.photos) : wording.answer.undated;
}

/**
 * @param {number} share
 * @param {boolean} undated whether no date is known there
 */
function tell(share, undated) {
  if (!timeline) return;
  thumb.style.top = `${share * 100}%`;
  bubble.style.top = `${share * 100}%`;
  const text = textOf(undated);
  bubble.textContent = text;
  rail.setAttribute("aria-valuetext", text);
  rail.setAttribute("aria-valuemax", String(timeline.months.length - 1));
  rail.setAttribute("aria-valuenow", String(Math.max(0, month)));
}

/** @param {PointerEvent} event */
function shareAt({ clientY }) {
  const { top, height } = rail.getBoundingClientRect();
  return Math.min(1, Math.max(0, (clientY - top) / height));
}

/** @param {PointerEvent} event */
function point(event) {
  if (!timeline) return;
  const share = shareAt(event);
  month = timeline.at(share);
  bubble.hidden = false;
  bubble.style.top = `${share * 100}%`;
  bubble.textContent = textOf(timeline.isUndated(share));
}

/** While it is dragged the window flies along. @param {PointerEvent} event */
function drag(event) {
  if (!timeline || !answer) return;
  const share = shareAt(event);
  month = timeline.at(share);
  bubble.hidden = false;
  isUndated = timeline.isUndated(share);
  tell(share, isUndated);
  const number = Math.floor(share * Math.max(0, answer.total - 1));
  grid.reveal({ page: Math.floor(number / PAGE), pos: number % PAGE }, true);
}

function letGo() {
  if (!held) return;
  held = false;
  bubble.hidden = true;
  if (!isUndated) goTo(month);
}

/** @param {string} key */
function walk(key) {
  if (!timeline) return false;
  const last = timeline.months.length - 1;
  const steps = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1, PageUp: -12, PageDown: 12, Home: -last, End: last };
  const by = steps[/** @type {keyof typeof steps} */ (key)];
  if (by === undefined) return false;
  bubble.hidden = false;
  goTo(Math.min(last, Math.max(0, month + by)));
  return true;
}

/**
 * Brings the first photo of a month to the window's upper edge.
 * @param {number} next its place among the months
 */
async function goTo(next) {
  const [of, time] = [answer, timeline];
  if (!of || !time) return;
  month = goal = next;
  const { before, name } = time.months[next];
  tell(before / Math.max(1, time.total), false);
  const spot = await firstOf(of, time, before, name).catch(() => null);
  if (goal !== next) return;
  goal = -1;
  if (!spot || of !== answer) return;
  grid.relayout();
  grid.reveal(spot, true);
  arrived = keyOf(grid.topSpot());
  month = next;
  tell(before / Math.max(1, time.total), false);
}

/**
 * Where a month begins. Photos that are alike are one result, so that it begins in front of where counts say.
 * @param {Answer} of
 * @param {import("./timeline.js").Timeline} time
 * @param {number} before photos in front of it
 * @param {string} name
 * @returns {Promise<Spot | null>}
 */
async function firstOf(of, time, before, name) {
  const lastPage = () => Math.max(0, of.pageCount - 1);
  const guess = Math.min(lastPage(), Math.floor(before / PAGE));
  let [low, high] = [Math.max(0, guess - Math.ceil(FOLDED / PAGE)), guess];
  if (time.samples.length) {
    const [first, last] = time.around(name);
    low = Math.min(guess, Math.floor((first?.offset ?? 0) / PAGE));
    high = Math.max(guess, Math.min(lastPage(), Math.floor((last?.offset ?? of.total) / PAGE)));
  }
  // The guess comes first, then halves of what is left.
  for (let page = guess; ; page = (low + high) >> 1) {
    await of.load(page);
    const items = of.items(page) ?? [];
    const at = items.findIndex((item) => !time.isBefore(item, name));
    if (at > 0 || (at === 0 && page === 0)) return { page, pos: at };
    if (at < 0 && items.length) low = page + 1;
    else high = page - 1;
    if (low <= high) continue;
    const found = Math.min(lastPage(), low);
    await of.load(found);
    return of.items(found)?.length ? { page: found, pos: 0 } : null;
  }
}
