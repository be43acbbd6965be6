// Numbers and facts as people read them.

import { wording } from "./language.js";
import { decimal, locale, percent } from "./locale.js";

/** @typedef {import("./api.js").Photo} Photo */

/** A number and its unit stay on one line. */
const KEPT_SPACE = "\u00a0";

/**
 * The last part of a path.
 * @param {string} path
 */
export function fileName(path) {
  return path.split(/[/\\]/).pop() || path;
}

/** @param {Photo} photo */
export function photoName(photo) {
  return photo.files.length ? fileName(photo.files[0].path) : photo.id.slice(0, 12);
}

/**
 * What a classifier takes it to show: "umbrella (87%); rain boot (21%)".
 * @param {Photo} photo
 */
export function classesText(photo) {
  const likely = (photo.probabilities ?? []).map((share) => ` (${percent(share)})`);
  return (photo.classes ?? []).map((names, i) => names + (likely[i] ?? "")).join("; ");
}

/**
 * Two digits, a real minus, and no "-0.00".
 * @param {number} score
 */
export function scoreText(score) {
  const [sign, size] = [score < 0 ? "\u2212" : "", decimal(Math.abs(score), 2, true)];
  return Number(score.toFixed(2)) === 0 ? size : sign + size;
}

/**
 * "812 bytes", "1.5 MB", "12 GB".
 * @param {number} bytes
 */
export function fileSize(bytes) {
  if (bytes < 1000) return unit(bytes, "byte", 0, "long");
  const units = ["kilobyte", "megabyte", "gigabyte"];
  let value = bytes;
  let at = -1;
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000;
    at += 1;
  }
  return unit(value, units[at], value < 10 ? 1 : 0).replace(" ", KEPT_SPACE);
}

/**
 * A number with its unit, as the language writes both.
 * @param {number} value
 * @param {string} name
 * @param {number} digits behind the point
 * @param {"short" | "long"} [unitDisplay]
 */
function unit(value, name, digits, unitDisplay = "short") {
  const size = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay, ...size }).format(value);
}

/** @param {number} value */
export function milliseconds(value) {
  return unit(value, "millisecond", 0);
}

/**
 * The camera's wall clock, without a zone.
 * @param {string} text such as 2019-07-14T16:20:00, or as much of it as is known: 2019-07
 */
export function dateTime(text) {
  if (text.length < 7) return text;
  if (text.length <= 10) return partialDate(text);
  const date = new Date(`${text}Z`);
  if (Number.isNaN(date.getTime())) return text;
  const style = /** @type {const} */ ({ dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
  return new Intl.DateTimeFormat(locale, style).format(date);
}

/** @param {string} text a month or a day: 2019-07, 2019-07-14 */
function partialDate(text) {
  const [year, month, day] = text.split("-").map(Number);
  const date = new Date(Date.UTC(year, month - 1, day ?? 1));
  const style = /** @type {const} */ ({ year: "numeric", month: "long", timeZone: "UTC" });
  return new Intl.DateTimeFormat(locale, day ? { ...style, day: "numeric" } : style).format(date);
}

/**
 * What says when a photo was taken, where that is worth telling.
 * @param {string} [source]
 */
export function dateSource(source) {
  /** @type {Record<string, string | undefined>} */
  const names = wording.facts.dateSources;
  return names[source ?? ""] ?? "";
}

/** @param {Photo["exposure"]} exposure */
export function exposureText(exposure) {
  if (!exposure) return "";
  const { seconds, f_number, iso, focal_mm } = exposure;
  const parts = [];
  if (seconds) parts.push(seconds < 0.4 ? `1/${Math.round(1 / seconds)} s` : `${decimal(seconds, 1)} s`);
  if (f_number) parts.push(`f/${decimal(f_number, 1)}`);
  if (iso) parts.push(`ISO ${iso}`);
  if (focal_mm) parts.push(`${decimal(focal_mm, 1)} mm`);
  return parts.map((part) => part.replace(" ", KEPT_SPACE)).join(" · ");
}

/** @param {Photo["camera"]} camera */
export function cameraText(camera) {
  const { make = "", model = "" } = camera ?? {};
  const repeated = model.toLowerCase().startsWith(make.toLowerCase());
  return (repeated ? model : `${make} ${model}`).trim();
}

/** @param {Photo["position"]} position */
export function positionText(position) {
  if (!position) return "";
  const { latitude, longitude } = position;
  const { north, south, east, west } = wording.facts;
  const degrees = (/** @type {number} */ value) => `${decimal(Math.abs(value), 4, true)}°`;
  return `${degrees(latitude)} ${latitude < 0 ? south : north}, ${degrees(longitude)} ${longitude < 0 ? west : east}`;
}

/**
 * As players show it: "0:07", "1:02:03".
 * @param {number} seconds
 */
export function clock(seconds) {
  const all = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const minutes = Math.floor(all / 60) % 60;
  const hours = Math.floor(all / 3600);
  return hours ? `${hours}:${two(minutes)}:${two(all % 60)}` : `${minutes}:${two(all % 60)}`;
}

/**
 * Roughly: "5 s", "12 min", "1.5 h".
 * @param {number} seconds
 */
export function duration(seconds) {
  if (seconds < 50) return `${Math.max(5, Math.ceil(seconds / 5) * 5)} s`;
  if (seconds < 3300) return `${Math.max(1, Math.round(seconds / 60))} min`;
  return `${decimal(seconds / 3600, 1, true)} h`;
}
