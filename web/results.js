// One search and its pages: asked, kept, shown. Late answers never land.

import * as api from "./api.js";
import * as alike from "./alike.js";
import * as grid from "./grid.js";
import { href } from "./address.js";
import * as fitting from "./fitting.js";
import * as order from "./order.js";
import { byId, say } from "./dom.js";
import { count, counted } from "./format.js";
import { base64, find } from "./pictures.js";

/** @typedef {import("./address.js").State} State */
/** @typedef {import("./api.js").Hit} Hit */
/** @typedef {import("./api.js").SearchAnswer} SearchAnswer */

const PAGE = 60;
/** Pages that load by themselves while scrolling; then a button asks, so the footer is reachable. */
const BY_THEMSELVES = 5;

const more = byId("more");
const announcer = byId("count");

/**
 * The photos that are shown, in order.
 * @type {Hit[]}
 */
export let hits = [];
/**
 * Those of the answer: what is alike one of them lies below it.
 * @type {Hit[]}
 */
let answered = [];
/** @type {SearchAnswer | null} */
let answer = null;
/** @type {State} */
let state = { q: "", like: [], picture: [], photo: "" };
let running = new AbortController();
let busy = false;
let loadingMore = false;
let pagesLeft = BY_THEMSELVES;

/**
 * Searches and shows the first page. Throws an ApiError; returns null when a newer search (or
 * refresh) took over meanwhile.
 * @param {State} wanted
 * @returns {Promise<SearchAnswer | null>}
 */
export async function search(wanted) {
  const mine = takeOver();
  setBusy(true);
  try {
    const found = await ask(wanted, 0, mine.signal);
    if (mine.signal.aborted) return null;
    state = wanted;
    pagesLeft = BY_THEMSELVES;
    alike.foldAll();
    fitting.fold();
    answered = found.hits;
    display(found);
    return found;
  } catch (error) {
    if (mine.signal.aborted) return null;
    throw error;
  } finally {
    if (!mine.signal.aborted) setBusy(false);
  }
}

/** Whether an answer is being waited for. */
export function isBusy() {
  return busy;
}

/** @param {boolean} now */
function setBusy(now) {
  busy = now;
  grid.setBusy(now);
}

/** Asks for the first page again, quietly: while indexing goes on. */
export async function refresh() {
  if (!answer || answered.length > PAGE) return;
  const mine = takeOver();
  try {
    const found = await ask(state, 0, mine.signal);
    if (mine.signal.aborted) return;
    answered = found.hits;
    display(found);
  } catch {
    // The next refresh, or the visitor's next search, tells.
  }
}

/**
 * Loads the next page, if there is one.
 * @returns {Promise<boolean>} whether photos were added
 */
export async function loadMore() {
  if (loadingMore || !answer?.more) return false;
  loadingMore = true;
  const { signal } = running;
  try {
    const found = await ask(state, answered.length, signal);
    if (signal.aborted) return false;
    const known = new Set(answered.map((hit) => hit.photo.id));
    answered = answered.concat(found.hits.filter((hit) => !known.has(hit.photo.id)));
    display(found);
    return true;
  } catch {
    more.hidden = false;
    return false;
  } finally {
    loadingMore = false;
  }
}

/** Leaves nothing on the screen, because something else is to be said. */
export function clear() {
  takeOver();
  hits = [];
  answered = [];
  answer = null;
  grid.show([], false, () => "");
  setBusy(false);
  say(announcer, "");
  say(byId("took"), "");
  byId("weaker").hidden = true;
  byId("sort").hidden = true;
  more.hidden = true;
}

/**
 * Shows what is alike a photo, or hides it again.
 * @param {string} id
 */
export function unfold(id) {
  const top = alike.toggle(answered, id);
  if (!top || !answer) return;
  display(answer);
  if (!hits.some((hit) => hit.photo.id === id)) grid.focus(top);
}

/** Shows the photos too that do not clearly show what was asked for. */
export function showWeaker() {
  const from = hits.length;
  if (!answer || byId("weaker").hidden) return;
  fitting.unfold();
  display(answer);
  grid.focus(hits[from]?.photo.id);
}

/** The position of a photo among the results, or -1. */
export function indexOf(/** @type {string} */ id) {
  return hits.findIndex((hit) => hit.photo.id === id);
}

/**
 * A result with why it is one, or null where it is none any more.
 * @param {string} id of the result, or of a photo alike it
 * @returns {Promise<Hit | null>}
 */
export async function why(id) {
  const has = (/** @type {Hit} */ hit) => hit.photo.id === id || hit.alike?.some((other) => other.id === id);
  const place = answered.findIndex(has);
  if (place < 0) return null;
  const found = await ask(state, place, running.signal, { k: 1, explain: true });
  return found.hits.find(has) ?? null;
}

function takeOver() {
  running.abort();
  running = new AbortController();
  return running;
}

/**
 * @param {State} wanted
 * @param {number} offset
 * @param {AbortSignal} signal
 * @param {{ k?: number, explain?: boolean }} [also]
 */
async function ask(wanted, offset, signal, also = {}) {
  /** @type {import("./api.js").Picture[]} */
  const pictures = wanted.like.map((id) => ({ id }));
  for (const key of wanted.picture) {
    const given = find(key);
    if (given) pictures.push({ data: await base64(given) });
  }
  const sort = wanted.sort || "relevance";
  return api.search({ query: wanted.q, pictures, k: PAGE, offset, sort, ...also }, signal);
}

/** @param {SearchAnswer} found */
function display(found) {
  answer = found;
  const fit = fitting.shown(answered, found);
  hits = alike.unfolded(fit);
  const scored = found.plan.method !== "filter";
  grid.show(hits, scored, (id) => href({ ...state, photo: id }));
  say(announcer, hits.length === 0 ? "" : summary(found, scored));
  say(byId("took"), scored && hits.length ? `${Math.max(1, Math.round(found.timings.total_ms))} ms` : "");
  order.show(state, scored, hits.length > 0);
  more.hidden = !found.more || fit.length < answered.length;
}

/**
 * @param {SearchAnswer} found
 * @param {boolean} scored
 */
function summary(found, scored) {
  const { matching, unencoded } = found;
  const read = (found.understood ?? []).filter((words) => words.sure && !words.excludes);
  const filters = found.filters.length + read.length;
  const akin = found.named?.akin ? "something akin to " : "";
  const known = found.named ? `, those that show ${akin}“${found.named.name}” in front` : "";
  if (found.fitting === 0) {
    return `Nothing here ${found.words ? "clearly shows this" : "looks like it"}. The closest photos:`;
  }
  const byTime = { newest: "newest first", oldest: "oldest first" }[state.sort || ""];
  const order = byTime ?? (scored ? `best first${known}` : "newest first");
  const missing = unencoded ? `; ${counted(unencoded, "photo")} not encoded yet` : "";
  if (filters === 0) return `${counted(matching, "photo")}, ${order}${missing}`;
  return `${count(matching)} ${matching === 1 ? "photo passes" : "photos pass"} the ${filters === 1 ? "filter" : "filters"}, ${order}${missing}`;
}

byId("weaker").addEventListener("click", showWeaker);

more.addEventListener("click", async () => {
  pagesLeft = BY_THEMSELVES;
  const from = hits.length;
  if ((await loadMore()) && more.hidden) grid.focus(hits[from]?.photo.id);
});

new IntersectionObserver(
  ([entry]) => {
    if (!entry.isIntersecting || more.hidden || pagesLeft === 0) return;
    pagesLeft -= 1;
    loadMore();
  },
  { rootMargin: "0px 0px 1200px" },
).observe(byId("rest"));
