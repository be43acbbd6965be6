// The address bar is the page's state: what is searched, and which photo is open. Beside it, each step of the
// browser's history knows which answer it shows, so that equal searches at different times are kept apart.

/**
 * @typedef {object} State
 * @property {string} q the query as typed
 * @property {string[]} like ids of library photos to resemble
 * @property {string[]} picture keys of pictures given by the visitor, see pictures.js
 * @property {string} [sort] "newest" or "oldest"; else the best first
 * @property {string} photo id of the open photo, or ""
 */
/**
 * A step of the history.
 * @typedef {object} Step
 * @property {string} answer key of the answer that it shows
 * @property {boolean} opens whether the step before is the same answer without an open photo
 * @property {boolean} draft whether it is a query that is still being typed: more of it takes its place
 */

/** @returns {State} */
export function read() {
  const parameters = new URLSearchParams(location.search);
  return {
    q: parameters.get("q") ?? "",
    like: parameters.getAll("like"),
    picture: parameters.getAll("picture"),
    sort: parameters.get("sort") ?? "",
    photo: parameters.get("photo") ?? "",
  };
}

/** @param {State} state */
export function href(state) {
  const parameters = new URLSearchParams();
  if (state.q.trim()) parameters.set("q", state.q);
  for (const id of state.like) parameters.append("like", id);
  for (const key of state.picture) parameters.append("picture", key);
  if (state.sort) parameters.set("sort", state.sort);
  if (state.photo) parameters.set("photo", state.photo);
  const text = parameters.toString();
  return text ? `/?${text}` : "/";
}

/**
 * Whether two states search for the same.
 * @param {State} a
 * @param {State} b
 */
export function sameSearch(a, b) {
  return href({ ...a, photo: "" }) === href({ ...b, photo: "" });
}

let made = 0;

/** A key that no other answer of this tab has. */
export function newKey() {
  made += 1;
  return `${Date.now().toString(36)}-${made}`;
}

/**
 * The present step. A step that nobody made here (a link, an address typed by hand) gets its key now.
 * @returns {Step}
 */
export function step() {
  const { answer, opens, draft } = history.state ?? {};
  if (typeof answer === "string") return { answer, opens: opens === true, draft: draft === true };
  const made = { answer: newKey(), opens: false, draft: false };
  history.replaceState(made, "");
  return made;
}

/**
 * A new step. What was typed before it is typed no more.
 * @param {State} state
 * @param {Step} next
 */
export function push(state, next) {
  settle();
  history.pushState(next, "", href(state));
}

/**
 * The same step, refined.
 * @param {State} state
 * @param {Step} next
 */
export function replace(state, next) {
  history.replaceState(next, "", href(state));
}

/** The present step stays as it is: what is typed next is another. */
export function settle() {
  const present = step();
  if (present.draft) history.replaceState({ ...present, draft: false }, "");
}
