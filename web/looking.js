// Ways of looking in the viewer: photos one after the other by themselves, the whole screen, two side by side.

import { thumbnail } from "./api.js";
import { byId } from "./dom.js";
import { photoName } from "./format.js";
import * as zoom from "./zoom.js";

/** @typedef {import("./api.js").Photo} Photo */

/** How long a photo is shown. */
const EACH = 4000;

const stage = byId("stage");
const show = byId("slideshow");
const whole = byId("fullscreen");
const pair = byId("compare");
const kept = byId("beside");

let timer = 0;
/** @type {() => Photo | null} */
let shown = () => null;
/** @type {() => Promise<boolean>} */
let next = async () => false;

/**
 * @param {() => Photo | null} open gives the open photo
 * @param {() => Promise<boolean>} on goes to the next one; whether there was one
 */
export function connect(open, on) {
  [shown, next] = [open, on];
  show.addEventListener("click", slideshow);
  whole.addEventListener("click", fullscreen);
  pair.addEventListener("click", compare);
  byId("zoom").addEventListener("click", () => zoom.toggle());
  document.addEventListener("fullscreenchange", () => {
    whole.setAttribute("aria-pressed", String(document.fullscreenElement !== null));
  });
}

/** Starts the slideshow, or ends it. */
export function slideshow() {
  timer ? stop() : start();
}

function start() {
  clearInterval(timer);
  timer = setInterval(async () => {
    if (!(await next())) stop();
  }, EACH);
  show.setAttribute("aria-pressed", "true");
}

function stop() {
  clearInterval(timer);
  timer = 0;
  show.setAttribute("aria-pressed", "false");
}

/** The whole screen for the picture, or the window again. */
export async function fullscreen() {
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await stage.requestFullscreen();
  } catch {
    // The browser does not allow it here.
  }
}

/** Keeps the open photo on the left, so that others are seen beside it; or ends that. */
export function compare() {
  const photo = shown();
  if (kept.hidden && photo) {
    kept.src = thumbnail(photo.id, 2048);
    kept.alt = photoName(photo);
    kept.style.maxWidth = `${photo.width}px`;
    kept.style.maxHeight = `${photo.height}px`;
    pairUp(true);
  } else {
    pairUp(false);
  }
}

/** @param {boolean} two */
function pairUp(two) {
  kept.hidden = !two;
  stage.classList.toggle("two", two);
  pair.setAttribute("aria-pressed", String(two));
  zoom.reset();
}

/** The viewer is closed. */
export function end() {
  stop();
  if (!kept.hidden) pairUp(false);
  kept.removeAttribute("src");
  if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
}
