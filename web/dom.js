// Small helpers around the document. Foreign text only ever becomes text, never markup.

/**
 * The element with this id; the page is wrong when it is missing.
 * @param {string} id
 * @returns {any}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element #${id}`);
  return element;
}

/**
 * A new element with properties (`class`, `text`, `aria-…`, `data-…`, anything else as a property).
 * @param {string} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Node | null)} children
 * @returns {any}
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") element.className = value;
    else if (name === "text") element.textContent = value;
    else if (/^(aria|data)-|^role$/.test(name)) element.setAttribute(name, value);
    else /** @type {any} */ (element)[name] = value;
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/**
 * A small cross, for buttons that remove or close.
 * @returns {SVGElement}
 */
export function cross() {
  return sign("m4 4 12 12M16 4 4 16");
}

/**
 * A small plus, for buttons that add.
 * @returns {SVGElement}
 */
export function plus() {
  return sign("M10 3v14M3 10h14");
}

/** @param {string} lines */
function sign(lines) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", lines);
  svg.append(path);
  return svg;
}

/**
 * Shows text in an element and hides it when there is none.
 * @param {HTMLElement} element
 * @param {string} text
 */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = text === "";
}
