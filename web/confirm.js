// A question inside a row, before something goes for good.

import { make } from "./dom.js";
import { wording } from "./language.js";

/**
 * A question that is not asked yet. It stands where `element` is put.
 * @param {string} yes what the button says that does it
 * @param {(button: HTMLElement) => Promise<void>} go
 * @returns {{ element: HTMLElement, ask: (opener: HTMLElement, question: string, goes: string[]) => void }}
 */
export function question(yes, go) {
  const text = make("p", {});
  const list = make("ul", {});
  const doIt = make("button", { type: "button", class: "button alarming", text: yes });
  const keep = make("button", { type: "button", class: "button plain", text: wording.settings.keepIt });
  const element = make("div", { class: "question", role: "group", hidden: true }, text, list, make("div", { class: "actions" }, doIt, keep));
  /** @type {HTMLElement} */
  let opener = element;
  const close = () => {
    element.hidden = true;
    opener.focus();
  };
  doIt.addEventListener("click", async () => {
    await go(doIt);
    if (element.isConnected) close();
  });
  keep.addEventListener("click", close);
  element.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  });
  return {
    element,
    ask(from, asked, goes) {
      opener = from;
      text.textContent = asked;
      list.replaceChildren(...goes.map((line) => make("li", { text: line })));
      element.setAttribute("aria-label", asked);
      element.hidden = false;
      // The harmless answer is the nearest one.
      keep.focus();
      element.scrollIntoView({ block: "nearest" });
    },
  };
}
