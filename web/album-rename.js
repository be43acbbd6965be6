// The form that gives an album another name, in its row.

import { act } from "./action.js";
import { make } from "./dom.js";
import { wording } from "./language.js";

/**
 * @param {string} name
 * @param {HTMLElement} place where it is said what went wrong
 * @param {(to: string) => Promise<string>} go gives the name; what to say then
 * @returns {{ opener: HTMLElement, form: HTMLElement }}
 */
export function renaming(name, place, go) {
  const opener = make("button", {
    type: "button", class: "button plain", text: wording.albums.rename, "aria-label": wording.albums.renameLong(name), "aria-expanded": "false",
  });
  const field = make("input", { required: true, maxLength: 100, value: name, "aria-label": wording.albums.newName });
  const doIt = make("button", { class: "button", text: wording.albums.renameGo });
  const form = make("form", { class: "choice", autocomplete: "off", hidden: true }, field, doIt);
  const show = (/** @type {boolean} */ open) => {
    form.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    (open ? field : opener).focus();
    if (open) field.select();
  };
  opener.addEventListener("click", () => show(form.hidden));
  form.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    show(false);
  });
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    const to = field.value.trim();
    if (to) act(doIt, place, () => go(to), field);
  });
  return { opener, form };
}
