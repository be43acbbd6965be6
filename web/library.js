// What the library is doing: progress while indexing, numbers in the footer.

import * as api from "./api.js";
import { byId, say } from "./dom.js";
import { wording } from "./language.js";
import * as model from "./model.js";
import * as progress from "./progress.js";
import * as rights from "./rights.js";

/** @typedef {import("./api.js").Status} Status */

const WHILE_INDEXING = 1000;
const OTHERWISE = 10000;
const AFTER_TROUBLE = 3000;

const run = { section: byId("progress"), bar: byId("progress-bar"), text: byId("progress-text") };
const failures = byId("failures-open");

/** @type {Status | null} */
export let latest = null;
/** @type {(now: Status, before: Status | null) => void} */
let listener = () => {};
let timer = 0;
/** What was closed by hand: a run, or how it broke off. The next one is shown again. */
let closed = "";

/**
 * Asks again and again, more often while something happens; not at all in a hidden tab.
 * @param {(now: Status, before: Status | null) => void} changed
 */
export function watch(changed) {
  listener = changed;
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) look();
  });
  look();
}

/**
 * Asks now.
 * @returns {Promise<unknown>} what went wrong, if anything did
 */
export async function look() {
  clearTimeout(timer);
  let wait = AFTER_TROUBLE;
  let trouble = null;
  try {
    const now = await api.status();
    const before = latest;
    latest = now;
    rights.follow(now.access);
    showNumbers(now);
    progress.show(run, now.indexing);
    run.section.hidden ||= closed === nameOf(now.indexing);
    listener(now, before);
    wait = now.indexing.running ? WHILE_INDEXING : OTHERWISE;
  } catch (error) {
    // What comes after an interruption counts as a fresh start.
    latest = null;
    run.section.hidden = true;
    trouble = error;
  }
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(look, wait);
  return trouble;
}

/** @param {import("./api.js").Indexing} indexing */
function nameOf({ run: number, running }) {
  return `${number} ${running}`;
}

byId("progress-close").addEventListener("click", () => {
  if (latest) closed = nameOf(latest.indexing);
  run.section.hidden = true;
});

/** @param {Status} now */
function showNumbers(now) {
  say(byId("library"), wording.common.photos(now.photos));
  say(failures, now.failures ? wording.common.filesUnreadable(now.failures) : "");
  model.show(now.model);
}
