// The address bar is the page's state: what is searched, and which photo is open.

/**
 * @typedef {object} State
 * @property {string} q the query as typed
 * @property {string[]} like ids of library photos to resemble
 * @property {string[]} picture keys of pictures given by the visitor, see pictures.js
 * @property {string} [sort] "newest" or "oldest"; else the best first
 * @property {string} photo id of the open photo, or ""
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

/**
 * A new step in the browser's history.
 * @param {State} state
 */
export function push(state) {
  if (href(state) === location.pathname + location.search) return;
  const before = read();
  const opens = !before.photo && Boolean(state.photo) && sameSearch(before, state);
  history.pushState({ opens }, "", href(state));
}

/**
 * The same step, refined.
 * @param {State} state
 */
export function replace(state) {
  history.replaceState(history.state, "", href(state));
}

/** Whether the step before this one is the same search without an open photo, so that going back closes it. */
export function backCloses() {
  return history.state?.opens === true;
}
