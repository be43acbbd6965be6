// The grid: only the tiles near the window are in the document. Their places are known before any picture has loaded.

import { PAGE } from "./answer.js";
import { dayName, dayOf } from "./days.js";
import { byId, make } from "./dom.js";
import { Layout } from "./layout.js";
import { measure } from "./measures.js";
import * as scroll from "./scroll.js";
import { letGo, loadPicture, newTile, place as put, ratioOf, update } from "./tile.js";

/** @typedef {import("./answer.js").Answer} Answer */
/** @typedef {import("./answer.js").Spot} Spot */
/** @typedef {import("./alike.js").Shown} Shown */
/** @typedef {{ scored: boolean, dated: boolean, addressOf: (id: string) => string }} Way how tiles are shown; `dated`: in order of time */
/** @typedef {{ spot: Spot, dy: number }} Anchor an item, and how far below the window's upper edge it stands */
/** @typedef {{ y: number, anchor: Anchor | null, width: number, heights: [number, number][] }} Place of the window in the grid */

/** So much of the window's height is kept above and below it, and asked for. */
const AROUND = 1.2;
/** A window that moves further at once, in shares of its height, flies by: nothing is asked for until it pauses. */
const FLIES = 0.3;
const PAUSE = 90;
/** A page that could not be had is asked for again then. */
const AGAIN = 3000;

const list = byId("grid");

/** @type {Answer | null} */
let answer = null;
/** @type {Way} */
let way = { scored: false, dated: false, addressOf: () => "" };
let layout = new Layout(1, { row: 1, gap: 0, day: 0 });
/** @type {WeakMap<Answer, Layout>} */
const layouts = new WeakMap();
/** @type {Map<string, HTMLElement>} */
let tiles = new Map();
/** @type {Map<number, HTMLElement>} blank pages */
let blanks = new Map();
/** @type {Map<number, number>} pages that could not be had, and when they are asked for again */
const failed = new Map();
/** Counts what changes tiles that stay; and of each tile, what it shows already. */
let version = 0;
/** @type {WeakMap<HTMLElement, string>} */
const drawn = new WeakMap();
let roving = "";
let later = 0;
let lastY = 0;
/** @type {(page: number) => void} */
let arrived = () => {};

/** @param {(page: number) => void} listener hears that a page of the answer has come */
export function connect(listener) {
  arrived = listener;
  scroll.listen(render);
  let width = list.clientWidth;
  new ResizeObserver(() => {
    if (list.clientWidth === width) return;
    width = list.clientWidth;
    relayout();
  }).observe(list);
}

/**
 * Shows an answer. Tiles that were there already are kept, so nothing flickers.
 * @param {Answer | null} next
 * @param {Way} how
 */
export function show(next, how) {
  [answer, way] = [next, how];
  failed.clear();
  list.classList.toggle("dated", how.dated);
  for (const old of list.querySelectorAll(".blank.first")) old.remove();
  relayout();
}

/** The answer has changed: another page, or other items on one. What is in view stays where it is. */
export function relayout() {
  version += 1;
  const held = anchor();
  const measures = measure(way.dated);
  const width = list.clientWidth;
  const known = answer && layouts.get(answer);
  const same = known && known.width === width && known.measures.row === measures.row && known.measures.day === measures.day;
  layout = same ? known : new Layout(width, measures);
  if (answer) layouts.set(answer, layout);
  const pages = answer?.pages ?? new Map();
  for (const page of layout.placed.keys()) if (!pages.has(page)) layout.placed.delete(page);
  for (const [page, { items }] of pages) layout.place(page, layoutItems(page, items));
  layout.setTotal(answer?.total ?? 0);
  scroll.setHeight(layout.height);
  if (held && held.of === answer) scroll.go(layout.box(held.spot.page, held.spot.pos).top - held.dy);
  render();
}

/**
 * @param {number} page
 * @param {Shown[]} items
 * @returns {import("./layout.js").Item[]}
 */
