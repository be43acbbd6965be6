// The video of the viewer, in the place of the picture. Where the browser cannot play it, the picture stays.

import * as api from "./api.js";
import { byId, say } from "./dom.js";
import { wording } from "./language.js";

/** @typedef {import("./api.js").Photo} Photo */

const player = /** @type {HTMLVideoElement} */ (byId("film"));
const image = byId("picture");
const trouble = byId("picture-trouble");

/** Where it begins: seconds. */
let begin = 0;

player.addEventListener("loadedmetadata", () => {
  if (begin > 0) player.currentTime = begin;
});
player.addEventListener("error", () => {
  if (!player.hasAttribute("src")) return;
  hide();
  say(trouble, wording.viewer.cannotBePlayed);
});

/**
 * @param {Photo} photo any; of one that is no video nothing is shown here
 * @param {number} second where it begins to play
 * @param {string} poster the address of what is shown before
 */
export function show(photo, second, poster) {
  hide();
  if (!photo.video) return;
  begin = second;
  player.width = photo.width;
  player.height = photo.height;
  player.poster = poster;
  player.setAttribute("aria-label", image.alt);
  player.src = api.file(photo.id);
  player.hidden = false;
  image.hidden = true;
}

/** Whether a video is in the place of the picture. */
export function isShown() {
  return !player.hidden;
}

/** Plays it, or makes it pause. */
export function toggle() {
  if (player.paused) player.play().catch(() => {});
  else player.pause();
}

/** Stops it, and shows the picture again. */
export function hide() {
  player.pause();
  player.removeAttribute("src");
  player.load();
  player.hidden = true;
  image.hidden = false;
}
