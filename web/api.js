// The service's JSON: types, one fetch, errors with the server's codes. docs/HTTP.md has it all.

import { wording } from "./language.js";
import { language } from "./locale.js";
import { told } from "./refusals.js";

/**
 * @typedef {{ path: string, root: string, modified_ns: number }} PhotoFile
 * @typedef {{ english: string, local?: string | null }} Name of a place
 * @typedef {object} Photo
 * @property {string} id
 * @property {number} width
 * @property {number} height
 * @property {string} format
 * @property {boolean} viewable
 * @property {number} size
 * @property {string} [taken] as much as is known: 2019, 2019-07, 2019-07-14, 2019-07-14T16:20:00
 * @property {string} [taken_from]
 * @property {{ make?: string, model?: string }} [camera]
 * @property {string} [lens]
 * @property {{ seconds?: number, f_number?: number, iso?: number, focal_mm?: number }} [exposure]
 * @property {{ latitude: number, longitude: number }} [position]
 * @property {{ district?: Name | null, city?: Name | null, region?: Name | null, country?: Name | null }} [place]
 * @property {string[]} [locations]
 * @property {string[]} [people]
 * @property {number} [rating]
 * @property {string[]} [tags]
 * @property {string} [caption]
 * @property {string[]} [descriptions]
 * @property {{ text: string, corners: number[][], confidence: number }[]} [text_lines]
 * @property {string} [generated_caption]
 * @property {string[]} [classes]
 * @property {number[]} [probabilities] of the classes, in their order
 * @property {{ duration: number, frames: number[] }} [video] seconds: its length, and the frames that were looked at
 * @property {PhotoFile[]} files
 */
/**
 * Why a photo is a result.
 * @typedef {object} Why
 * @property {string} photo
 * @property {{ what: string, text: string, weight: number, cosine: number, share: number }[]} [parts]
 * @property {{ word: string, share: number }[]} [words]
 * @property {{ word: string, in: string, text: string, path?: string }[]} [stands]
 * @property {{ filter: string, values: string[] }[]} [filters]
 * @property {{ meaning?: number, classes?: { place: number, probability: number }, words?: { place: number, share: number } }} places
 * @property {{ band: string, by: "meaning" | "classes" | "words" | "answer", above: number }} [judged]
 */
/** @typedef {{ photo: Photo, score: number, shows?: number, at_second?: number, alike?: Photo[], band?: "strong" | "likely" | "weak", why?: Why }} Hit */
/** @typedef {{ id: string } | { data: string }} Picture */
/** @typedef {{ query: string, pictures: Picture[], k: number, offset: number, sort: string, all?: boolean, explain?: boolean, timeline?: string }} SearchRequest */
/** @typedef {{ name: string, query: string, sort: string }} Album */
/**
 * A value that photos are counted by: `filter` asks for it, `asked` is the filter of the query that does so already,
 * `query` that of an album.
 * @typedef {{ value: string, photos?: number, filter?: string, asked?: string, query?: string }} FacetValue
 */
/** @typedef {{ different: number, values: FacetValue[] }} FacetList */
/**
 * What the photos that the filters of a query allow are counted by.
 * @typedef {object} Facets
 * @property {number} photos
 * @property {FacetList} years
 * @property {FacetList} countries
 * @property {FacetList} cities
 * @property {FacetList} cameras
 * @property {FacetList} types
 * @property {FacetList} tags
 * @property {FacetList} classes
 * @property {FacetList} people
 * @property {FacetList} albums
 */
/**
 * Photos near each other; `box` is south, west, north, east.
 * @typedef {{ photos: number, center: { latitude: number, longitude: number }, box: number[], name?: string, photo: string }} Cluster
 */
/**
 * How the words of a query were read: in which language, and by which text tower of the model.
 * @typedef {object} Reading
 * @property {string | null} language
 * @property {string | null} name
 * @property {boolean} said
 * @property {"own" | "languages" | "none"} tower
 * @property {string} [english] the English words that were read instead
 */
/**
 * Words of a query that were read as filters (`sure`) or can be, and the query with that turned round.
 * @typedef {{ read: string, as: string, sure: boolean, query: string, excludes: boolean }} Understood
 */
/**
 * @typedef {object} SearchAnswer
 * @property {Hit[]} hits
 * @property {boolean} more
 * @property {number} [fitting] photos that clearly show what was asked for; none where nobody can say
 * @property {{ periods: { name: string, photos: number }[], undated: number }} [timeline]
 * @property {number} matching
 * @property {number} unencoded
 * @property {string[]} filters
 * @property {string} words
 * @property {Understood[]} [understood]
 * @property {Reading} [reading]
 * @property {{ name: string, classes: number, akin: boolean }} [named]
 * @property {{ method: string, exact: boolean }} plan
 * @property {{ total_ms: number }} timings
 */
