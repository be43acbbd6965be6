// Models to choose from, with size, speed and licence; asked for when somebody wants to see them.

import { tell, tellError } from "./action.js";
import * as api from "./api.js";
import { byId, make } from "./dom.js";
import { fileSize } from "./format.js";
import { wording } from "./language.js";
import * as library from "./library.js";
import { count, decimal, languageName, list as listed } from "./locale.js";
import { describe } from "./model.js";
import * as addModel from "./settings-add-model.js";

/** @typedef {import("./api.js").OfferedModel} OfferedModel */

const opener = byId("offered");
const list = byId("offered-list");
const said = byId("offered-said");

opener.addEventListener("toggle", async () => {
  if (!opener.open) return;
  tell(said, wording.common.loading);
  try {
    const { offered, may_fetch } = await api.offeredModels();
    const known = new Set(library.latest?.models.map((space) => space.name));
    list.replaceChildren(...offered.map((model) => row(model, may_fetch, known.has(model.name))));
    tell(said, "");
  } catch (error) {
    tellError(said, error);
  }
});

/**
 * @param {OfferedModel} model
 * @param {boolean} mayFetch
 * @param {boolean} added whether photos are encoded with it already
 */
function row(model, mayFetch, added) {
  const text = wording.models.offered;
  const place = model.here ? text.here : mayFetch ? text.toFetch : text.away;
  const choose = make("button", {
    type: "button",
    class: "button plain",
    text: text.choose,
    "aria-label": text.chooseLong(model.name),
    hidden: added || !(model.here || mayFetch),
  });
  choose.addEventListener("click", () => addModel.offer(model.name));
  return make(
    "li",
    {},
    make("div", { class: "row-top" }, make("h4", { text: model.name }), make("span", { class: "badge", text: added ? text.added : place })),
    make("p", { class: "hint", text: describe(model) }),
    make("p", { class: "hint", text: factsOf(model).join(" · ") }),
    make("div", { class: "actions" }, choose),
  );
}

/**
 * Size, speed and licence.
 * @param {OfferedModel} model
 */
function factsOf(model) {
  const text = wording.models.offered;
  const facts = [];
  if (model.params_millions) facts.push(text.size(count(Math.round(model.params_millions))));
  if (model.memory_bytes) facts.push(text.memory(fileSize(model.memory_bytes)));
  if (model.images_per_second) {
    const speed = model.images_per_second;
    facts.push(text.speed(speed < 10 ? decimal(speed, 1, true) : count(Math.round(speed)), model.measured));
  }
  facts.push(model.languages.includes("mul") ? text.manyLanguages : listed(model.languages.map(languageName)));
  const license = model.license ?? text.noLicense;
  facts.push(model.free ? text.license(license) : text.notFree(license));
  return facts;
}
