// What the empty search box says: the longest of some texts that has room in it.

import { byId } from "./dom.js";
import { wording } from "./language.js";

const TEXTS = [wording.bar.describe, wording.bar.describeShort, wording.bar.searchShort];
const box = byId("query");
const ruler = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));

function fit() {
  const { font, paddingLeft, paddingRight } = getComputedStyle(box);
  ruler.font = font;
  const room = box.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
  box.placeholder = TEXTS.find((text) => ruler.measureText(text).width <= room) ?? TEXTS.at(-1);
}

new ResizeObserver(fit).observe(box);
