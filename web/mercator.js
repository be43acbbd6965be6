// The map's projection (Mercator's): the earth as a square, each side from 0 to 1, north at the top.

/** The latitude at the edges of the square. */
export const EDGE = 85.0511;

/** @param {number} longitude */
export function xOf(longitude) {
  return (longitude + 180) / 360;
}

/** @param {number} latitude */
export function yOf(latitude) {
  const angle = (Math.max(-EDGE, Math.min(EDGE, latitude)) * Math.PI) / 180;
  return (1 - Math.log(Math.tan(Math.PI / 4 + angle / 2)) / Math.PI) / 2;
}

/** @param {number} x any number: the earth comes again and again */
export function longitudeOf(x) {
  return 360 * (x - Math.floor(x)) - 180;
}

/** @param {number} y */
export function latitudeOf(y) {
  return (360 / Math.PI) * Math.atan(Math.exp(Math.PI * (1 - 2 * y))) - 90;
}
