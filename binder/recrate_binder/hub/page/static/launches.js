/** The person's launches: what runs, what ran; each can be opened, ended, repeated. */
import { now } from './api.js';
import { make, sign } from './elements.js';
import { isUnderWay } from './launch.js';
import { ago, say } from './words.js';

/** @typedef {import('./api.js').Launch} Launch */

/** @type {Record<string, string>} */
const STATES = {
  waiting: 'waiting',
  running: 'being launched',
  ready: 'running',
  failed: 'failed',
  cancelled: 'cancelled',
  stopped: 'ended'
};

/** Fill the section with all but the one that is shown above it; without any it is not there.
 *
 * @param {HTMLElement} section
 * @param {readonly Launch[]} launches
 * @param {string | null} shown
 * @param {{relaunch: (launch: Launch) => void, end: (launch: Launch) => void}} desk
 */
export function showLaunches(section, launches, shown, desk) {
  const held = document.activeElement;
  const key = held instanceof HTMLElement && section.contains(held) ? held.dataset['key'] : null;
  const others = launches.filter(one => one.id !== shown);
  const title = others.length === launches.length ? 'Your launches' : 'Your other launches';
  section.hidden = others.length === 0;
  section.replaceChildren(
    make('h2', { id: 'launches-title', tabindex: -1 }, say(title)),
    make('ul', {}, ...others.map(one => item(one, desk)))
  );
  if (key) {
    const again = [...section.querySelectorAll('[data-key]')].find(
      one => one instanceof HTMLElement && one.dataset['key'] === key
    );
    const next = again ?? section.querySelector('h2');
    if (next instanceof HTMLElement) {
      next.focus();
    }
  }
}

/**
 * @param {Launch} launch
 * @param {{relaunch: (launch: Launch) => void, end: (launch: Launch) => void}} desk
 */
function item(launch, desk) {
  const title = launch.title || launch.where;
  const name = make('span', { class: 'heard', dir: 'auto' }, ` ${title}`);
  /** @param {string} what @param {(launch: Launch) => void} act */
  const button = (what, act) =>
    make(
      'button',
      {
        type: 'button',
        class: 'small',
        'data-key': `${what}:${launch.id}`,
        onclick: () => act(launch)
      },
      say(what),
      name
    );
  const open =
    launch.status === 'ready' &&
    launch.url &&
    make(
      'a',
      { class: 'button small', href: launch.url, 'data-key': `open:${launch.id}` },
      say('Open'),
      name.cloneNode(true)
    );
  return make(
    'li',
    { 'data-status': launch.status },
    sign(launch.status),
    make(
      'div',
      {},
      make(
        'a',
        {
          href: `#launch=${launch.id}`,
          dir: 'auto',
          'data-key': `show:${launch.id}`
        },
        title
      ),
      make(
        'p',
        { class: 'quiet' },
        `${say(STATES[launch.status] ?? launch.status)} · ${ago(now() - launch.created)}`
      )
    ),
    make(
      'div',
      { class: 'actions' },
      open,
      launch.status === 'ready' && button('Stop', desk.end),
      isUnderWay(launch) && button('Cancel', desk.end),
      !isUnderWay(launch) && launch.status !== 'ready' && button('Relaunch', desk.relaunch)
    )
  );
}
