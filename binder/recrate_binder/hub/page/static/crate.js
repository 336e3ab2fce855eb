/** What a crate is, before anybody decides to launch it. */
import { fact, make, outward, sign } from './elements.js';
import { about, day, number, say, sayTold, size } from './words.js';

/** @typedef {import('./api.js').Crate} Crate */
/** @typedef {import('./api.js').LastVerdict} LastVerdict */

/** Fill the section with a crate; `relaunch` is called once the person decided.
 *
 * @param {HTMLElement} section
 * @param {Crate} crate
 * @param {import('./api.js').Launch | undefined} session of this crate, that runs already
 * @param {(agreed: boolean) => void} relaunch
 */
export function showCrate(section, crate, session, relaunch) {
  const parts = [
    make('h2', { id: 'crate-title', tabindex: -1, dir: 'auto' }, crate.title || crate.where),
    byline(crate),
    crate.last_verdict ? verdict(crate.last_verdict) : noVerdict(),
    facts(crate),
    notes(crate.notes),
    session?.url ? opened(session.url) : null,
    order(crate, relaunch)
  ];
  section.replaceChildren(...parts.filter(part => part !== null));
  section.hidden = false;
}

/** @param {Crate} crate */
function byline(crate) {
  if (crate.blind) {
    return make('p', { class: 'byline' }, say('Packed for blind review: no names are shown.'));
  }
  const shown = crate.creators.slice(0, 8);
  const more = crate.creators.length - shown.length;
  const list = make(
    'ul',
    { class: 'byline', 'aria-label': say('Made by') },
    ...shown.map(name => make('li', { dir: 'auto' }, name)),
    more > 0 && make('li', {}, say('and %1 more', number(more)))
  );
  return shown.length ? list : null;
}

/** @type {Record<string, string>} */
const VERDICTS = {
  identical: 'Identical',
  equivalent: 'Equivalent',
  ran: 'Ran to the end',
  different: 'Different',
  failed: 'Failed',
  'not restored': 'Not restored'
};

/** @param {LastVerdict} last */
function verdict(last) {
  const word = VERDICTS[last.verdict];
  return make(
    'p',
    { class: 'verdict', 'data-of': word ? last.verdict : null },
    make('span', { class: 'heard' }, say('Last verdict') + ': '),
    make('strong', {}, sign(word ? last.verdict : 'note'), word ? say(word) : last.verdict),
    make('span', {}, last.sentence ? sayTold(last.sentence) : ''),
    make('span', { class: 'quiet' }, last.date ? day(last.date) : ''),
    last.url ? outward(last.url, say('the replay')) : null
  );
}

function noVerdict() {
  return make('p', { class: 'verdict quiet' }, say('Nobody’s verdict on it is known here yet.'));
}

/** @param {Crate} crate */
function facts(crate) {
  const address = crate.doi ? `https://doi.org/${crate.doi}` : crate.record_url;
  const record = crate.doi || crate.record_url || crate.where;
  return make(
    'dl',
    { class: 'facts' },
    fact(crate.doi ? 'DOI' : say('Address'), outward(address, record)),
    fact(say('Version'), crate.version),
    fact(say('Licence'), crate.licence && licence(crate.licence)),
    fact(say('Notebooks'), crate.notebooks === null ? null : number(crate.notebooks)),
    fact(say('Size'), crate.size_bytes === null ? say('not known') : size(crate.size_bytes))
  );
}

/** @param {string} text */
function licence(text) {
  const name = /^https?:\/\/(?:www\.)?spdx\.org\/licenses\/([\w.+-]+?)(?:\.html)?$/i.exec(text);
  return outward(text, name?.[1] ?? text);
}

/** @param {string[]} told */
function notes(told) {
  return told.length
    ? make(
        'ul',
        { class: 'notes', 'aria-label': say('Notes') },
        ...told.map(one => make('li', {}, sign('note'), make('span', {}, sayTold(one))))
      )
    : null;
}

/** @param {string} url */
function opened(url) {
  const link = make('a', { class: 'button', href: url }, say('Open that session'));
  return make('div', { class: 'opened' }, make('p', {}, say('You have it open already.')), link);
}

/** @param {Crate} crate @param {(agreed: boolean) => void} relaunch */
function order(crate, relaunch) {
  const agreed = make('input', { type: 'checkbox', id: 'agreed', required: true });
  const form = make(
    'form',
    {
      class: 'order',
      onsubmit: event => {
        event.preventDefault();
        relaunch(crate.needs_agreement && agreed.checked);
      }
    },
    crate.needs_agreement &&
      make(
        'label',
        { class: 'agree' },
        agreed,
        crate.size_bytes === null
          ? say('Its size is not known before it is fetched. Fetch it all the same.')
          : say('It is a large download: fetch all %1.', size(crate.size_bytes))
      ),
    make('button', { class: 'main' }, say('Relaunch')),
    make('p', { class: 'quiet', id: 'expected' }, expected(crate))
  );
  return form;
}

/** The seconds that a launch will take in all, null where one part is not known.
 *
 * @param {Crate} crate
 */
export function expectedSeconds({ expected_seconds: parts }) {
  const all = [parts.fetch, parts.environment, parts.start].map(one => one ?? null);
  return all.reduce((sum, one) => (sum === null || one === null ? null : sum + one), 0);
}

/** @param {Crate} crate */
function expected(crate) {
  const seconds = expectedSeconds(crate);
  if (crate.ready) {
    return seconds === null
      ? say('It starts soon: crate and environment are here already.')
      : say('Takes %1: crate and environment are here already.', about(seconds));
  }
  return seconds === null
    ? say('It may take some minutes: its environment is made for the first time.')
    : say('Takes %1: its environment is made first.', about(seconds));
}
