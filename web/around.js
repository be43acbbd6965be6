// Around one photo of the answer on the screen: its number, its neighbours, why it is there.

import { ask } from "./asking.js";
import * as grid from "./grid.js";

/** @typedef {import("./answer.js").Answer} Answer */
/** @typedef {import("./api.js").Hit} Hit */

/** @type {() => Answer | null} */
let present = () => null;

/** @param {() => Answer | null} answer gives the answer on the screen */
export function connect(answer) {
  present = answer;
}

/**
 * A photo on the screen, and its place in the answer; null where it is not there.
 * @param {string} id
 */
export function placeOf(id) {
  const shown = present();
  const spot = shown?.find(id);
  if (!shown || !spot) return null;
  const { photo, at_second: second } = /** @type {Hit} */ (shown.at(spot));
  const [number, total] = [shown.number(spot), shown.count];
  return { photo, number, total, sure: shown.sure, second };
}

/** An answer by meaning is not looked through to its end to be counted, where it is longer. */
const COUNTED = 20_000;

/**
 * Asks for the end of the answer, where only that tells how many photos there are.
 * @returns {Promise<boolean>} whether that is known now, and was not before
 */
export async function countAll() {
  const answer = present();
  if (!answer || answer.sure || (answer.about?.plan.method !== "filter" && answer.total > COUNTED)) return false;
  // The end is nearer than it seemed where photos are folded.
  for (let tries = 0; tries < 4 && !answer.sure && answer.pageCount; tries += 1) {
    const loaded = await answer.load(answer.pageCount - 1).catch(() => false);
    if (!loaded) break;
  }
  if (answer === present()) grid.relayout();
  return answer.sure;
}

/**
 * The photo beside another one; undefined where there is none.
 * @param {string} id
 * @param {number} by 1 or -1
 */
export async function beside(id, by) {
  const answer = present();
  const spot = answer?.find(id);
  if (!answer || !spot) return undefined;
  const next = await answer.beside(spot, by).catch(() => null);
  if (answer === present()) grid.relayout();
  return next ? answer.at(next)?.photo : undefined;
}

/**
 * The first photo of all, or the last one.
 * @param {"first" | "last"} which
 */
export async function atEnd(which) {
  const answer = present();
  if (!answer?.total) return undefined;
  for (let page = which === "first" ? 0 : answer.pageCount - 1; page >= 0; page = answer.pageCount - 1) {
    await answer.load(page).catch(() => {});
    const items = answer.items(page);
    if (!items) return undefined;
    if (page >= answer.pageCount) continue;
    if (answer === present()) grid.relayout();
    return items.at(which === "first" ? 0 : -1)?.photo;
  }
  return undefined;
}

/**
 * Brings a photo into view.
 * @param {string} id
 */
export function reveal(id) {
  const spot = present()?.find(id);
  if (spot) grid.reveal(spot);
}

/**
 * A result with why it is one, or null where it is none any more.
 * @param {string} id of the result, or of a photo alike it
 * @returns {Promise<Hit | null>}
 */
export async function why(id) {
  const has = (/** @type {Hit} */ hit) => hit.photo.id === id || hit.alike?.some((other) => other.id === id);
  const shown = present();
  const place = shown?.offsetOf(has) ?? -1;
  if (!shown || place < 0) return null;
  const found = await ask(shown.state, place, shown.abort.signal, { k: 1, explain: true });
  return found.hits.find(has) ?? null;
}
