// How an answer in order of time lies in it: months with counts, and how far from the answer's start each begins.

/** @typedef {import("./alike.js").Shown} Shown */
/** @typedef {{ name: string, photos: number, before: number }} Month `before`: photos of the answer in front of it */

export class Timeline {
  /**
   * @param {{ name: string, photos: number }[]} periods months, the newest first
   * @param {number} undated photos without a date
   * @param {boolean} oldest whether the oldest come first
   */
  constructor(periods, undated, oldest) {
    this.oldest = oldest;
    const ordered = oldest ? [...periods].reverse() : periods;
    // Photos without a date count as older than all.
    let before = oldest ? undated : 0;
    /** @type {Month[]} in the order of the answer */
    this.months = ordered.map(({ name, photos }) => {
      const month = { name, photos, before };
      before += photos;
      return month;
    });
    this.total = before + (oldest ? 0 : undated);
  }

  /**
   * The month that a share of the answer lies in.
   * @param {number} share 0 to 1
   * @returns {number} its place among the months
   */
  at(share) {
    const wanted = share * this.total;
    let [low, high] = [0, this.months.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.months[middle].before <= wanted) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Years with their counts, and where they begin. */
  years() {
    /** @type {Month[]} */
    const years = [];
    for (const { name, photos, before } of this.months) {
      const year = name.slice(0, 4);
      const last = years.at(-1);
      if (last?.name === year) last.photos += photos;
      else years.push({ name: year, photos, before });
    }
    return years;
  }

  /**
   * Whether a photo stands in front of a month.
   * @param {Shown} item
   * @param {string} month
   */
  isBefore({ photo: { taken }, band }, month) {
    if (band === "weak") return false;
    if (!taken) return this.oldest;
    const own = taken.length < 7 ? `${taken}-01` : taken.slice(0, 7);
    return this.oldest ? own < month : own > month;
  }
}
