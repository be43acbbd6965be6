// Where tiles stand: rows of one height, page by page. Nothing here knows of the document.
//
// A page that is loaded fills whole rows; one that is not is as high as pages are on the average. Lengths are CSS
// pixels, from the upper left corner of the grid on.

import { PAGE } from "./answer.js";

/** @typedef {{ ratio: number, day: string }} Item its width by its height; the day that begins with it, or "" */
/** @typedef {{ top: number, left: number, width: number, height: number, room: number }} Box within its page; the name of a day that begins with it stands above, and has so much `room` */
/** @typedef {{ row: number, gap: number, day: number }} Measures height of a row, space between tiles, height of a day's name */

/** A row is at most this much higher than others. */
const HIGHEST = 1.8;
/** What pictures are like before any is known. */
const USUAL = 1.4;

/**
 * Rows of a page: as many as their height allows, each as wide as the grid. Few tiles stay as high as a row.
 * @param {Item[]} items
 * @param {number} width of the grid
 * @param {Measures} measures
 * @returns {{ boxes: Box[], height: number }} the height with the space below
 */
export function rows(items, width, { row, gap, day }) {
  const sum = items.reduce((all, item) => all + item.ratio, 0);
  const count = Math.max(1, Math.round((sum * row) / width));
  /** @type {Box[]} */
  const boxes = [];
  let top = 0;
  let from = 0;
  let passed = 0;
  for (let number = 1; from < items.length; number += 1) {
    let to = from;
    let ratios = 0;
    // A tile belongs to this row if its middle does.
    while (to < items.length && (to === from || number >= count || passed + items[to].ratio / 2 < (sum * number) / count)) {
      ratios += items[to].ratio;
      passed += items[to].ratio;
      to += 1;
    }
    const full = (width - gap * (to - from - 1)) / ratios;
    const height = full > row * HIGHEST ? row : full;
    if (items.slice(from, to).some((item) => item.day)) top += day;
    let left = 0;
    for (let at = from; at < to; at += 1) {
      const wide = Math.min(width, items[at].ratio * height);
      boxes.push({ top, left, width: wide, height, room: 0 });
      left += wide + gap;
    }
    let end = width;
    for (let at = to - 1; at >= from; at -= 1) {
      boxes[at].room = end - boxes[at].left;
      if (items[at].day) end = boxes[at].left - gap;
    }
    top += height + gap;
    from = to;
  }
  return { boxes, height: top };
}

/** The pages of an answer, one below the other. */
export class Layout {
  /**
   * @param {number} width
   * @param {Measures} measures
   */
  constructor(width, measures) {
    this.width = width;
    this.measures = measures;
    /** @type {Map<number, { boxes: Box[], height: number, days: string[] }>} */
    this.placed = new Map();
    /** @type {Map<number, number>} heights of pages, those that were let go of among them */
    this.heights = new Map();
    this.tops = new Float64Array(1);
    this.total = 0;
  }

  /**
   * How many items there are, so that pages that were never seen have their places.
   * @param {number} total
   */
  setTotal(total) {
    this.total = total;
    this.stack();
  }

  /**
   * @param {number} page
   * @param {Item[]} items
   */
  place(page, items) {
    const placed = rows(items, this.width, this.measures);
    this.placed.set(page, { ...placed, days: items.map((item) => item.day) });
    this.heights.set(page, placed.height);
  }

  /** Puts the pages below each other. To be called after `place`. */
  stack() {
    const pages = Math.ceil(this.total / PAGE);
    const each = this.usual();
    const tops = new Float64Array(pages + 1);
    for (let page = 0; page < pages; page += 1) {
      const items = Math.min(PAGE, this.total - page * PAGE);
      tops[page + 1] = tops[page] + (this.heights.get(page) ?? (each * items) / PAGE);
    }
    this.tops = tops;
  }

  /** The height of a full page: the mean of what was seen. */
  usual() {
    const { row, gap } = this.measures;
    const full = [...this.heights].filter(([page]) => (page + 1) * PAGE <= this.total).slice(-200);
    if (!full.length) return Math.max(1, Math.round((USUAL * PAGE * row) / this.width)) * (row + gap);
    return full.reduce((all, [, height]) => all + height, 0) / full.length;
  }

  get pages() {
    return this.tops.length - 1;
  }

  get height() {
    return this.tops[this.pages];
  }

  /**
   * The page at this height; the nearest one outside.
   * @param {number} y
   */
  pageAt(y) {
    let low = 0;
    let high = this.pages - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.tops[middle] <= y) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  /**
   * The first item of a page that reaches below this height; -1 where its items are not there.
   * @param {number} page
   * @param {number} y
   */
  itemAt(page, y) {
    const boxes = this.placed.get(page)?.boxes ?? [];
    const found = boxes.findIndex((box) => this.tops[page] + box.top + box.height > y);
    return found < 0 ? boxes.length - 1 : found;
  }

  /**
   * Where an item stands in the grid. An item of a page that is not there stands where it would by its number.
   * @param {number} page
   * @param {number} pos
   * @returns {Box}
   */
  box(page, pos) {
    const box = this.placed.get(page)?.boxes[pos];
    const top = this.tops[Math.min(page, this.pages)];
    if (box) return { ...box, top: top + box.top };
    const height = (this.tops[Math.min(page + 1, this.pages)] ?? top) - top;
    return { top: top + height * Math.min(1, Math.max(0, pos) / PAGE), left: 0, width: this.width, height: this.measures.row, room: 0 };
  }
}
