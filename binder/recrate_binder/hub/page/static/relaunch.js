/** The page: an address is looked up, launched and watched; the address bar says where one is. */
import { begin, end, look, mine, one, Problem } from './api.js';
import { showCrate } from './crate.js';
import { make, sign, tell } from './elements.js';
import { LaunchView, isUnderWay } from './launch.js';
import { showLaunches } from './launches.js';
import { problem } from './problems.js';
import { number, say, size } from './words.js';

/** @typedef {import('./api.js').Launch} Launch */

/** @param {string} id */
function part(id) {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`the page has no #${id}`);
  }
  return found;
}

const form = /** @type {HTMLFormElement} */ (part('ask'));
const field = /** @type {HTMLInputElement} */ (part('where'));
const crateSection = part('crate');
const launchesSection = part('launches');
const problems = part('problem');

/** @type {Launch[]} */
let launches = [];
let looking = new AbortController();
/** Where the page is; what answers late for another place is not shown. */
let place = '';

const view = new LaunchView(part('launch'), {
  changed: keep,
  relaunch: again,
  end: stop,
  gone: told => {
    if (told.code === 'signed-out' && wasLongAgo()) {
      location.reload(); // a service that was restarted knows nobody; the hub tells it who this is
      return;
    }
    view.leave();
    complain(told, null);
  }
});

/** Whether this page was not loaded again for this reason a moment ago. */
function wasLongAgo() {
  const last = Number(remembered('reloaded').title ?? 0);
  remember('reloaded', { title: String(Date.now()) });
  return Date.now() - last > 60_000;
}

/** @param {unknown} error @param {(() => void) | null} retry */
function complain(error, retry) {
  if (error instanceof DOMException && error.name === 'AbortError') {
    return;
  }
  const told = error instanceof Problem ? error : new Problem({ title: String(error) });
  const repeatable = told.againSeconds === null && told.code !== 'signed-out';
  problems.replaceChildren(
    problem(told.complaint, {
      againSeconds: told.againSeconds,
      retry: repeatable ? retry : null
    })
  );
}

/** Look up what is in the field. */
async function lookUp() {
  const where = field.value.trim();
  if (!where) {
    field.focus();
    return;
  }
  looking.abort();
  looking = new AbortController();
  const { signal } = looking;
  view.leave();
  draw(); // what was shown above is one of the list again
  problems.replaceChildren();
  wait(say('Looking up %1 …', where));
  try {
    const crate = await look(where, signal);
    const session = launches.find(one => one.status === 'ready' && one.where === where);
    const launch = (/** @type {boolean} */ agreed) =>
      void start(where, agreed, { title: crate.title, expected: crate.expected_seconds });
    showCrate(crateSection, crate, session, launch);
    part('crate-title').focus();
    tell('');
  } catch (error) {
    if (!signal.aborted) {
      crateSection.hidden = true;
      complain(error, () => void lookUp());
    }
  }
}

/** @param {string} text */
function wait(text) {
  const shown = make('p', { class: 'wait' }, sign('running'), make('span', {}, text));
  crateSection.replaceChildren(make('h2', { id: 'crate-title', class: 'heard' }, text), shown);
  crateSection.hidden = false;
  tell(text);
}

/** @param {string} where @param {boolean} agreed @param {import('./launch.js').Known} known */
async function start(where, agreed, known) {
  problems.replaceChildren();
  const button = crateSection.querySelector('button');
  button?.setAttribute('aria-disabled', 'true');
  try {
    const launch = await begin(where, agreed);
    remember(launch.id, known);
    crateSection.hidden = true;
    go(`#launch=${encodeURIComponent(launch.id)}`);
    view.show(launch, known);
    keep(launch);
    part('launch-title').focus();
  } catch (error) {
    complain(error, () => void start(where, agreed, known));
  } finally {
    button?.removeAttribute('aria-disabled');
  }
}

/** Look at the crate of an earlier launch once more: it may have grown, or be ready here.
 *
 * @param {Launch} launch
 */
function again(launch) {
  field.value = launch.where;
  go(`?${question(launch.where)}`);
  void lookUp();
}

/** @param {Launch} launch */
async function stop(launch) {
  if (launch.status === 'ready' && !(await confirmed(launch))) {
    return;
  }
  try {
    await end(launch.id);
    await view.refresh();
    await list();
  } catch (error) {
    complain(error, () => void stop(launch));
  }
}

