// A form for the token of a server that asks for one.

import { make } from "./dom.js";
import { wording } from "./language.js";

/**
 * Whether the page was opened with a token just now: the server takes it out of the address and sends on, whether it
 * knows it or not.
 */
const opened = performance.getEntriesByType("navigation")[0];
const redirected = opened instanceof PerformanceNavigationTiming && opened.redirectCount > 0;
export const wasTried = redirected || new URLSearchParams(location.search).has("token");

/** Opens the page anew, with the token; the search stays. */
export function tokenForm() {
  const input = make("input", { name: "token", type: "password", required: true, placeholder: wording.common.token, autocomplete: "off" });
  const label = make("label", {}, make("span", { class: "unseen", text: wording.common.token }), input);
  const form = make("form", { method: "get", action: "/", class: "token" }, label, make("button", { class: "button", text: wording.messages.open }));
  form.addEventListener("submit", () => {
    for (const [name, value] of new URLSearchParams(location.search)) {
      form.append(make("input", { type: "hidden", name, value }));
    }
  });
  return form;
}
