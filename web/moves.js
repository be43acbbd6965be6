// Keys that walk from tile to tile. A tile that is not in the document is brought into it.

import { PAGE } from "./answer.js";
import * as grid from "./grid.js";

/** @typedef {import("./answer.js").Answer} Answer */
/** @typedef {import("./answer.js").Spot} Spot */

/** Up and down keep to the middle of the tile that they began at: that tile's, and the tile that was reached. */
let column = { id: "", middle: 0 };
/** @type {() => Answer | null} */
let shown = () => null;

/** @param {() => Answer | null} answer gives the answer that is shown */
export function connect(answer) {
  shown = answer;
}

/**
 * Gives a tile the focus; scrolls only where it is out of view.
 * @param {string} [id] the first one unless told
 * @returns {boolean} whether there is such a tile
 */
export function focus(id) {
  const answer = shown();
  const spot = id === undefined ? { page: 0, pos: 0 } : answer?.find(id);
  if (!answer || !spot) return false;
  const item = answer.at(spot);
  if (item) focusSpot(spot);
  else if (answer.total) goTo(answer, spot);
  return answer.total > 0;
}

/**
 * Gives the focus to a result by its number, from 0 on.
 * @param {number} number
 */
export function focusNumber(number) {
  const answer = shown();
  if (answer && number < answer.total) goTo(answer, { page: Math.floor(number / PAGE), pos: number % PAGE });
}

/** @param {Spot} spot whose page is there */
function focusSpot(spot) {
  const id = shown()?.at(spot)?.photo.id;
  if (!id) return;
  grid.reveal(spot);
  grid.tileOf(id)?.querySelector("a")?.focus({ preventScroll: true });
}

/**
 * Moves the focus; up and down go to the tile whose middle is nearest.
 * @param {string} key an arrow key, Home or End
 * @returns {boolean} whether it moves
 */
export function move(key) {
  const answer = shown();
  const from = answer?.find(grid.focused() ?? "");
  if (!answer || !from) return false;
  const first = from.page === 0 && from.pos === 0;
  if (key === "Home") return !first && goTo(answer, { page: 0, pos: 0 });
  if (key === "End") return goTo(answer, { page: Math.max(0, answer.pageCount - 1), pos: Infinity });
  if (key === "ArrowLeft") return !first && beside(answer, from, -1);
  if (key === "ArrowRight") return beside(answer, from, 1);
  const by = key === "ArrowUp" ? -1 : 1;
  if (by < 0 && from.page === 0 && grid.shape().box(0, from.pos).top === grid.shape().box(0, 0).top) return false;
  nextRow(answer, from, by);
  return true;
}

/**
 * @param {Answer} answer
 * @param {Spot} spot `pos` may be infinite: the last one of the page
 */
function goTo(answer, spot) {
  const arrive = async () => {
    await answer.load(spot.page);
    if (shown() !== answer) return;
    grid.relayout();
    const pages = answer.pageCount;
    // Only now it is known that there are fewer.
    if (spot.page >= pages && pages > 0) return goTo(answer, { page: pages - 1, pos: Infinity });
    const items = answer.items(spot.page) ?? [];
    focusSpot({ page: spot.page, pos: Math.max(0, Math.min(spot.pos, items.length - 1)) });
  };
  arrive().catch(() => {});
  return true;
}

/**
 * @param {Answer} answer
 * @param {Spot} from
 * @param {number} by
 */
function beside(answer, from, by) {
  const { page, pos } = from;
  // What is there is reached at once, so that keys that follow each other count.
  if (answer.at({ page, pos: pos + by })) focusSpot({ page, pos: pos + by });
  else answer.beside(from, by).then((spot) => spot && arriveAt(answer, spot), () => {});
  return true;
}

/**
 * @param {Answer} answer
 * @param {Spot} spot
 */
function arriveAt(answer, spot) {
  if (shown() !== answer) return;
  grid.relayout();
  focusSpot(spot);
}

/**
 * @param {Answer} answer
 * @param {Spot} from
 * @param {number} by
 */
async function nextRow(answer, from, by) {
  const middle = answer.at(from)?.photo.id === column.id ? column.middle : middleOf(from);
  const arrive = (/** @type {Spot} */ spot) => {
    column = { id: answer.at(spot)?.photo.id ?? "", middle };
    focusSpot(spot);
  };
  const near = rowIn(answer, from, by, middle);
  if (near) return arrive(near);
  const edge = from.page + by;
  if (edge < 0 || edge >= answer.pageCount) return;
  await answer.load(edge).catch(() => {});
  if (shown() !== answer || !answer.items(edge)?.length) return;
  grid.relayout();
  const items = answer.items(edge) ?? [];
  arrive(nearest(edge, by > 0 ? 0 : items.length - 1, middle, items.length));
}

/**
 * The tile of the next row of the same page; undefined where there is none.
 * @param {Answer} answer
 * @param {Spot} from
 * @param {number} by
 * @param {number} middle
 */
function rowIn(answer, { page, pos }, by, middle) {
  const count = answer.items(page)?.length ?? 0;
  const here = grid.shape().box(page, pos).top;
  for (let at = pos + by; at >= 0 && at < count; at += by) {
    if (grid.shape().box(page, at).top !== here) return nearest(page, at, middle, count);
  }
  return undefined;
}

/**
 * Of the row that an item stands in, the one whose middle is nearest.
 * @param {number} page
 * @param {number} pos
 * @param {number} middle
 * @param {number} count of the page
 */
function nearest(page, pos, middle, count) {
  const { top } = grid.shape().box(page, pos);
  let best = pos;
  for (let at = 0; at < count; at += 1) {
    const closer = Math.abs(middleOf({ page, pos: at }) - middle) < Math.abs(middleOf({ page, pos: best }) - middle);
    if (grid.shape().box(page, at).top === top && closer) best = at;
  }
  return { page, pos: best };
}

/** @param {Spot} spot */
function middleOf({ page, pos }) {
  const { left, width } = grid.shape().box(page, pos);
  return left + width / 2;
}
