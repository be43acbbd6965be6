// The service's JSON: types, one fetch, errors with the server's codes. docs/HTTP.md has it all.

/**
 * @typedef {{ path: string, root: string, modified_ns: number }} PhotoFile
 * @typedef {object} Photo
 * @property {string} id
 * @property {number} width
 * @property {number} height
 * @property {string} format
 * @property {boolean} viewable
 * @property {number} size
 * @property {string} [taken]
 * @property {{ make?: string, model?: string }} [camera]
 * @property {string} [lens]
 * @property {{ seconds?: number, f_number?: number, iso?: number, focal_mm?: number }} [exposure]
 * @property {{ latitude: number, longitude: number }} [position]
 * @property {string[]} [tags]
 * @property {string} [caption]
 * @property {string[]} [classes]
 * @property {PhotoFile[]} files
 */
/** @typedef {{ photo: Photo, score: number }} Hit */
/** @typedef {{ id: string } | { data: string }} Picture */
/** @typedef {{ query: string, pictures: Picture[], k: number, offset: number }} SearchRequest */
/**
 * @typedef {object} SearchAnswer
 * @property {Hit[]} hits
 * @property {boolean} more
 * @property {number} matching
 * @property {number} unencoded
 * @property {string[]} filters
 * @property {string} words
 * @property {{ method: string, exact: boolean }} plan
 * @property {{ total_ms: number }} timings
 */
/**
 * @typedef {object} Progress
 * @property {"idle" | "scanning" | "encoding" | "saving"} phase
 * @property {number} total
 * @property {number} done
 * @property {number} failed
 * @property {number} images_per_second
 * @property {number | null} eta_seconds
 */
/**
 * How a run ended: with what it did, or with the reason why it broke off.
 * @typedef {object} EndedRun
 * @property {number} run
 * @property {object} [finished]
 * @property {{ reason: string, fault: string }} [failed]
 */
/**
 * @typedef {object} Status
 * @property {number} photos
 * @property {number} failures
 * @property {string[]} roots
 * @property {{ name: string, device: string, about?: string | null, better?: { name: string, about: string } | null } | null} model
 * @property {{ run: number, running: boolean, progress: Progress, last: EndedRun | null }} indexing
 */

/** What the server refused, with its code; "unreachable" when there was no answer at all. */
export class ApiError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** How often a busy server is asked again before the page gives up. */
const RETRIES = 4;

/**
 * @param {SearchRequest} request
 * @param {AbortSignal} signal
 * @returns {Promise<SearchAnswer>}
 */
export function search(request, signal) {
  const body = JSON.stringify(request);
  const headers = { "content-type": "application/json" };
  return ask("/api/search", { method: "POST", body, headers, signal });
}

/**
 * @param {string} id
 * @param {AbortSignal} [signal]
 * @returns {Promise<Photo>}
 */
export function photo(id, signal) {
  return ask(`/api/photos/${encodeURIComponent(id)}`, { signal });
}

/** @returns {Promise<Status>} */
export function status() {
  return ask("/api/status", {});
}

/** @returns {Promise<{ failures: { path: string, reason: string }[] }>} */
export function failures() {
  return ask("/api/failures", {});
}

/**
 * @param {string} id
 * @param {number} size longest edge in pixels
 */
export function thumbnail(id, size) {
  return `/api/photos/${id}/thumbnail?size=${size}`;
}

/**
 * The file itself, or a large JPEG where the browser cannot show its format.
 * @param {string} id
 */
export function original(id) {
  return `/api/photos/${id}/original?view=1`;
}

/**
 * @param {string} path
 * @param {RequestInit} options
 */
async function ask(path, options) {
  for (let attempt = 0; ; attempt += 1) {
    const response = await reach(path, options);
    if (response.ok) return response.json();
    const refusal = await reason(response);
    if (refusal.code !== "busy" || attempt === RETRIES) throw refusal;
    await pause(1000 * Number(response.headers.get("retry-after") || 1));
    if (options.signal?.aborted) throw options.signal.reason;
  }
}

/**
 * @param {string} path
 * @param {RequestInit} options
 */
async function reach(path, options) {
  try {
    return await fetch(path, { credentials: "same-origin", ...options });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError("unreachable", "seer does not answer. Is “seer serve” still running?");
  }
}

/** @param {Response} response */
async function reason(response) {
  try {
    const { error } = await response.json();
    return new ApiError(error.code, error.message);
  } catch {
    return new ApiError("internal", `The server answered with status ${response.status}.`);
  }
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
