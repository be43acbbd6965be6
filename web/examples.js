// Searches to try, on the start page: made from the library at hand, so that each finds something. The largest town,
// year, person and tag, and the scenes that it shows best.

import * as api from "./api.js";
import { byId, make } from "./dom.js";
import { wording } from "./language.js";
import { language } from "./locale.js";

/** @typedef {import("./api.js").Status} Status */
/** @typedef {import("./api.js").Facets} Facets */
/** @typedef {import("./api.js").SearchAnswer} SearchAnswer */

const KEY = "seer.examples";
/** Scenes among the examples. */
const MOST = 3;
/** Examples of what photos are counted by, in their order. @type {(keyof Omit<Facets, "photos">)[]} */
const COUNTED = ["cities", "years", "people", "tags"];
const SCENES = wording.examples.scenes;
const BANDS = { strong: 2, likely: 1, weak: 0 };

const row = byId("examples");

/** @type {(text: string) => void} */
let search = () => {};
/** What the examples were made for. */
let madeFor = "";

/** @param {(text: string) => void} go */
export function connect(go) {
  search = go;
}

/** @param {boolean} visible */
export function show(visible) {
  row.hidden = !visible;
}

/**
 * Makes examples where the library is another one than they were made for.
 * @param {Status} status
 */
export async function follow({ folder, photos, model, indexing }) {
  const about = [folder, photos, model?.fingerprint ?? "", language].join("|");
  // While it grows, those that are there still find something.
  if (about === madeFor || photos === 0 || row.hidden || (indexing.running && madeFor)) return;
  madeFor = about;
  const texts = kept(about) ?? (await made(model !== null));
  if (!texts) return;
  keep(about, texts);
  row.replaceChildren(...texts.map(button));
}

/** @param {string} text */
function button(text) {
  const element = make("button", { type: "button", class: "example", text });
  element.addEventListener("click", () => search(text));
  return element;
}

/**
 * @param {boolean} meaning whether a model can say what photos show
 * @returns {Promise<string[] | null>}
 */
async function made(meaning) {
  try {
    const [facets, scenes] = await Promise.all([api.facets({ q: "", most: 1 }), meaning ? bestScenes() : []]);
    const counted = COUNTED.flatMap((kind) => facets[kind].values[0]?.filter ?? []);
    return [...scenes, ...counted];
  } catch {
    madeFor = "";
    return null;
  }
}

/** The scenes that the library shows best. */
async function bestScenes() {
  const { answers } = await api.searchAll(SCENES.map((query) => ({ query, k: 1 })));
  const found = SCENES.map((text, place) => ({ text, fit: fit(answers[place]?.answer) }));
  const best = found.filter((one) => one.fit > 0).sort((a, b) => b.fit - a.fit);
  return best.slice(0, MOST).map((one) => one.text);
}

/**
 * How well an answer's best photo fits; 0 where nothing clearly does.
 * @param {SearchAnswer | undefined} answer
 */
function fit(answer) {
  const hit = answer?.hits[0];
  if (!hit) return 0;
  // A model that was not measured cannot say what fits: its nearest photos are the answer then.
  const band = hit.band === undefined ? 1 : BANDS[hit.band];
  return band === 0 ? 0 : band + Math.max(hit.score, 0.001);
}

/** @param {string} about */
function kept(about) {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return found?.about === about && Array.isArray(found.texts) ? /** @type {string[]} */ (found.texts) : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} about
 * @param {string[]} texts
 */
function keep(about, texts) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ about, texts }));
  } catch {
    // They are made again next time.
  }
}
