// Why the open photo is a result: asked only when the visitor wants to know.

import { byId, make, say } from "./dom.js";
import { fileName, scoreText } from "./format.js";

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
  say(trouble, "Looking …");
  try {
    const hit = await ask(wanted);
    if (wanted !== photo || panel.hidden) return;
    say(trouble, hit?.why ? "" : "This photo is no result of the search any more. Search again.");
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
    ["Of", why.photo === hit.photo.id ? "" : "a photo alike this one"],
    ["Score", why.parts ? scoreText(hit.score) : ""],
    ...(why.parts ?? []).map(part),
    ["Without", (why.words ?? []).map((one) => `“${one.word}” ${signed(-one.share)}`).join(", ")],
    ...(why.stands ?? []).map(stands),
    ...(why.filters ?? []).map((met) => [met.filter, met.values.join("; ") || "it has none"]),
    ["Place", places(why.places)],
    ["Fits", judged(why)],
  ];
  const shown = said.filter(([, text]) => text);
  const none = "All photos, in order of time.";
  say(trouble, shown.length ? "" : none);
  rows.replaceChildren(
    ...shown.flatMap(([name, text]) => [make("dt", { text: name }), make("dd", { text })]),
  );
}

/** @param {NonNullable<Why["parts"]>[number]} part */
function part({ what, text, share }) {
  const names = {
    photo: "the chosen photo",
    more: "more like a photo",
    less: "less like a photo",
    picture: "your picture",
    any_photo: "any photo",
    excluded: `not “${text}”`,
    rest: "other parts",
  };
  return [names[/** @type {keyof typeof names} */ (what)] ?? `“${text}”`, signed(share)];
}

/** @param {NonNullable<Why["stands"]>[number]} one */
function stands(one) {
  const places = {
    name: "file name",
    folder: "folder",
    tag: "tag",
    caption: "caption",
    person: "name of the person",
    place: "name of the place",
    line: "line in the picture",
  };
  const place = places[/** @type {keyof typeof places} */ (one.in)] ?? one.in;
  return [`“${one.word}”`, `in the ${place} “${one.in === "name" ? fileName(one.text) : one.text}”`];
}

/** @param {Why["places"]} by */
function places({ meaning, classes, words }) {
  return [
    meaning && `${meaning} by meaning`,
    classes && `${classes.place} by what it shows (${Math.round(100 * classes.probability)} %)`,
    words && `${words.place} by words in names (${Math.round(100 * words.share)} % of them)`,
  ]
    .filter(Boolean)
    .join(", ");
}

/** @param {Why} why */
function judged({ judged }) {
  if (!judged) return "";
  const by = {
    words: "its names hold the words",
    classes: "by what it shows and its score",
    answer: "nothing here clearly shows this",
    meaning: "by its score",
  };
  const above = judged.by === "words" ? "" : ` (${judged.above.toFixed(1)} deviations above other photos)`;
  return `${judged.band}: ${by[judged.by]}${above}`;
}

/**
 * "+0.03", with a real minus.
 * @param {number} value
 */
function signed(value) {
  const text = Math.abs(value).toFixed(3);
  if (Number(text) === 0) return "0";
  return (value < 0 ? "\u2212" : "+") + text;
}
