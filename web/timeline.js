// How an answer in order of time lies in it: months with counts, and how far from the answer's start each begins.

/** @typedef {import("./alike.js").Shown} Shown */
/** @typedef {{ name: string, photos: number, before: number }} Month `before`: photos of the answer in front of it */
/** @typedef {{ offset: number, hit: Shown }} Sample a result, and how many stand in front of it */

export class Timeline {
  /**
   * @param {{ name: string, photos: number }[]} periods months, the newest first
   * @param {number} undated photos without a date
   * @param {boolean} oldest whether the oldest come first
   * @param {{ samples: Sample[], total: number }} [seen] results here and there in the answer, and how many it has:
   *   photos without a date stand by the time of their files, which the counts do not tell
   */
  constructor(periods, undated, oldest, seen = { samples: [], total: 0 }) {
    this.oldest = oldest;
    this.samples = seen.samples;
    const ordered = oldest ? [...periods].reverse() : periods;
    let before = 0;
    /** @type {Month[]} in the order of the answer */
    this.months = ordered.map(({ name, photos }) => {
      const month = { name, photos, before };
      before += photos;
      return month;
    });
    this.total = before + undated;
    if (this.samples.length) this.place(before, seen.total);
  }

  /**
   * Puts the months between the results that were seen.
   * @param {number} dated photos with a date
   * @param {number} total
   */
  place(dated, total) {
    const counted = this.months.map(({ before }) => before);
    const upTo = (/** @type {Sample} */ { hit }) => counted[this.months.findIndex(({ name }) => !this.isAfter(hit, name))] ?? dated;
    this.months.forEach((month, at) => {
      const [first, last] = this.around(month.name);
      if (!first) return void (month.before = 0);
      const [from, to] = [upTo(first), last ? upTo(last) : dated];
      const share = to > from ? Math.min(1, Math.max(0, (counted[at] - from) / (to - from))) : 1;
      month.before = Math.round(first.offset + share * ((last?.offset ?? total) - first.offset));
    });
    this.total = total;
  }

  /**
   * The last result that was seen in front of a month, and the first one that was not.
   * @param {string} month
   * @returns {[Sample | undefined, Sample | undefined]}
   */
  around(month) {
    const at = this.samples.findIndex(({ hit }) => !this.isBefore(hit, month));
    return at < 0 ? [this.samples.at(-1), undefined] : [this.samples[at - 1], this.samples[at]];
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
  isBefore({ photo, band }, month) {
    if (band === "weak") return false;
    const own = monthOf(photo);
    return this.oldest ? own < month : own > month;
  }

  /**
   * Whether a photo stands behind a month.
   * @param {Shown} item
   * @param {string} month
   */
  isAfter({ photo, band }, month) {
    if (band === "weak") return true;
    const own = monthOf(photo);
    return this.oldest ? own > month : own < month;
  }

  /**
   * The place of the month that a photo stands in, or else of the one before it; -1 in front of all.
   * @param {Shown} item
   */
  of(item) {
    const behind = this.months.findIndex(({ name }) => this.isBefore(item, name));
    return (behind < 0 ? this.months.length : behind) - 1;
  }

  /**
   * Whether a share of the answer lies in front of all months.
   * @param {number} share
   */
  isUndated(share) {
    return this.months.length > 0 && share * this.total < this.months[0].before;
  }
}

/**
 * The month that the service puts a photo in: without a date, that of its oldest file.
 * @param {import("./api.js").Photo} photo
 */
function monthOf({ taken, files }) {
  if (taken) return taken.length < 7 ? `${taken}-01` : taken.slice(0, 7);
  const oldest = Math.min(...(files ?? []).map((file) => file.modified_ns));
  return Number.isFinite(oldest) ? new Date(oldest / 1e6).toISOString().slice(0, 7) : "1970-01";
}
