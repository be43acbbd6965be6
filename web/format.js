// Numbers and facts as people read them.

/** @typedef {import("./api.js").Photo} Photo */

const whole = new Intl.NumberFormat("en");

/** @param {number} value */
export function count(value) {
  return whole.format(value);
}

/**
 * "1 photo", "5,004 photos".
 * @param {number} value
 * @param {string} one
 * @param {string} [many]
 */
export function counted(value, one, many = `${one}s`) {
  return `${count(value)} ${value === 1 ? one : many}`;
}

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
 * What a classifier takes it to show: "umbrella (87 %); rain boot (21 %)".
 * @param {Photo} photo
 */
export function classesText(photo) {
  const likely = (photo.probabilities ?? []).map((share) => ` (${Math.round(100 * share)} %)`);
  return (photo.classes ?? []).map((names, i) => names + (likely[i] ?? "")).join("; ");
}

/**
 * Two digits, a real minus, and no "-0.00".
 * @param {number} score
 */
export function scoreText(score) {
  const text = score.toFixed(2);
  return Number(text) === 0 ? "0.00" : text.replace("-", "\u2212");
}

/** @param {number} bytes */
export function fileSize(bytes) {
  if (bytes < 1000) return counted(bytes, "byte");
  const units = ["kB", "MB", "GB"];
  let value = bytes;
  let unit = -1;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
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
  return new Intl.DateTimeFormat(undefined, style).format(date);
}

/** @param {string} text a month or a day: 2019-07, 2019-07-14 */
function partialDate(text) {
  const [year, month, day] = text.split("-").map(Number);
  const date = new Date(Date.UTC(year, month - 1, day ?? 1));
  const style = /** @type {const} */ ({ year: "numeric", month: "long", timeZone: "UTC" });
  return new Intl.DateTimeFormat(undefined, day ? { ...style, day: "numeric" } : style).format(date);
}

/**
 * What says when a photo was taken, where that is worth telling.
 * @param {string} [source]
 */
export function dateSource(source) {
  /** @type {Record<string, string>} */
  const names = {
    service: "a list of the photo service",
    file_name: "the file's name",
    exif_saved: "when the file was saved",
    gps: "the satellites",
    png_creation: "the PNG's creation time",
  };
  return names[source ?? ""] ?? "";
}

/** @param {Photo["exposure"]} exposure */
export function exposureText(exposure) {
  if (!exposure) return "";
  const { seconds, f_number, iso, focal_mm } = exposure;
  const parts = [];
  if (seconds) parts.push(seconds < 0.4 ? `1/${Math.round(1 / seconds)} s` : `${+seconds.toFixed(1)} s`);
  if (f_number) parts.push(`f/${+f_number.toFixed(1)}`);
  if (iso) parts.push(`ISO ${iso}`);
  if (focal_mm) parts.push(`${+focal_mm.toFixed(1)} mm`);
  // A number and its unit stay on one line.
  return parts.map((part) => part.replace(" ", "\u00a0")).join(" · ");
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
  const north = `${Math.abs(latitude).toFixed(4)}° ${latitude < 0 ? "S" : "N"}`;
  const east = `${Math.abs(longitude).toFixed(4)}° ${longitude < 0 ? "W" : "E"}`;
  return `${north}, ${east}`;
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

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 50) return `about ${Math.max(5, Math.ceil(seconds / 5) * 5)} s`;
  if (seconds < 3300) return `about ${Math.max(1, Math.round(seconds / 60))} min`;
  return `about ${(seconds / 3600).toFixed(1)} h`;
}