/**
 * @typedef {object} Progress
 * @property {"idle" | "fetching_model" | "scanning" | "encoding" | "saving" | "reading_text" | "describing"} phase
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
 * @property {{ encoded: number, removed: number, failed: number, with_text: number, described: number, interrupted: boolean, unavailable: string[] }} [finished]
 * @property {{ reason: string, fault: string }} [failed]
 */
/** @typedef {{ run: number, running: boolean, progress: Progress, last: EndedRun | null }} Indexing */
/** @typedef {"auto" | "exact" | "lists" | "hnsw"} IndexKind */
/**
 * A model that photos are encoded with.
 * @typedef {object} Space
 * @property {string} name empty where nobody named it
 * @property {string} fingerprint
 * @property {number} encoded
 * @property {number} lacking
 * @property {number} bytes
 * @property {IndexKind} index
 * @property {boolean} in_use
 */
/** @typedef {{ name: string, about: string, imagenet?: number | null }} Described a model, and how good it is */
/**
 * A model to choose.
 * @typedef {object} OfferedModel
 * @property {string} name
 * @property {string} about
 * @property {number | null} imagenet the share of ImageNet's pictures that it names right
 * @property {string | null} license
 * @property {boolean} free whether everybody may use it for everything
 * @property {string[]} languages
 * @property {number | null} params_millions
 * @property {number | null} images_per_second
 * @property {boolean} measured
 * @property {number | null} memory_bytes
 * @property {boolean} here whether it is on the server's machine
 */
/** @typedef {{ catalog: number, vectors: number, keywords: number, thumbnails: number, other: number, total: number }} Disk bytes */
/** @typedef {"look" | "index" | "administer"} TokenRight */
/** @typedef {{ name: string, right: TokenRight, folders: string[], made: number }} NamedToken folders: none for all; made: seconds since 1970 */
/** @typedef {{ path: string, kind: "unreadable" | "unsupported" | "damaged" | "too_large" | "encoding", reason: string }} Failure */
/** @typedef {{ folder: string, files: number, failures: number, there: boolean, watch: boolean, excludes?: string[] }} Root */
/** @typedef {{ folder: string, how: "told" | "polled" | "away", why: string | null }} Watching */
/** @typedef {{ files: number, photos: number, was_root: boolean, inside: string | null, kept: string[] }} Forgotten */
/**
 * @typedef {object} Status
 * @property {string} folder
 * @property {number} photos
 * @property {number} failures
 * @property {string[]} roots
 * @property {{ name: string, fingerprint: string, device: string, about?: string | null, imagenet?: number | null, better?: Described | null } | null} model
 * @property {Space[]} models
 * @property {boolean} text whether the words in pictures are read
 * @property {string | null} captions the model that describes photos
 * @property {Watching[]} watching
 * @property {Indexing} indexing
 * @property {{ right: TokenRight, token: string | null, folders: string[] }} access what this visitor may do
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

/**
 * @param {{ q: string, find?: string, most: number }} wanted
 * @param {AbortSignal} [signal]
 * @returns {Promise<Facets>}
 */
export function facets({ q, find = "", most }, signal) {
  return ask(`/api/facets?${new URLSearchParams({ q, find, most: String(most) })}`, { signal });
}

/**
 * @param {{ q: string, box: number[], zoom: number }} wanted
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ zoom: number, photos: number, clusters: Cluster[] }>}
 */
export function places({ q, box, zoom }, signal) {
  return ask(`/api/places?${new URLSearchParams({ q, box: box.join(), zoom: String(zoom) })}`, { signal });
}

/**
 * @param {Partial<SearchRequest>[]} queries
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ answers: { answer?: SearchAnswer, error?: { code: string } }[] }>}
 */
export function searchAll(queries, signal) {
  const headers = { "content-type": "application/json" };
  return ask("/api/search/batch", { method: "POST", body: JSON.stringify({ queries }), headers, signal });
}

/** @returns {Promise<Status>} */
export function status() {
  return ask("/api/status", {});
}

/** @returns {Promise<{ offered: OfferedModel[], may_fetch: boolean }>} */
export function offeredModels() {
  return ask("/api/models", {});
}

/** @returns {Promise<Disk>} */
export function disk() {
  return ask("/api/disk", {});
}

/** @returns {Promise<{ failures: Failure[] }>} */
export function failures() {
  return ask("/api/failures", {});
}

/**
 * Folders of the server's machine.
 * @param {string} within an absolute path; "": the home folder
 * @returns {Promise<{ folder: string, folders: string[] }>}
 */
export function folders(within) {
  return ask(within ? `/api/folders?in=${encodeURIComponent(within)}` : "/api/folders", {});
}