function layoutItems(page, items) {
  const before = answer?.pages.get(page - 1)?.items.at(-1);
  // Where the page before is not known, a day is taken to go on.
  let last = page > 0 && !before ? dayOf(items[0]) : before ? dayOf(before) : undefined;
  return items.map((item) => {
    const day = dayOf(item);
    const begins = way.dated && day !== last && (day !== "" || item.band !== "weak");
    last = day;
    return { ratio: ratioOf(item), day: begins ? dayName(day) : "" };
  });
}

/** What stays in view when tiles above it change their height. */
function anchor() {
  const y = scroll.y() + barHeight();
  if (!answer || !layout.pages || y <= 0) return null;
  const page = layout.pageAt(y);
  const item = layout.itemAt(page, y);
  const share = (y - layout.tops[page]) / Math.max(1, layout.tops[page + 1] - layout.tops[page]);
  const spot = { page, pos: item < 0 ? Math.max(0, Math.floor(share * PAGE)) : item };
  return { of: answer, spot, dy: layout.box(spot.page, spot.pos).top - scroll.y() };
}

/** The bar on top lies above the tiles. */
function barHeight() {
  return byId("bar").offsetHeight;
}

/** Shows the tiles anew, because others are selected. */
export function redraw() {
  version += 1;
  render();
}

/** Brings the tiles near the window into the document, and takes the others out of it. */
export function render() {
  const y = scroll.y();
  const around = AROUND * innerHeight;
  /** @type {Map<string, HTMLElement>} */
  const next = new Map();
  /** @type {Map<number, HTMLElement>} */
  const nextBlanks = new Map();
  if (answer && layout.pages) {
    const [from, to] = [layout.pageAt(y - around), layout.pageAt(y + innerHeight + around)];
    for (let page = from; page <= to; page += 1) {
      const items = answer.items(page);
      if (!items || !layout.placed.has(page)) nextBlanks.set(page, blank(page));
      else items.forEach((item, pos) => renderItem(item, { page, pos }, y - around, y + innerHeight + around, next));
    }
    askFor(y, next);
  }
  keepFocused(next);
  replace(next, nextBlanks);
  lastY = y;
}

/**
 * @param {Shown} item
 * @param {Spot} spot
 * @param {number} from
 * @param {number} to
 * @param {Map<string, HTMLElement>} next
 */
function renderItem(item, { page, pos }, from, to, next) {
  const box = layout.box(page, pos);
  const { id } = item.photo;
  if (box.top + box.height < from || box.top > to || next.has(id)) return;
  const tile = tiles.get(id) ?? newTile(item, rove);
  next.set(id, tile);
  const state = `${version} ${scroll.origin()}`;
  if (drawn.get(tile) === state) return;
  drawn.set(tile, state);
  const day = layout.placed.get(page)?.days[pos] ?? "";
  update(tile, item, { scored: way.scored, href: way.addressOf(id), day, box: { ...box, top: box.top - scroll.origin() } });
}

/** @param {Map<string, HTMLElement>} next */
function keepFocused(next) {
  const held = focused();
  const tile = held && tiles.get(held);
  if (held && tile && !next.has(held) && answer?.find(held)) next.set(held, tile);
}

/**
 * Brings the list in this order, touching only what is out of place.
 * @param {Map<string, HTMLElement>} next
 * @param {Map<number, HTMLElement>} nextBlanks
 */
function replace(next, nextBlanks) {
  const lost = focused();
  for (const [id, tile] of tiles) if (next.get(id) !== tile) letGo(tile);
  for (const [page, element] of blanks) if (nextBlanks.get(page) !== element) element.remove();
  [tiles, blanks] = [next, nextBlanks];
  let at = list.firstElementChild;
  for (const tile of tiles.values()) {
    if (at === tile) at = at.nextElementSibling;
    else list.insertBefore(tile, at);
  }
  for (const element of blanks.values()) if (!element.isConnected) list.append(element);
  if (!tiles.has(roving)) rove(tiles.keys().next().value ?? "");
  if (lost && !tiles.has(lost)) tiles.get(roving)?.querySelector("a")?.focus({ preventScroll: true });
}

