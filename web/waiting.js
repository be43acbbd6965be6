// While an answer is awaited the old photos fade; where there are none, blank tiles stand.

import { byId, make } from "./dom.js";
import { rows } from "./layout.js";
import { measure } from "./measures.js";
import * as scroll from "./scroll.js";
import { place } from "./tile.js";

const BLANKS = [1.5, 0.75, 1.5, 1.33, 1, 1.5, 0.67, 1.78, 1.5, 1.33, 0.75, 1.5];
const list = byId("grid");

/** @param {boolean} busy */
export function setBusy(busy) {
  list.setAttribute("aria-busy", String(busy));
  if (!busy) for (const old of list.querySelectorAll(".blank.first")) old.remove();
  if (!busy || list.childElementCount) return;
  const { boxes, height } = rows(BLANKS.map((ratio) => ({ ratio, day: "" })), list.clientWidth, measure(false));
  scroll.setHeight(height);
  for (const box of boxes) {
    const tile = make("li", { class: "tile blank first", "aria-hidden": "true" });
    place(tile, box);
    list.append(tile);
  }
}