/** @returns {Promise<{ roots: Root[] }>} */
export function roots() {
  return ask("/api/roots", {});
}

/**
 * Has an indexed folder watched, or no longer.
 * @param {string} folder
 * @param {boolean} watch
 * @returns {Promise<{ roots: Root[] }>} all of them
 */
export function watchFolder(folder, watch) {
  return order("POST", "/api/roots/watch", { folder, watch });
}

/** @returns {Promise<{ albums: Album[] }>} */
export function albums() {
  return ask("/api/albums", {});
}

/**
 * Keeps a query under a name, in place of what had this name.
 * @param {Album} album
 * @returns {Promise<{ albums: Album[] }>} all of them
 */
export function saveAlbum(album) {
  return order("POST", "/api/albums", album);
}

/**
 * Lets go of an album.
 * @param {string} name
 * @returns {Promise<{ albums: Album[] }>} those that are left
 */
export function removeAlbum(name) {
  return order("POST", "/api/albums/remove", { name });
}

/**
 * Gives an album another name.
 * @param {string} name
 * @param {string} to
 * @returns {Promise<{ albums: Album[] }>} all albums then
 */
export function renameAlbum(name, to) {
  return order("POST", "/api/albums/rename", { name, to });
}

/**
 * Puts photos into an album of picked photos, which is made if it is not there, or takes them out.
 * @param {string} name
 * @param {string[]} photos
 * @param {boolean} putIn
 * @returns {Promise<{ changed: number, photos: number }>} photos that were put in or taken out; those of the album now
 */
export function pick(name, photos, putIn) {
  return order("POST", "/api/albums/photos", { name, photos, in: putIn });
}

/**
 * Leaves photos out of searches, or lets them be found again.
 * @param {string[]} photos
 * @param {boolean} hidden
 * @returns {Promise<{ hidden: number }>}
 */
export function hide(photos, hidden) {
  return order("POST", "/api/hide", { photos, hidden });
}

/** @returns {Promise<{ tokens: NamedToken[] }>} */
export function tokens() {
  return ask("/api/tokens", {});
}

/**
 * Makes a token; its letters stand in this answer only.
 * @param {string} name
 * @param {TokenRight} right
 * @param {string[]} folders of which alone its holder sees photos; none: of all
 * @returns {Promise<{ token: string, tokens: NamedToken[] }>}
 */
export function createToken(name, right, folders) {
  return order("POST", "/api/tokens", { name, right, folders });
}

/**
 * @param {string} name
 * @returns {Promise<{ tokens: NamedToken[] }>} those that are left
 */
export function revokeToken(name) {
  return order("POST", "/api/tokens/revoke", { name });
}

/**
 * Has queries answered with a model from now on.
 * @param {string} model a name or a fingerprint
 */
export function useModel(model) {
  return order("POST", "/api/models/use", { model });
}

/**
 * Lets a model's vectors go.
 * @param {string} model a name or a fingerprint
 */
export function forgetModel(model) {
  return order("POST", "/api/models/forget", { model });
}

/**
 * Chooses how a model's vectors are indexed.
 * @param {string} model a name or a fingerprint
 * @param {IndexKind} index
 */
export function indexModel(model, index) {
  return order("POST", "/api/models/index", { model, index });
}

/**
 * Starts a run; no folders: all that are known; no model: the one in use.
 * @param {{ folders?: string[], model?: string, index?: IndexKind, text?: boolean, excludes?: string[], no_excludes?: string[] }} wanted
 * @returns {Promise<Indexing>}
 */
export function startRun(wanted) {
  return order("POST", "/api/index", wanted);
}

/** @returns {Promise<Indexing>} */
export function stopRun() {
  return order("DELETE", "/api/index", {});
}

/**
 * Lets go of all that is known of a folder. Its files stay.
 * @param {string} place
 * @returns {Promise<Forgotten>}
 */
export function forgetFolder(place) {
  return order("POST", "/api/forget", { place });
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
 * The file itself.
 * @param {string} id
 */
export function file(id) {
  return `/api/photos/${id}/original`;
}

/**
 * A request that changes something.
 * @param {"POST" | "DELETE"} method
 * @param {string} path
 * @param {object} body
 */
function order(method, path, body) {
  const headers = { "content-type": "application/json" };
  return ask(path, { method, headers, body: method === "POST" ? JSON.stringify(body) : null });
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
    throw new ApiError("unreachable", wording.messages.unreachable);
  }
}

/** @param {Response} response */
async function reason(response) {
  try {
    const { error } = await response.json();
    return new ApiError(error.code, told(language, wording.messages.refusals, error));
  } catch {
    return new ApiError("internal", wording.messages.oddAnswer(response.status));
  }
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
