// The photos on the map: a button for each cluster, which a screen reader lists as well.

import { make } from "./dom.js";
import { wording } from "./language.js";
import { count } from "./locale.js";

/** @typedef {import("./api.js").Cluster} Cluster */
/** @typedef {import("./map-view.js").View} View */

const SMALL = 26;
const LARGE = 56;

/**
 * Clusters whose circles would lie on each other become one, the larger one first.
 * @param {Cluster[]} clusters the largest first
 * @param {View} view
 * @returns {Cluster[]}
 */
export function apart(clusters, view) {
  /** @type {{ cluster: Cluster, left: number, top: number, radius: number }[]} */
  const placed = [];
  for (const cluster of clusters) {
    const { left, top } = view.pixel(cluster.center.latitude, cluster.center.longitude);
    const radius = size(cluster.photos) / 2;
    const near = placed.find((other) => Math.hypot(other.left - left, other.top - top) < (other.radius + radius) * 0.8);
    if (near) near.cluster = joined(near.cluster, cluster);
    else placed.push({ cluster, left, top, radius });
  }
  return placed.map((one) => one.cluster);
}

/**
 * @param {Cluster} one the larger
 * @param {Cluster} other
 * @returns {Cluster}
 */
function joined(one, other) {
  const photos = one.photos + other.photos;
  const [south, west, north, east] = one.box;
  const box = [Math.min(south, other.box[0]), Math.min(west, other.box[1]), Math.max(north, other.box[2]), Math.max(east, other.box[3])];
  return { ...one, photos, box };
}

/** @param {number} photos */
function size(photos) {
  return Math.min(LARGE, SMALL + 5 * Math.log2(photos));
}

/**
 * @param {HTMLElement} list
 * @param {Cluster[]} clusters
 * @param {View} view
 * @param {(cluster: Cluster) => void} open
 */
export function show(list, clusters, view, open) {
  const focused = document.activeElement instanceof HTMLElement && list.contains(document.activeElement);
  list.replaceChildren(...clusters.map((cluster) => item(cluster, open)));
  place(list, clusters, view);
  if (focused) list.querySelector("button")?.focus();
}

/**
 * @param {Cluster} cluster
 * @param {(cluster: Cluster) => void} open
 */
function item(cluster, open) {
  const { photos, name } = cluster;
  const label = name ? wording.map.around(photos, name) : wording.common.photos(photos);
  const button = make("button", { type: "button", class: "cluster", text: photos > 1 ? count(photos) : "", "aria-label": label, title: label });
  const pixels = `${Math.round(size(photos))}px`;
  [button.style.width, button.style.height] = [pixels, pixels];
  button.addEventListener("click", () => open(cluster));
  return make("li", {}, button);
}

/**
 * Puts the buttons where their photos are now.
 * @param {HTMLElement} list
 * @param {Cluster[]} clusters
 * @param {View} view
 */
export function place(list, clusters, view) {
  clusters.forEach(({ center }, i) => {
    const { left, top } = view.pixel(center.latitude, center.longitude);
    const element = /** @type {HTMLElement} */ (list.children[i]);
    element.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
  });
}
