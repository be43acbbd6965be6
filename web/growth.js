// While the library grows: new photos are shown at once where that disturbs nobody, and else offered.

import { byId } from "./dom.js";
import * as messages from "./messages.js";
import * as results from "./results.js";
import * as viewer from "./viewer.js";

/** @typedef {import("./api.js").Status} Status */

const REFRESH_EVERY = 3000;
/** Further down nothing moves by itself. */
const TOP = 300;

const fresh = byId("fresh");

/** Photos of the library that is on the screen; -1 where that is unknown. */
let photosShown = -1;
/** The fingerprint of the model that answered; "" until one is known. */
let modelShown = "";
let refreshed = 0;
/** @type {() => void} */
let searchAnew = () => {};
/** @type {() => void} */
let tellNothing = () => {};

/**
 * @param {() => void} anew asks for the present search once more
 * @param {() => void} nothing says why no photo is shown
 */
export function connect(anew, nothing) {
  [searchAnew, tellNothing] = [anew, nothing];
  fresh.addEventListener("click", () => {
    scrollTo({ top: 0, behavior: "instant" });
    searchAnew();
  });
}

/**
 * Another answer is on the screen.
 * @param {number} photos the library had when it was asked for; -1: unknown
 * @param {number} now photos that it has; -1: unknown
 */
export function show(photos, now) {
  photosShown = photos;
  fresh.hidden = photos < 0 || now < 0 || photos === now;
}

/**
 * The library has been looked at.
 * @param {Status} now
 * @param {Status | null} before
 */
export function follow(now, before) {
  if (modelChanged(now)) {
    results.forgetAll();
    return searchAnew();
  }
  if (results.isBusy()) return;
  if (messages.trouble() === "unreachable") return searchAnew();
  const grown = now.photos !== photosShown;
  const ended = before?.indexing.running && !now.indexing.running;
  if (!results.any() && !messages.trouble()) return grown || ended ? searchAnew() : tellNothing();
  if (!grown || (!ended && performance.now() - refreshed < REFRESH_EVERY)) return;
  if (photosShown < 0) photosShown = now.photos;
  else if (scrollY < TOP && !viewer.openPhoto()) refresh(now.photos);
  else fresh.hidden = false;
}

/**
 * Whether another model answers than before, here or by somebody else's hand.
 * @param {Status} now
 */
function modelChanged({ model }) {
  const before = modelShown;
  modelShown = model?.fingerprint ?? "";
  return before !== "" && before !== modelShown;
}

/** @param {number} photos */
function refresh(photos) {
  refreshed = performance.now();
  photosShown = photos;
  fresh.hidden = true;
  results.refresh(photos);
}
