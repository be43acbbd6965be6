// What the library is doing: progress while indexing, numbers in the footer.

import * as api from "./api.js";
import { byId, say } from "./dom.js";
import { count, counted, duration } from "./format.js";
import * as model from "./model.js";

/** @typedef {import("./api.js").Status} Status */

const WHILE_INDEXING = 1000;
const OTHERWISE = 10000;
const AFTER_TROUBLE = 3000;

const progress = byId("progress");
const bar = byId("progress-bar");
const failures = byId("failures-open");

/** @type {Status | null} */
export let latest = null;
/** @type {(now: Status, before: Status | null) => void} */
let listener = () => {};
let timer = 0;

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

/** Asks now. */
export async function look() {
  clearTimeout(timer);
  let wait = AFTER_TROUBLE;
  try {
    const now = await api.status();
    const before = latest;
    latest = now;
    showNumbers(now);
    showProgress(now.indexing);
    listener(now, before);
    wait = now.indexing.running ? WHILE_INDEXING : OTHERWISE;
  } catch {
    // What comes after an interruption counts as a fresh start.
    latest = null;
    progress.hidden = true;
  }
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(look, wait);
}

/** @param {Status} now */
function showNumbers(now) {
  say(byId("library"), counted(now.photos, "photo"));
  say(failures, now.failures ? `${counted(now.failures, "file")} not readable` : "");
  model.show(now.model);
}

/** @param {Status["indexing"]} indexing */
function showProgress({ running, progress: run, last }) {
  const failed = running ? null : last?.failed;
  progress.hidden = !running && !failed;
  bar.hidden = !running;
  if (failed) say(byId("progress-text"), `Indexing stopped: ${failed.reason.split("\n")[0]}`);
  if (!running) return;
  const encoding = run.phase === "encoding" && run.total > 0;
  if (encoding) {
    bar.max = run.total;
    bar.value = run.done;
  } else {
    bar.removeAttribute("value");
  }
  say(byId("progress-text"), progressText(run));
}

/** @param {import("./api.js").Progress} run */
function progressText(run) {
  if (run.phase === "saving") return "Saving the index…";
  if (run.phase !== "encoding") {
    return run.total ? `Looking for photos… ${counted(run.total, "file")} so far` : "Looking for photos…";
  }
  const parts = [`Indexing: ${count(run.done)} of ${counted(run.total, "file")}`];
  const speed = run.images_per_second;
  if (speed > 0) parts.push(`${speed < 10 ? speed.toFixed(1) : count(Math.round(speed))} photos/s`);
  if (run.eta_seconds != null) parts.push(`${duration(run.eta_seconds)} left`);
  if (run.failed) parts.push(`${count(run.failed)} failed`);
  return parts.join(" · ");
}
