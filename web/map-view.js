// Which part of the earth the map shows: a middle, and how many pixels the whole earth is wide.

import { EDGE, latitudeOf, longitudeOf, xOf, yOf } from "./mercator.js";

/** The earth's width in pixels at zoom 0. */
const TILE = 256;
const MOST_ZOOM = 18;

export class View {
  constructor() {
    this.x = 0.5;
    this.y = 0.42;
    this.zoom = 1;
    this.width = 1;
    this.height = 1;
  }

  /** Pixels that the whole earth is wide. */
  get scale() {
    return TILE * 2 ** this.zoom;
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  resize(width, height) {
    [this.width, this.height] = [Math.max(1, width), Math.max(1, height)];
    this.keep();
  }

  /** The smallest zoom: the earth is as wide as the map, and nearly as high, at least. */
  get leastZoom() {
    return Math.max(0, Math.log2(Math.max(this.width, this.height * 0.75) / TILE));
  }

  /** Keeps the middle on the earth, and the zoom in its range. */
  keep() {
    this.zoom = Math.max(this.leastZoom, Math.min(MOST_ZOOM, this.zoom));
    this.x -= Math.floor(this.x);
    const half = Math.min(0.5, this.height / this.scale / 2);
    this.y = Math.max(half, Math.min(1 - half, this.y));
  }

  /**
   * @param {number} right pixels
   * @param {number} down
   */
  pan(right, down) {
    this.x += right / this.scale;
    this.y += down / this.scale;
    this.keep();
  }

  /**
   * Zooms so that what is at a pixel stays there.
   * @param {number} by
   * @param {number} [px] from the left
   * @param {number} [py] from the top
   */
  zoomBy(by, px = this.width / 2, py = this.height / 2) {
    const before = this.scale;
    this.zoom = Math.max(this.leastZoom, Math.min(MOST_ZOOM, this.zoom + by));
    const share = 1 / before - 1 / this.scale;
    this.x += (px - this.width / 2) * share;
    this.y += (py - this.height / 2) * share;
    this.keep();
  }

  /**
   * Shows a box, with some room around it.
   * @param {number[]} box south, west, north, east
   */
  fit([south, west, north, east]) {
    const [left, right] = [xOf(west), xOf(east) + (east < west ? 1 : 0)];
    const [top, bottom] = [yOf(north), yOf(south)];
    const room = (/** @type {number} */ size, /** @type {number} */ pixels) => Math.log2((pixels * 0.7) / TILE / Math.max(size, 1e-9));
    this.zoom = Math.min(room(right - left, this.width), room(bottom - top, this.height), 15);
    [this.x, this.y] = [(left + right) / 2, (top + bottom) / 2];
    this.keep();
  }

  /**
   * Where a place is on the map, on the copy of the earth nearest to the middle.
   * @param {number} latitude
   * @param {number} longitude
   */
  pixel(latitude, longitude) {
    let right = xOf(longitude) - this.x;
    right -= Math.round(right);
    return { left: this.width / 2 + right * this.scale, top: this.height / 2 + (yOf(latitude) - this.y) * this.scale };
  }

  /** What is on the map: south, west, north, east. */
  get box() {
    const [across, up] = [this.width / this.scale / 2, this.height / this.scale / 2];
    const south = this.y + up >= 1 ? -90 : Math.max(-90, latitudeOf(this.y + up));
    const north = this.y - up <= 0 ? 90 : Math.min(90, latitudeOf(this.y - up));
    if (across >= 0.5) return [south, -180, north, 180].map(rounded);
    return [south, longitudeOf(this.x - across), north, longitudeOf(this.x + across)].map(rounded);
  }
}

/**
 * The smallest box around boxes that do not cross the date line; it may cross it itself.
 * @param {number[][]} boxes at least one: south, west, north, east
 */
export function around(boxes) {
  const sorted = [...boxes].sort((a, b) => a[1] - b[1]);
  // It leaves out the widest gap between them.
  let [reach, widest] = [sorted[0][3], -1];
  let [west, east] = [sorted[0][1], 0];
  for (const [, begin, , end] of sorted) {
    if (begin - reach > widest) [widest, west, east] = [begin - reach, begin, reach];
    reach = Math.max(reach, end);
  }
  if (sorted[0][1] + 360 - reach >= widest) [west, east] = [sorted[0][1], reach];
  return [Math.min(...boxes.map((box) => box[0])), west, Math.max(...boxes.map((box) => box[2])), east];
}

/** @param {number} degrees */
function rounded(degrees) {
  return Math.abs(degrees) > EDGE && Math.abs(degrees) <= 90 ? degrees : Number(degrees.toFixed(5));
}
