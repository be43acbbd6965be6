// Draws the land and the borders of countries.

import { xOf, yOf } from "./mercator.js";
import { BORDERS, LAND } from "./outlines.js";

/** @typedef {import("./map-view.js").View} View */

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const PARTS = 100;

/** @type {{ land: Path2D, borders: Path2D } | null} */
let paths = null;

/**
 * The points of a line of outlines.js, in degrees.
 * @param {string} text
 * @returns {[number, number][]} longitude and latitude
 */
export function points(text) {
  /** @type {number[]} */
  const numbers = [];
  let [value, shift] = [0, 0];
  for (const letter of text) {
    const digit = DIGITS.indexOf(letter);
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  let [x, y] = [0, 0];
  /** @type {[number, number][]} */
  const found = [];
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    [x, y] = [x + numbers[i], y + numbers[i + 1]];
    found.push([x / PARTS, y / PARTS]);
  }
  return found;
}

/**
 * @param {string} lines
 * @param {boolean} closed
 */
function path(lines, closed) {
  const drawn = new Path2D();
  for (const line of lines.split(",")) {
    points(line).forEach(([longitude, latitude], i) => {
      if (i) drawn.lineTo(xOf(longitude), yOf(latitude));
      else drawn.moveTo(xOf(longitude), yOf(latitude));
    });
    if (closed) drawn.closePath();
  }
  return drawn;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {View} view
 */
export function draw(canvas, view) {
  paths ??= { land: path(LAND, true), borders: path(BORDERS, false) };
  const context = canvas.getContext("2d");
  if (!context) return;
  const dense = devicePixelRatio || 1;
  const [wide, high] = [Math.round(view.width * dense), Math.round(view.height * dense)];
  if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
  const style = getComputedStyle(canvas);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, wide, high);
  const scale = view.scale * dense;
  const left = wide / 2 - view.x * scale;
  const top = high / 2 - view.y * scale;
  context.fillStyle = style.getPropertyValue("--land");
  context.strokeStyle = style.getPropertyValue("--border");
  // The earth comes again on both sides, and land that crosses the date line reaches into the next one.
  for (let copy = Math.floor(-left / scale) - 1; copy <= Math.floor((wide - left) / scale) + 1; copy += 1) {
    context.setTransform(scale, 0, 0, scale, left + copy * scale, top);
    context.fill(paths.land, "evenodd");
    context.lineWidth = dense / scale;
    context.stroke(paths.borders);
  }
}
