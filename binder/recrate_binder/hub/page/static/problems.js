/** A problem, shown as sentences: what, why, what to do; and heard at once. */
import { make, sign } from './elements.js';
import { about, isKnown, say, sayTold, sentence } from './words.js';

/** @typedef {import('./api.js').Complaint} Complaint */

/**
 * @param {Complaint} complaint
 * @param {{againSeconds?: number | null, retry?: (() => void) | null, heading?: 'h2' | 'p'}} [more]
 */
export function problem(complaint, { againSeconds = null, retry = null, heading = 'h2' } = {}) {
  const { title, detail = '', hint = '' } = complaint;
  const shown = make(
    'div',
    { class: 'problem', role: 'alert' },
    sign(complaint.code === 'away' ? 'note' : 'failed'),
    make(
      'div',
      {},
      told(heading, 'what', title),
      detail && detail !== title && told('p', 'why', detail),
      hint && told('p', 'hint', hint),
      againSeconds !== null && againSeconds > 90 && make('p', {}, again(againSeconds)),
      retry && make('button', { type: 'button', onclick: retry }, say('Try again')),
      complaint.code === 'signed-out' &&
        make('a', { class: 'button', href: here() }, say('Sign in again'))
    )
  );
  return shown;
}

/** A sentence of the service; what is not known in the person's language stays English.
 *
 * @param {'h2' | 'p'} tag @param {string} name @param {string} text
 */
function told(tag, name, text) {
  const lang = isKnown(text) ? null : 'en';
  return make(
    tag,
    { class: name, lang },
    name === 'what' ? sayTold(text) : sentence(sayTold(text))
  );
}

/** @param {number} seconds */
function again(seconds) {
  const at = new Date(Date.now() + seconds * 1000);
  const time = at.toLocaleTimeString(document.documentElement.lang, { timeStyle: 'short' });
  return say('It can be asked again in %1, from %2.', about(seconds), time);
}

/** The same address once more: the hub asks who it is, and comes back here. */
function here() {
  return location.pathname + location.search + location.hash;
}
