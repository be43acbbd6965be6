// The way through time: a rail beside the photos with the years, on which one drags, clicks, or walks by keys.

import * as api from "./api.js";
import { PAGE } from "./answer.js";
import { dayName } from "./days.js";
import { byId, make } from "./dom.js";
import * as grid from "./grid.js";
import { wording } from "./language.js";
import { Timeline } from "./timeline.js";

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
/** @type {Timeline | null} */
let timeline = null;
/** @type {WeakMap<Answer, Timeline>} */
const known = new WeakMap();
let held = false;
let frame = 0;
/** Where the window stood when a month was gone to: photos of the month before may stand beside its first. */
let arrived = -1;
/** The month that was gone to last, while the window has not moved since. */
let month = 0;

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
  timeline = (next && dated && known.get(next)) || null;
  draw();
  if (!next || !dated || timeline || next.state.like.length || next.state.picture.length) return;
  try {
    const sort = next.state.sort || "newest";
    const request = { query: next.state.q, pictures: [], k: 1, offset: 0, sort, all: true, timeline: "month" };
    const found = await api.search(request, next.abort.signal);
    const { periods = [], undated = 0 } = found.timeline ?? {};
    known.set(next, new Timeline(periods, undated, sort === "oldest"));
  } catch {
    return; // The photos are there without it.
  }
  if (answer !== next) return;
  timeline = known.get(next) ?? null;
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
  if (!timeline || !answer || rail.hidden || scrollY === arrived) return;
  arrived = -1;
  const { page, pos } = grid.topSpot();
  const share = Math.min(1, (page * PAGE + pos) / Math.max(1, answer.total));
  month = timeline.at(share);
  tell(share);
}

/** @param {number} share */
function tell(share) {
  if (!timeline) return;
  thumb.style.top = `${share * 100}%`;
  bubble.style.top = `${share * 100}%`;
  const { name, photos } = timeline.months[month];
  const text = wording.answer.inMonth(dayName(name), photos);
  bubble.textContent = text;
  rail.setAttribute("aria-valuetext", text);
  rail.setAttribute("aria-valuemax", String(timeline.months.length - 1));
  rail.setAttribute("aria-valuenow", String(month));
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
  const { name, photos } = timeline.months[month];
  bubble.textContent = wording.answer.inMonth(dayName(name), photos);
}

/** While it is dragged the window flies along. @param {PointerEvent} event */
function drag(event) {
  if (!timeline || !answer) return;
  const share = shareAt(event);
  month = timeline.at(share);
  bubble.hidden = false;
  tell(share);
  const number = Math.floor(share * Math.max(0, answer.total - 1));
  grid.reveal({ page: Math.floor(number / PAGE), pos: number % PAGE }, true);
}

function letGo() {
  if (!held) return;
  held = false;
  bubble.hidden = true;
  goTo(month);
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
  month = next;
  const { before, name } = time.months[next];
  tell(before / Math.max(1, time.total));
  const spot = await firstOf(of, time, before, name).catch(() => null);
  if (!spot || of !== answer || month !== next) return;
  grid.relayout();
  grid.reveal(spot, true);
  arrived = scrollY;
  month = next;
  tell(before / Math.max(1, time.total));
}

/**
 * Where a month begins. Photos that are alike are one result, so that it begins in front of where counts say.
 * @param {Answer} of
 * @param {Timeline} time
 * @param {number} before photos in front of it
 * @param {string} name
 * @returns {Promise<Spot | null>}
 */
async function firstOf(of, time, before, name) {
  const lastPage = () => Math.max(0, of.pageCount - 1);
  let high = Math.min(lastPage(), Math.floor(before / PAGE));
  let low = Math.max(0, high - Math.ceil(FOLDED / PAGE));
  // The guess comes first, then halves of what is left.
  for (let page = high; ; page = (low + high) >> 1) {
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
