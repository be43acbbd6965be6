// Days and months of an order of time.

import { wording } from "./language.js";
import { locale } from "./locale.js";

/** @typedef {import("./alike.js").Shown} Shown */

const NARROW = matchMedia("(max-width: 40rem)");
const SHORT = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "2-digit", timeZone: "UTC" });
const DAY = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const MONTH = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" });

/**
 * The day of a photo, as much of it as is known; "" for none, and for one that only came near.
 * @param {Shown | undefined} item
 */
export function dayOf(item) {
  return item && item.band !== "weak" ? (item.photo.taken ?? "").slice(0, 10) : "";
}

/** @type {Map<string, string>} */
const names = new Map([["", wording.answer.undated]]);

/**
 * What people call a day, a month or a year.
 * @param {string} day 2019, 2019-07, 2019-07-14
 */
export function dayName(day) {
  const key = NARROW.matches && day ? `${day} short` : day;
  const known = names.get(key);
  if (known) return known;
  const [year, month, date] = day.split("-").map(Number);
  const time = Date.UTC(year, (month ?? 1) - 1, date ?? 1);
  const name = !month || Number.isNaN(time) ? day : (!date ? MONTH : NARROW.matches ? SHORT : DAY).format(time);
  names.set(key, name);
  return name;
}
