// The answer on the screen, and those that Back and Forward lead to. An answer belongs to one step of the history, or
// to some that differ in the open photo only: it is found by its key, never by what is asked just now.

import { href } from "./address.js";
import * as alike from "./alike.js";
import { Answer, PAGE } from "./answer.js";
import { ask } from "./asking.js";
import * as around from "./around.js";
import { byId, say } from "./dom.js";
import * as fitting from "./fitting.js";
import { milliseconds } from "./format.js";
import * as grid from "./grid.js";
import * as moves from "./moves.js";
import * as order from "./order.js";
import * as places from "./places.js";
import * as scrubber from "./scrubber.js";
import * as selection from "./selection.js";
import { summary } from "./summary.js";
import * as timelines from "./timelines.js";
import { setBusy } from "./waiting.js";

/** @typedef {import("./address.js").State} State */
/** @typedef {import("./api.js").Hit} Hit */
/** @typedef {import("./api.js").SearchAnswer} SearchAnswer */

/** Answers that are kept for Back and Forward. */
const KEPT = 12;
/** The window has come to rest. */
const REST = 150;

const announcer = byId("count");

/** @type {Answer | null} what is on the screen */
let shown = null;
let shownKey = "";
/** @type {Answer | null} what is waited for */
let awaited = null;
/** The key of what is on the screen, or else waited for. */
let wantedKey = "";
/** @type {Map<string, Answer>} used last, last */
const answers = new Map();
let resting = 0;
/** @type {() => void} */
let changed = () => {};

/**
 * @param {() => void} listener hears that more of the answer is there
 * @param {() => void} searchAnew is called when the answer on the screen has changed
 */
export function connect(listener, searchAnew) {
  changed = listener;
  grid.connect(more);
  moves.connect(() => shown);
  around.connect(() => shown);
  scrubber.connect();
  selection.connect(() => shown, searchAnew);
  byId("weaker").addEventListener("click", showWeaker);
  addEventListener("scroll", () => {
    clearTimeout(resting);
    resting = setTimeout(keepPlace, REST);
  }, { passive: true });
  addEventListener("pagehide", keepPlace);
}

/** The key of the answer that is on the screen or waited for. */
export function key() {
  return wantedKey;
}

/** The search whose photos are on the screen, and the key of its answer. */
export function present() {
  return { state: shown?.state, key: shownKey };
}

/** Photos of the library when the answer on the screen was asked for; -1 where that is unknown. */
export function photosThen() {
  return shown?.photos ?? -1;
}

/** Whether photos are on the screen. */
export function any() {
  return (shown?.total ?? 0) > 0;
}

/** Whether an answer is being waited for. */
export function isBusy() {
  return awaited !== null;
}

/**
 * Shows the answer with this key: the one that is kept, where the window stood, or else asks. Throws an ApiError;
 * returns null when another search took over meanwhile.
 * @param {State} state
 * @param {string} key
 * @param {{ anew: boolean, photos: number, head: (found: SearchAnswer) => void }} how `anew`: asks, whatever is kept;
 *   `photos` the library has now; `head` shows what stands above the photos, before they are placed
 * @returns {Promise<SearchAnswer | null>}
 */
export async function search(state, key, { anew, photos, head }) {
  takeOver(key);
  const kept = anew ? null : places.find(key);
  const known = anew ? undefined : answers.get(key);
  if (known?.about) {
    display(known, key, kept, head);
    return known.about;
  }
  const answer = newAnswer(state, photos, kept);
  awaited = answer;
  setBusy(true);
  try {
    await answer.load(kept?.place.anchor?.spot.page ?? 0);
    // It has become shorter meanwhile.
    if (answer.total > 0 && !answer.pages.get(answer.pageCount - 1) && !inView(answer)) await answer.load(0);
    await learnDates(answer);
    if (awaited !== answer || !answer.about) return null;
    if (kept && answer.about.matching === kept.matching) {
      [answer.end, answer.exact, answer.fit] = [kept.total, kept.exact, kept.fit ?? Infinity];
    }
    awaited = null;
    display(answer, key, kept, head);
    return answer.about;
  } catch (error) {
    if (awaited !== answer) return null;
    awaited = null;
    throw error;
  } finally {
    if (!awaited) setBusy(false);
  }
}

/**
 * Where no photo that is there has a date, only the service knows whether others have one, and days their names.
 * @param {Answer} answer
 */
async function learnDates(answer) {
  if (timelines.isInTime(answer) && answer.total > PAGE && !timelines.saysWhen(answer)) await timelines.counted(answer).catch(() => null);
}

/** @param {Answer} answer */
function inView(answer) {
  return [...answer.pages.values()].some((page) => page.items.length > 0);
}

