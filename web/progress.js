// An indexing run as people follow it: a bar, a line, and how it ended.

import { say } from "./dom.js";
import { count, counted, duration } from "./format.js";

/** @typedef {import("./api.js").Indexing} Indexing */
/** @typedef {{ section: any, bar: any, text: any }} Place */

/**
 * Shows how far a run is, or why the last one broke off; nothing otherwise.
 * @param {Place} place
 * @param {Indexing} indexing
 */
export function show({ section, bar, text }, { running, progress: run, last }) {
  const failed = running ? null : last?.failed;
  section.hidden = !running && !failed;
  bar.hidden = !running;
  if (failed) say(text, `Indexing stopped: ${failed.reason}`);
  if (!running) return;
  // While saving nobody knows how much there is to do, until the making of an index says so.
  const known = run.phase === "saving" ? run.done < run.total : run.phase !== "scanning" && run.total > 0;
  if (known) {
    bar.max = run.total;
    bar.value = run.done;
  } else {
    bar.removeAttribute("value");
  }
  say(text, runText(run));
}

/** @param {import("./api.js").Progress} run */
function runText(run) {
  const left = run.eta_seconds == null ? [] : [`${duration(run.eta_seconds)} left`];
  if (run.phase === "saving") return ["Saving the index…", ...left].join(" · ");
  if (run.phase === "reading_text") return looking("Reading the words in pictures", run, left);
  if (run.phase === "describing") return looking("Describing photos", run, left);
  if (run.phase !== "encoding") {
    return run.total ? `Looking for photos… ${counted(run.total, "file")} so far` : "Looking for photos…";
  }
  const parts = [`Indexing: ${count(run.done)} of ${counted(run.total, "file")}`];
  const speed = run.images_per_second;
  if (speed > 0) parts.push(`${speed < 10 ? speed.toFixed(1) : count(Math.round(speed))} photos/s`);
  parts.push(...left);
  if (run.failed) parts.push(`${count(run.failed)} failed`);
  return parts.join(" · ");
}

/**
 * All photos can be found by now; more is found out about each.
 * @param {string} what
 * @param {import("./api.js").Progress} run
 * @param {string[]} left
 */
function looking(what, run, left) {
  return [`${what}: ${count(run.done)} of ${counted(run.total, "photo")}`, ...left].join(" · ");
}

/**
 * What a run did, in a line; "" for one that broke off, which is told where it was followed.
 * @param {import("./api.js").EndedRun} last
 */
export function endText({ finished }) {
  if (!finished) return "";
  const parts = [finished.interrupted ? "Stopped; what was done is kept" : "Done"];
  if (finished.encoded) parts.push(`${counted(finished.encoded, "photo")} encoded`);
  if (finished.with_text) parts.push(`words found in ${counted(finished.with_text, "photo")}`);
  if (finished.described) parts.push(`${counted(finished.described, "photo")} described`);
  if (finished.removed) parts.push(`${counted(finished.removed, "file")} gone`);
  if (finished.failed) parts.push(`${counted(finished.failed, "file")} not readable`);
  if (finished.unavailable.length) parts.push(`not there: ${finished.unavailable.join(", ")}`);
  return parts.join(" · ");
}
