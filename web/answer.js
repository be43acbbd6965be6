// One search and what is known of its answer. Whatever arrives for it stays in it: answers of other searches are other objects.
//
// The answer is kept in pages of the service (`PAGE` results each), in any order and not all of them: those that were
// looked at last. What is shown of a page are its results without the folded weaker ones, and with the photos alike
// one of them where that is unfolded.

import * as alike from "./alike.js";

/** @typedef {import("./address.js").State} State */
/** @typedef {import("./api.js").Hit} Hit */
/** @typedef {import("./api.js").SearchAnswer} SearchAnswer */
/** @typedef {import("./alike.js").Shown} Shown */
/** @typedef {{ page: number, pos: number }} Spot where an item stands: its page, and the place among what is shown of it */
/** @typedef {{ hits: Hit[], items: Shown[] }} Page */
/** @typedef {(offset: number, k: number, signal: AbortSignal, also?: { all: boolean }) => Promise<SearchAnswer>} Ask `all`: photos that are alike are results of their own */

/** Results in a page. */
export const PAGE = 60;
/** Pages that are kept. */
const KEPT = 60;

export class Answer {
  /**
   * @param {State} state the search
   * @param {Ask} ask asks the service
   */
  constructor(state, ask) {
    this.state = state;
    this.ask = ask;
    this.abort = new AbortController();
    /** @type {Map<number, Page>} used last, last */
    this.pages = new Map();
    /** @type {Map<number, Promise<boolean>>} */
    this.awaited = new Map();
    /** @type {SearchAnswer | null} what came last, for all but its hits */
    this.about = null;
    /** Results, at most; all of them are known to be so many where `exact`. */
    this.end = 0;
    this.exact = false;
    /** No result stands here or behind. */
    this.bound = Infinity;
    /** Results that are not weak, at most. */
    this.fit = Infinity;
    /** @type {Set<string>} ids of the photos whose tiles are unfolded */
    this.open = new Set();
    /** Whether weaker photos are shown too. */
    this.weaker = false;
    /** Photos of the library when it was asked. */
    this.photos = -1;
  }

  /** Whether weaker photos are there, and folded. */
  get folds() {
    return !this.weaker && (this.about?.fitting ?? 0) > 0;
  }

  /** Results that are shown, at most. */
  get total() {
    return this.folds ? Math.min(this.end, this.fit) : this.end;
  }

  /** Whether `total` is no estimate. */
  get sure() {
    return this.exact || (this.folds && this.fit < Infinity && this.known(this.fit));
  }

  get pageCount() {
    return Math.ceil(this.total / PAGE);
  }

  /**
   * Whether the result at this place was seen, so that it is certain what stands there.
   * @param {number} offset
   */
  known(offset) {
    return this.pages.get(Math.floor(offset / PAGE)) !== undefined;
  }

  /**
   * Loads a page unless it is there.
   * @param {number} page
   * @returns {Promise<boolean>} whether it had to be loaded
   */
  load(page) {
    if (this.pages.has(page)) return Promise.resolve(false);
    const awaited = this.awaited.get(page);
    if (awaited) return awaited;
    const loading = this.fetch(page).finally(() => this.awaited.delete(page));
    this.awaited.set(page, loading);
    return loading;
  }

  /** @param {number} page */
  async fetch(page) {
    const found = await this.ask(page * PAGE, PAGE, this.abort.signal);
    this.take(page, found);
    return true;
  }

  /**
   * @param {number} page
   * @param {SearchAnswer} found
   */
  take(page, found) {
    const first = page * PAGE;
    const last = first + found.hits.length;
    const ends = !found.more && (found.hits.length > 0 || page === 0);
    // A page behind the end says that there are no more than before it.
    if (!found.more && !ends) this.bound = Math.min(this.bound, first);
    if (ends) [this.end, this.exact] = [last, true];
    else if (!this.exact) this.end = Math.max(Math.min(found.matching, this.bound), found.more ? last + 1 : 0);
    this.about = found;
    const weak = found.hits.findIndex((hit) => hit.band === "weak");
    if (weak >= 0) this.fit = Math.min(this.fit, first + weak);
    else if (this.fit === Infinity && found.fitting) this.fit = Math.max(found.fitting, last);
    this.pages.set(page, this.shown(found.hits));
    for (const [old] of this.pages) {
      if (this.pages.size <= KEPT) break;
      this.pages.delete(old);
    }
  }

  /**
   * @param {Hit[]} hits
   * @returns {Page}
   */
  shown(hits) {
    const fit = this.folds ? hits.filter((hit) => hit.band !== "weak") : hits;
    return { hits, items: alike.unfolded(fit, this.open) };
  }

  /** Shows what is loaded anew: after folding or unfolding. */
  reshow() {
    for (const [number, page] of this.pages) this.pages.set(number, this.shown(page.hits));
  }

  /**
   * What is shown of a page; undefined while it is not there.
   * @param {number} page
   * @returns {Shown[] | undefined}
   */
  items(page) {
    const found = this.pages.get(page);
    if (!found) return undefined;
    // Used last.
    this.pages.delete(page);
    this.pages.set(page, found);
    return found.items;
  }

  /**
   * Where a photo is shown; undefined where it is on no page that is there.
   * @param {string} id
   * @returns {Spot | undefined}
   */
  find(id) {
    for (const [page, { items }] of this.pages) {
      const pos = items.findIndex((item) => item.photo.id === id);
      if (pos >= 0) return { page, pos };
    }
    return undefined;
  }

  /**
   * The place of a result in the whole answer; -1 where it is on no page that is there.
   * @param {(hit: Hit) => boolean | undefined} is
   */
  offsetOf(is) {
    for (const [page, { hits }] of this.pages) {
      const found = hits.findIndex(is);
      if (found >= 0) return page * PAGE + found;
    }
    return -1;
  }

  /** @param {Spot} spot */
  at({ page, pos }) {
    return this.pages.get(page)?.items[pos];
  }

  /** How many weaker photos are folded, where all are there; else -1. */
  get weak() {
    if (!this.exact) return -1;
    return this.end - Math.min(this.end, this.fit);
  }

  /**
   * The spot so many items on; null where there is none, and where its page cannot be had.
   * @param {Spot} from
   * @param {number} by 1 or -1
   * @returns {Promise<Spot | null>}
   */
  async beside({ page, pos }, by) {
    let [to, at] = [page, pos + by];
    while (to >= 0) {
      const items = this.items(to);
      if (items && at >= 0 && at < items.length) return { page: to, pos: at };
      if (items) to += by;
      if (to < 0 || to >= this.pageCount) return null;
      await this.load(to);
      const next = this.items(to) ?? [];
      at = by > 0 ? 0 : next.length - 1;
      if (!next.length && by > 0) return null;
    }
    return null;
  }

  /**
   * The number of an item among all that is shown, from 1 on. Pages that are not there count as full ones.
   * @param {Spot} spot
   */
  number({ page, pos }) {
    let extra = 0;
    for (const [other, { hits, items }] of this.pages) if (other < page) extra += Math.max(0, items.length - hits.length);
    return page * PAGE + extra + pos + 1;
  }

  /** How many items are shown in all: `total`, and the photos that are unfolded. */
  get count() {
    let extra = 0;
    for (const { items } of this.pages.values()) extra += items.filter((item) => item.below).length;
    return this.total + extra;
  }

  /** Nobody waits for what is still to come. */
  stop() {
    this.abort.abort();
    this.abort = new AbortController();
  }
}
