/** Elements of the page. What strangers wrote becomes text, never markup. */

const SVG = 'http://www.w3.org/2000/svg';

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * An element with attributes, listeners (`onclick`…) and children; `true` is an empty attribute,
 * null and false are none.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | null | ((event: Event) => void)>} attributes
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      made.addEventListener(name.replace(/^on/, ''), value);
    } else if (value !== null && value !== false) {
      made.setAttribute(name, value === true ? '' : String(value));
    }
  }
  made.append(...children.filter(one => one instanceof Node || typeof one === 'string'));
  return made;
}

/** A link that leads away, when the address is one of the web; else only its text.
 *
 * @param {string | null | undefined} address
 * @param {string} text
 */
export function outward(address, text) {
  return address && /^https?:\/\//i.test(address)
    ? make('a', { href: address, rel: 'noopener noreferrer', target: '_blank' }, text)
    : make('span', {}, text);
}

const DISC = 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Z';
const SQUARE = 'M4 1h8a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3H4a3 3 0 0 1-3-3V4a3 3 0 0 1 3-3Z';
const OCTAGON = 'M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5Z';

/** Sign → ground and lines on a field of 16 × 16; those of verdicts are the report's.
 *
 * @type {Record<string, [string, string]>}
 */
const SIGNS = {
  identical: [SQUARE, 'M4.8 6h6.4M4.8 10h6.4'],
  equivalent: [DISC, 'M4.3 9.2c1.2-2.4 2.4-2.4 3.7-1.2s2.5 1.2 3.7-1.2'],
  ran: [DISC, 'M6.5 5v6l5-3Z'],
  different: ['M8 .2 15.8 8 8 15.8 .2 8Z', 'M8 4.4v4.2M8 11.4v.1'],
  failed: [OCTAGON, 'm5.4 5.4 5.2 5.2m0-5.2-5.2 5.2'],
  'not restored': ['', 'M8 2a6 6 0 1 0 6 6M8 5v3.4M8 11.1v.1'],
  done: [DISC, 'm4.8 8.3 2.3 2.3 4.2-4.8'],
  ready: [DISC, 'm4.8 8.3 2.3 2.3 4.2-4.8'],
  running: ['', 'M8 2a6 6 0 1 1-6 6'],
  waiting: ['', 'M8 2a6 6 0 1 0 .1 0Z'],
  cancelled: ['', 'M8 2a6 6 0 1 0 .1 0Zm-4 10 8-8'],
  stopped: ['', 'M8 2a6 6 0 1 0 .1 0ZM6 6h4v4H6Z'],
  note: [DISC, 'M8 7.4V12M8 4.3v.1']
};

/** A sign for eyes; what it means is said by the word beside it.
 *
 * @param {string} name
 */
export function sign(name) {
  const [ground, lines] = SIGNS[name] ?? ['', ''];
  const drawn = document.createElementNS(SVG, 'svg');
  drawn.setAttribute('viewBox', '0 0 16 16');
  drawn.setAttribute('aria-hidden', 'true');
  drawn.setAttribute('class', `sign${ground ? '' : ' open'}`);
  for (const [kind, path] of [
    ['ground', ground],
    ['lines', lines]
  ]) {
    const part = document.createElementNS(SVG, 'path');
    part.setAttribute('class', kind ?? '');
    part.setAttribute('d', path || 'M0 0');
    drawn.append(part);
  }
  return drawn;
}

/** A fact of a list of facts; nothing where there is nothing to tell.
 *
 * @param {string} name
 * @param {Child} value
 */
export function fact(name, value) {
  return value ? make('div', {}, make('dt', {}, name), make('dd', {}, value)) : null;
}

/** Text that is heard politely, once.
 *
 * @param {string} text
 */
export function tell(text) {
  const told = document.getElementById('told');
  if (told && told.textContent !== text) {
    told.textContent = text;
  }
}