/** @param {Launch} launch @returns {Promise<boolean>} */
function confirmed(launch) {
  const dialog = make(
    'dialog',
    { 'aria-labelledby': 'sure' },
    make(
      'form',
      { method: 'dialog' },
      make('h2', { id: 'sure' }, say('Stop this session?')),
      make('p', { dir: 'auto' }, launch.title || launch.where),
      make(
        'p',
        {},
        say('The next launch begins anew: first download what you changed and want to keep.')
      ),
      make(
        'p',
        { class: 'end' },
        make('button', { value: '' }, say('Leave it running')),
        make('button', { value: 'stop', class: 'main' }, say('Stop'))
      )
    )
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise(decided => {
    dialog.addEventListener('close', () => {
      decided(dialog.returnValue === 'stop');
      dialog.remove();
    });
  });
}

/** What is known of a launch, in the list, too. @param {Launch} launch */
function keep(launch) {
  launches = [launch, ...launches.filter(({ id }) => id !== launch.id)];
  launches.sort((a, b) => b.created - a.created);
  draw();
}

function draw() {
  showLaunches(launchesSection, launches, view.launch?.id ?? null, { relaunch: again, end: stop });
}

async function list() {
  try {
    launches = await mine();
    draw();
    const shown = launches.find(({ id }) => id === view.launch?.id);
    if (shown && !isUnderWay(shown)) {
      view.hear(shown);
    }
  } catch (error) {
    if (error instanceof Problem && error.code === 'signed-out') {
      complain(error, null);
    }
  }
}

/** @param {string} id @param {import('./launch.js').Known} known */
function remember(id, known) {
  try {
    sessionStorage.setItem(`launch:${id}`, JSON.stringify(known));
  } catch {
    // a browser that keeps nothing: then the time is not told after a reload
  }
}

/** @param {string} id @returns {import('./launch.js').Known} */
function remembered(id) {
  try {
    return JSON.parse(sessionStorage.getItem(`launch:${id}`) ?? '{}');
  } catch {
    return {};
  }
}

/** @param {string} where */
function question(where) {
  const asked = new URLSearchParams({ crate: where });
  const chosen = new URLSearchParams(location.search).get('lang');
  if (chosen) {
    asked.set('lang', chosen);
  }
  return asked.toString();
}

/** Another place of the page, to which the browser's back button leads, too.
 *
 * @param {string} address
 */
function go(address) {
  history.pushState(null, '', address);
  place = location.href;
  switchesLanguageHere();
}

/** The other language shows what is shown now. */
function switchesLanguageHere() {
  const link = /** @type {HTMLAnchorElement} */ (part('language'));
  const asked = new URLSearchParams(location.search);
  asked.set('lang', link.lang);
  link.href = `${location.pathname}?${asked}${location.hash}`;
}

/** What the address says: a launch, a crate, or nothing yet. */
function said() {
  const id = new URLSearchParams(location.hash.slice(1)).get('launch');
  return { id, asked: new URLSearchParams(location.search).get('crate') };
}

/** Show what the address says. */
async function arrive() {
  place = location.href;
  switchesLanguageHere();
  looking.abort();
  view.leave();
  crateSection.hidden = true;
  problems.replaceChildren();
  const { id, asked } = said();
  if (!id) {
    field.value = asked ?? '';
    draw();
    await (asked ? lookUp() : field.focus());
    return;
  }
  try {
    const here = place;
    const launch = await one(id);
    if (here === place) {
      field.value = launch.where;
      view.show(launch, remembered(id));
      draw();
    }
  } catch (error) {
    complain(error, () => void arrive());
  }
}

form.addEventListener('submit', event => {
  event.preventDefault();
  go(`?${question(field.value.trim())}`);
  void lookUp();
});
field.addEventListener('paste', () => {
  if (field.selectionEnd !== null && field.value.length === 0) {
    window.setTimeout(() => form.requestSubmit());
  }
});
document.addEventListener('dragover', event => {
  if (event.dataTransfer?.types.some(type => /^text\/(uri-list|plain)$/.test(type))) {
    event.preventDefault();
    form.dataset['over'] = '';
  }
});
document.addEventListener('dragleave', event => {
  if (event.relatedTarget === null) {
    delete form.dataset['over'];
  }
});
document.addEventListener('drop', event => {
  delete form.dataset['over'];
  const data = event.dataTransfer;
  const text = data?.getData('text/uri-list') || data?.getData('text/plain') || '';
  const first = text.split('\n').find(line => line.trim() && !line.startsWith('#'));
  if (first) {
    event.preventDefault();
    field.value = first.trim();
    form.requestSubmit();
  }
});
window.addEventListener('popstate', () => {
  if (location.hash !== '#main') {
    void arrive();
  }
});
document.addEventListener('visibilitychange', () => void (document.hidden || list()));
window.setInterval(() => void (document.hidden || list()), 30_000);

/** @type {{sessions_per_user?: number, launches_per_hour?: number, size_bytes?: number}} */
const limits = JSON.parse(document.documentElement.dataset['limits'] || '{}');
part('limits').textContent = [
  limits.sessions_per_user && say('Sessions at a time: %1.', number(limits.sessions_per_user)),
  limits.launches_per_hour && say('Launches an hour: %1.', number(limits.launches_per_hour)),
  limits.size_bytes && say('Largest crate: %1.', size(limits.size_bytes))
]
  .filter(Boolean)
  .join(' ');

void arrive();
void list();
