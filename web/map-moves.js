// Moving the map: by a finger or two, the wheel, a double click, keys.

/** @typedef {import("./map-view.js").View} View */

/** Pixels of a step by a key. */
const STEP = 80;
/** @type {Record<string, [number, number] | undefined>} */
const PANS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
/** @type {Record<string, number | undefined>} */
const ZOOMS = { "+": 0.5, "=": 0.5, "-": -0.5 };

/**
 * @param {HTMLElement} stage
 * @param {View} view
 * @param {{ moved: () => void, whole: () => void }} listener
 */
export function listen(stage, view, { moved, whole }) {
  /** @type {Map<number, { x: number, y: number }>} */
  const fingers = new Map();
  const at = (/** @type {MouseEvent} */ { clientX, clientY }) => {
    const { left, top } = stage.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || /** @type {HTMLElement} */ (event.target).closest("button")) return;
    stage.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, at(event));
  });
  stage.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = at(event);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    fingers.set(event.pointerId, now);
    const share = other ? 0.5 : 1;
    view.pan((before.x - now.x) * share, (before.y - now.y) * share);
    if (other) {
      const distance = (/** @type {{ x: number, y: number }} */ one) => Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
      view.zoomBy(Math.log2(distance(now) / distance(before)), (now.x + other.x) / 2, (now.y + other.y) / 2);
    }
    moved();
  });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
    stage.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    const { x, y } = at(event);
    view.zoomBy(-Math.sign(event.deltaY) * Math.min(1, Math.abs(event.deltaY) / 250), x, y);
    moved();
  }, { passive: false });
  stage.addEventListener("dblclick", (event) => {
    if (/** @type {HTMLElement} */ (event.target).closest("button")) return;
    const { x, y } = at(event);
    view.zoomBy(1, x, y);
    moved();
  });
  stage.addEventListener("keydown", (event) => {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [pan, zoom] = [PANS[key], ZOOMS[key]];
    if (pan) view.pan(...pan);
    else if (zoom) view.zoomBy(zoom);
    else if (key !== "0") return;
    event.preventDefault();
    key === "0" ? whole() : moved();
  });
}
