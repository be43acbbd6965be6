// How the answers on the screen lie in time, as the service tells; asked for once for each.

import * as api from "./api.js";
import { Timeline } from "./timeline.js";

/** @typedef {import("./answer.js").Answer} Answer */
/** @typedef {import("./timeline.js").Sample} Sample */

/** So many results are looked at where photos without a date lie among the others. */
const SAMPLES = 16;

/** @type {WeakMap<Answer, Timeline>} */
const known = new WeakMap();
/** Answers some of whose photos have a date. @type {WeakSet<Answer>} */
const dated = new WeakSet();
/** @type {WeakMap<Answer, ReturnType<typeof count>>} */
const counting = new WeakMap();
/** @type {WeakMap<Answer, Promise<Timeline | null>>} */
const asked = new WeakMap();

/** Whether an answer is in order of time. @param {Answer} answer */
export function isInTime({ about, state }) {
  return Boolean(state.sort) || about?.plan.method === "filter";
}

/** Whether photos of an answer have a date, as far as that is known. @param {Answer} answer */
export function saysWhen(answer) {
  const seen = [...answer.pages.values()].some(({ hits }) => hits.some((hit) => hit.photo.taken));
  return seen || dated.has(answer);
}

/** What is known already. @param {Answer} answer */
export function find(answer) {
  return known.get(answer) ?? null;
}

/**
 * @param {Answer} answer
 * @returns {Promise<Timeline | null>} null where it cannot be had
 */
export function of(answer) {
  const before = asked.get(answer);
  if (before) return before;
  const asking = ask(answer).catch(() => {
    // The photos are there without it; another time it is asked for again.
    asked.delete(answer);
    return null;
  });
  asked.set(answer, asking);
  return asking;
}

/**
 * How many photos each month has, which the service knows at once; where photos without a date lie among them is
 * asked for later.
 * @param {Answer} answer
 */
export function counted(answer) {
  const before = counting.get(answer);
  if (before) return before;
  const now = count(answer);
  counting.set(answer, now);
  now.catch(() => counting.delete(answer));
  return now;
}

/** @param {Answer} answer */
async function count(answer) {
  const { state } = answer;
  if (state.like.length || state.picture.length) return null;
  const sort = state.sort || "newest";
  const request = { query: state.q, pictures: [], k: 1, offset: 0, sort, all: true, timeline: "month" };
  const { periods = [], undated = 0 } = (await api.search(request, answer.abort.signal)).timeline ?? {};
  if (periods.length) dated.add(answer);
  return { periods, undated, sort };
}

/** @param {Answer} answer */
async function ask(answer) {
  const found = await counted(answer);
  if (!found) return null;
  const { periods, undated, sort } = found;
  const samples = undated && periods.length ? await look(answer, sort, answer.abort.signal) : [];
  const timeline = new Timeline(periods, undated, sort === "oldest", { samples, total: answer.total });
  known.set(answer, timeline);
  return timeline;
}

/**
 * Results at even distances.
 * @param {Answer} answer
 * @param {string} sort
 * @param {AbortSignal} signal
 * @returns {Promise<Sample[]>}
 */
async function look({ total, state }, sort, signal) {
  const offsets = Array.from({ length: SAMPLES }, (_, at) => Math.floor((at * Math.max(0, total - 1)) / (SAMPLES - 1)));
  const different = [...new Set(offsets)];
  const { answers } = await api.searchAll(different.map((offset) => ({ query: state.q, k: 1, offset, sort })), signal);
  return answers.flatMap(({ answer }, at) => (answer?.hits[0] ? [{ offset: different[at], hit: answer.hits[0] }] : []));
}
