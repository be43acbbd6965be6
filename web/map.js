// The map of the photos that the search's filters allow. Nothing of it comes from another server: the outlines of the
// land lie in the page, and the server puts photos that are near each other together.

import * as api from "./api.js";
import { byId, say } from "./dom.js";
import { replaced } from "./filter-text.js";
import { wording } from "./language.js";
import * as clusters from "./map-clusters.js";
import { draw } from "./map-land.js";
import { listen } from "./map-moves.js";
import { around, View } from "./map-view.js";

/** @typedef {import("./address.js").State} State */
/** @typedef {import("./api.js").Cluster} Cluster */

/** The map has come to rest. */
const REST = 140;
/** Photos whose box is not wider are shown, not taken apart any further; in degrees. */
const ONE_PLACE = 0.0008;
/** Added on all sides of a box around photos, so that rounding leaves none out. */
const SLACK = 0.00001;
const WORLD = [-90, -180, 90, 180];

const sheet = byId("map");
const stage = byId("map-stage");
const canvas = byId("map-land");
const list = byId("map-clusters");
const showAll = byId("map-show");
const view = new View();

/** @type {State} */
let state = { q: "", like: [], picture: [], photo: "" };
/** @type {(next: State) => void} */
let go = () => {};
/** @type {Cluster[]} */
let shown = [];
let resting = 0;
/** Whether it is asked where all photos are. */
let fitting = false;
let frame = 0;
let asking = new AbortController();

/**
 * @param {() => State} search gives the search on the screen
 * @param {(next: State) => void} change goes to another one
 */
export function connect(search, change) {
  go = change;
  byId("map-open").addEventListener("click", () => open(search()));
  byId("map-in").addEventListener("click", () => zoom(1));
  byId("map-out").addEventListener("click", () => zoom(-1));
  byId("map-whole").addEventListener("click", whole);
  showAll.addEventListener("click", () => showBox(view.box));
  sheet.addEventListener("close", () => {
    asking.abort();
    clearTimeout(resting);
  });
  listen(stage, view, { moved, whole });
  new ResizeObserver(() => sheet.open && resize()).observe(stage);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}

/** @param {State} search */
export async function open(search) {
  if (document.querySelector("dialog[open]")) return;
  // The map shows the photos of the other filters, wherever they were taken.
  state = { ...search, q: replaced(search.q, ["box"], "") };
  sheet.showModal();
  stage.focus();
  await whole();
}

/** Shows all photos. */
async function whole() {
  fitting = true;
  resize();
  const found = await ask(WORLD, 3);
  fitting = false;
  if (!found) return;
  if (found.clusters.length) view.fit(around(found.clusters.map(({ box }) => box)));
  moved();
}

function resize() {
  view.resize(stage.clientWidth, stage.clientHeight);
  moved();
}

/** @param {number} by */
function zoom(by) {
  view.zoomBy(by);
  moved();
}

/** Another part of the earth is to be shown. */
function moved() {
  redraw();
  clearTimeout(resting);
  if (!fitting) resting = setTimeout(look, REST);
}

function redraw() {
  if (frame || !sheet.open) return;
  frame = requestAnimationFrame(() => {
    frame = 0;
    draw(canvas, view);
    clusters.place(list, shown, view);
  });
}

async function look() {
  const found = await ask(view.box, Math.round(view.zoom));
  if (!found) return;
  shown = clusters.apart(found.clusters, view);
  clusters.show(list, shown, view, choose);
  byId("map-none").hidden = found.photos > 0;
  say(byId("map-count"), found.photos ? wording.map.here(found.photos) : "");
  showAll.hidden = found.photos === 0;
}

/**
 * @param {number[]} box
 * @param {number} zoom
 */
async function ask(box, zoom) {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const found = await api.places({ q: state.q, box, zoom }, signal);
    say(byId("map-trouble"), "");
    return signal.aborted ? null : found;
  } catch (error) {
    if (!signal.aborted) say(byId("map-trouble"), /** @type {Error} */ (error).message);
    return null;
  }
}

/**
 * Takes a cluster apart, or shows its photos where they were taken in one place.
 * @param {Cluster} cluster
 */
function choose({ photos, box }) {
  const [south, west, north, east] = box;
  if (photos === 1 || Math.max(north - south, east - west) < ONE_PLACE) {
    return showBox([Math.max(-90, south - SLACK), Math.max(-180, west - SLACK), Math.min(90, north + SLACK), Math.min(180, east + SLACK)]);
  }
  const before = view.zoom;
  view.fit(box);
  if (view.zoom < before + 1) view.zoomBy(before + 1 - view.zoom);
  moved();
}

/** @param {number[]} box */
function showBox(box) {
  sheet.close();
  const text = box.map((side) => String(Number(side.toFixed(5)))).join(",");
  go({ ...state, q: replaced(state.q, ["box"], `box:${text}`), photo: "" });
}
