// Why the open photo is a result: asked only when the visitor wants to know.

import { byId, make, say } from "./dom.js";
import { fileName, scoreText } from "./format.js";
import { wording } from "./language.js";
import { decimal, percent } from "./locale.js";

/** @typedef {import("./api.js").Hit} Hit */
/** @typedef {import("./api.js").Why} Why */

const button = byId("why-open");
const panel = byId("why");
const rows = byId("why-rows");
const trouble = byId("why-trouble");

/** The photo that is open, where it is a result; else "". */
let photo = "";
/** @type {(id: string) => Promise<Hit | null>} */
let ask = async () => null;

/** @param {(id: string) => Promise<Hit | null>} asks what is known of why a photo is a result */
export function connect(asks) {
  ask = asks;
  button.addEventListener("click", toggle);
}

/**
 * Another photo is open; what was said of the one before goes.
 * @param {string} id
 * @param {boolean} isResult
 */
export function follow(id, isResult) {
  const next = isResult ? id : "";
  button.hidden = !isResult;
  if (next === photo) return;
  photo = next;
  close();
}

/** Says why, or stops saying it. */
export async function toggle() {
  if (!photo) return;
  if (!panel.hidden) return close();
  const wanted = photo;
  panel.hidden = false;
  button.setAttribute("aria-expanded", "true");
  rows.replaceChildren();
  say(trouble, wording.common.looking);
  try {
    const hit = await ask(wanted);
    if (wanted !== photo || panel.hidden) return;
    say(trouble, hit?.why ? "" : wording.why.noResult);
    if (hit?.why) show(hit, hit.why);
  } catch (error) {
    if (wanted === photo) say(trouble, /** @type {Error} */ (error).message);
  }
}

function close() {
  panel.hidden = true;
  button.setAttribute("aria-expanded", "false");
}

/**
 * @param {Hit} hit
 * @param {Why} why
 */
function show(hit, why) {
  /** @type {string[][]} */
  const said = [
    [wording.why.of, why.photo === hit.photo.id ? "" : wording.why.ofAlike],
    [wording.why.score, why.parts ? scoreText(hit.score) : ""],
    ...(why.parts ?? []).map(part),
    [wording.why.without, (why.words ?? []).map((one) => `${wording.why.quoted(one.word)} ${signed(-one.share)}`).join(", ")],
    ...(why.stands ?? []).map(stands),
    ...(why.filters ?? []).map((met) => [met.filter, met.values.join("; ") || wording.why.hasNone]),
    [wording.why.place, places(why.places)],
    [wording.why.fits, judged(why)],
  ];
  const shown = said.filter(([, text]) => text);
  say(trouble, shown.length ? "" : wording.why.all);
  rows.replaceChildren(
    ...shown.flatMap(([name, text]) => [make("dt", { text: name }), make("dd", { text })]),
  );
}

/** @param {NonNullable<Why["parts"]>[number]} part */
function part({ what, text, share }) {
  /** @type {Record<string, string | undefined>} */
  const names = wording.why.parts;
  if (what === "excluded") return [wording.why.not(text), signed(share)];
  return [names[what] ?? wording.why.quoted(text), signed(share)];
}

/** @param {NonNullable<Why["stands"]>[number]} one */
function stands(one) {
  /** @type {Record<string, ((found: string) => string) | undefined>} */
  const places = wording.why.stands;
  const found = one.in === "name" ? fileName(one.text) : one.text;
  return [wording.why.quoted(one.word), (places[one.in] ?? wording.why.quoted)(found)];
}

/** @param {Why["places"]} by */
function places({ meaning, classes, words }) {
  return [
    meaning && wording.why.byMeaning(meaning),
    classes && wording.why.byWhatItShows(classes.place, percent(classes.probability)),
    words && wording.why.byWords(words.place, percent(words.share)),
  ]
    .filter(Boolean)
    .join(", ");
}

/** @param {Why} why */
function judged({ judged }) {
  if (!judged) return "";
  /** @type {Record<string, string | undefined>} */
  const bands = wording.why.bands;
  const [band, by] = [bands[judged.band] ?? judged.band, wording.why.judged[judged.by]];
  if (judged.by === "words") return wording.why.bandBy(band, by);
  return wording.why.bandByAbove(band, by, decimal(judged.above, 1, true));
}

/**
 * "+0.03", with a real minus.
 * @param {number} value
 */
function signed(value) {
  if (Number(value.toFixed(3)) === 0) return "0";
  return (value < 0 ? "\u2212" : "+") + decimal(Math.abs(value), 3, true);
}