/** @param {number} page one that is not there */
function blank(page) {
  const element = blanks.get(page) ?? make("li", { class: "blank", "aria-hidden": "true" });
  const [top, end] = [layout.tops[page], layout.tops[page + 1]];
  put(element, { top: top - scroll.origin(), left: 0, width: layout.width, height: Math.max(0, end - top - layout.measures.gap), room: 0 });
  return element;
}

/**
 * Asks for the pages and pictures near the window, unless it flies by.
 * @param {number} y
 * @param {Map<string, HTMLElement>} near
 */
function askFor(y, near) {
  clearTimeout(later);
  if (!answer) return;
  if (Math.abs(y - lastY) > FLIES * innerHeight) {
    later = setTimeout(render, PAUSE);
    return;
  }
  near.forEach(loadPicture);
  const [from, to] = [layout.pageAt(y - AROUND * innerHeight), layout.pageAt(y + (1 + AROUND) * innerHeight)];
  for (let page = from; page <= to; page += 1) if (!answer.pages.has(page)) askForPage(answer, page);
}

/**
 * @param {Answer} of
 * @param {number} page
 */
async function askForPage(of, page) {
  if (of.awaited.has(page) || (failed.get(page) ?? 0) > performance.now()) return;
  try {
    await of.load(page);
    if (of === answer) arrived(page);
  } catch {
    if (of !== answer || of.abort.signal.aborted) return;
    failed.set(page, performance.now() + AGAIN);
    setTimeout(render, AGAIN + 10);
  }
}

/**
 * One tile at a time is reached with Tab.
 * @param {string} id
 */
export function rove(id) {
  roving = id;
  for (const link of list.querySelectorAll('a[tabindex="0"]')) link.tabIndex = -1;
  const link = tiles.get(id)?.querySelector("a");
  if (link) link.tabIndex = 0;
}

/** The id of the tile that has the focus. */
export function focused() {
  const link = document.activeElement?.closest?.("#grid a");
  return link instanceof HTMLElement ? link.dataset.id : undefined;
}

/** The tile of a photo, where it is in the document. */
export function tileOf(/** @type {string} */ id) {
  return tiles.get(id);
}

/** Where the window stands in the grid. @returns {Place} */
export function place() {
  const held = anchor();
  const few = layout.heights.size <= 400;
  return { y: scrollY, anchor: held && { spot: held.spot, dy: held.dy }, width: layout.width, heights: few ? [...layout.heights] : [] };
}

/**
 * Brings the window to where it stood.
 * @param {Place} to
 */
export function restore({ y, anchor: held, width, heights }) {
  if (width === layout.width) for (const [page, height] of heights) if (!layout.placed.has(page)) layout.heights.set(page, height);
  layout.stack();
  scroll.setHeight(layout.height);
  if (held) scroll.go(layout.box(held.spot.page, held.spot.pos).top - held.dy);
  // Where nothing has changed the window stands to the pixel as before.
  if (!held || Math.abs(scrollY - y) <= 2) scrollTo({ top: y, behavior: "instant" });
  render();
}

/**
 * Scrolls, if need be, until an item is in view.
 * @param {Spot} spot
 * @param {boolean} [onTop] brings it to the window's upper edge
 */
export function reveal({ page, pos }, onTop = false) {
  const box = layout.box(page, pos);
  const y = scroll.y();
  const over = barHeight() + layout.measures.day + layout.measures.gap;
  if (onTop || box.top < y + over) scroll.go(page === 0 && box.top <= layout.measures.day ? -list.offsetTop : box.top - over);
  else if (box.top + box.height > y + innerHeight) scroll.go(box.top + box.height + layout.measures.gap - innerHeight);
  render();
}

/** The layout that is shown. */
export function shape() {
  return layout;
}

/** The item at the window's upper edge, below the bar. */
export function topSpot() {
  return anchor()?.spot ?? { page: 0, pos: 0 };
}
