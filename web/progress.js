// An indexing run as people follow it: a bar, a line, and how it ended.

import { say } from "./dom.js";
import { duration, fileSize } from "./format.js";
import { wording } from "./language.js";
import { count, decimal, list } from "./locale.js";

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
  if (failed) say(text, wording.run.stopped(failed.reason));
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
  const left = run.eta_seconds == null ? [] : [wording.run.left(duration(run.eta_seconds))];
  if (run.phase === "fetching_model") {
    const come = run.total ? wording.run.fetched(fileSize(run.done), fileSize(run.total)) : wording.run.fetching;
    return [come, ...left].join(" · ");
  }
  if (run.phase === "saving") return [wording.run.saving, ...left].join(" · ");
  if (run.phase === "reading_text") return [wording.run.readingText(run.done, run.total), ...left].join(" · ");
  if (run.phase === "describing") return [wording.run.describing(run.done, run.total), ...left].join(" · ");
  if (run.phase !== "encoding") {
    return run.total ? wording.run.scanned(run.total) : wording.run.scanning;
  }
  const parts = [wording.run.encoding(run.done, run.total)];
  const speed = run.images_per_second;
  if (speed > 0) parts.push(wording.run.speed(speed < 10 ? decimal(speed, 1, true) : count(speed)));
  parts.push(...left);
  if (run.failed) parts.push(wording.run.failed(run.failed));
  return parts.join(" · ");
}

/**
 * What a run did, in a line; "" for one that broke off, which is told where it was followed.
 * @param {import("./api.js").EndedRun} last
 */
export function endText({ finished }) {
  if (!finished) return "";
  const parts = [finished.interrupted ? wording.run.interrupted : wording.run.done];
  if (finished.encoded) parts.push(wording.run.encoded(finished.encoded));
  if (finished.with_text) parts.push(wording.run.withText(finished.with_text));
  if (finished.described) parts.push(wording.run.described(finished.described));
  if (finished.removed) parts.push(wording.run.gone(finished.removed));
  if (finished.failed) parts.push(wording.common.filesUnreadable(finished.failed));
  if (finished.unavailable.length) parts.push(wording.run.away(list(finished.unavailable)));
  return parts.join(" · ");
}