/**
 * @param {State} state
 * @param {number} photos
 * @param {import("./places.js").Kept | null} kept
 */
function newAnswer(state, photos, kept) {
  const answer = new Answer({ ...state, photo: "" }, (offset, k, signal, also) => ask(state, offset, signal, { k, ...also }));
  answer.photos = photos;
  answer.weaker = kept?.weaker ?? false;
  answer.open = new Set(kept?.open ?? []);
  return answer;
}

/**
 * Nobody waits for the answer before any more.
 * @param {string} key
 */
function takeOver(key) {
  awaited?.stop();
  awaited = null;
  wantedKey = key;
}

/**
 * @param {Answer} answer
 * @param {string} key
 * @param {import("./places.js").Kept | null} kept where the window stood
 * @param {(found: SearchAnswer) => void} head
 */
function display(answer, key, kept, head) {
  if (shown !== answer) shown?.stop();
  [shown, shownKey] = [answer, key];
  answers.delete(key);
  answers.set(key, answer);
  for (const [old] of answers) if (answers.size > KEPT) answers.delete(old);
  setBusy(false);
  // What stands above the photos comes first: it is part of their place.
  if (answer.about) head(answer.about);
  tell();
  grid.show(answer, wayOf(answer));
  if (kept) grid.restore(kept.place);
  else scrollTo({ top: 0, behavior: "instant" });
  scrubber.show(answer, wayOf(answer).dated);
}

/** @param {Answer} answer */
function wayOf(answer) {
  const { about, state } = answer;
  const scored = about?.plan.method !== "filter";
  const dated = timelines.isInTime(answer) && timelines.saysWhen(answer);
  return { scored, dated, addressOf: (/** @type {string} */ id) => href({ ...state, photo: id }) };
}

/** Says what is shown. */
function tell() {
  if (!shown?.about) return;
  const { about, state, total } = shown;
  const scored = about.plan.method !== "filter";
  say(announcer, total === 0 ? "" : summary(about, state));
  say(byId("took"), scored && total ? milliseconds(Math.max(1, about.timings.total_ms)) : "");
  order.show(state, scored, total > 0);
  fitting.show(shown);
}

/** More of the answer has come. */
function more() {
  grid.relayout();
  if (shown) fitting.show(shown);
  changed();
}

/** Remembers where the window stands in the answer on the screen. */
export function keepPlace() {
  clearTimeout(resting);
  // While another answer is waited for, what stands above the photos is that one's already.
  if (!shown?.about || shownKey !== wantedKey) return;
  const { end, exact, fit, about, weaker, open } = shown;
  const size = { total: end, exact, fit: fit < Infinity ? fit : null, matching: about.matching };
  places.keep(shownKey, { place: grid.place(), ...size, weaker, open: [...open] });
}

/**
 * Asks for the answer on the screen again, quietly: while indexing goes on.
 * @param {number} photos that the library has now
 */
export async function refresh(photos) {
  const before = shown;
  if (!before) return;
  const next = newAnswer(before.state, photos, null);
  [next.weaker, next.open] = [before.weaker, before.open];
  try {
    await next.load(0);
    await learnDates(next);
  } catch {
    return; // The next refresh, or the visitor's next search, tells.
  }
  if (shown !== before || awaited) return;
  shown = next;
  answers.set(shownKey, next);
  grid.show(next, wayOf(next));
  scrubber.show(next, wayOf(next).dated);
  tell();
}

/** Another model answers: what is kept is what the one before found. */
export function forgetAll() {
  answers.clear();
}

/**
 * Leaves nothing on the screen, because something else is to be said.
 * @param {string} key of the answer that could not be had
 */
export function clear(key) {
  takeOver(key);
  shown?.stop();
  [shown, shownKey] = [null, ""];
  grid.show(null, { scored: false, dated: false, addressOf: () => "" });
  scrubber.show(null, false);
  setBusy(false);
  say(announcer, "");
  say(byId("took"), "");
  byId("weaker").hidden = true;
  byId("sort").hidden = true;
}

/**
 * Shows what is alike a photo, or hides it again.
 * @param {string} id
 */
export function unfold(id) {
  if (!shown) return;
  const hits = [...shown.pages.values()].flatMap((page) => page.hits);
  const top = alike.toggle(hits, id, shown.open);
  if (!top) return;
  shown.reshow();
  grid.relayout();
  if (!shown.find(id)) moves.focus(top);
}

/** Shows the photos too that do not clearly show what was asked for. */
export function showWeaker() {
  if (!shown || byId("weaker").hidden) return;
  const from = shown.fit;
  shown.weaker = true;
  shown.reshow();
  grid.relayout();
  fitting.show(shown);
  moves.focusNumber(from);
}
