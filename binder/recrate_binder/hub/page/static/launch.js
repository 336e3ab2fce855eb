/** One launch as it goes on: three steps, then JupyterLab, or why there is none. */
import { follow, now, one } from './api.js';
import { make, sign, tell } from './elements.js';
import { problem } from './problems.js';
import { about, clock, say, sayTold, size } from './words.js';

/** @typedef {import('./api.js').Launch} Launch */
/** @typedef {import('./api.js').Stage} Stage */
/** @typedef {Partial<Record<string, number | null>>} Expected seconds by step */
/** @typedef {{title?: string, expected?: Expected}} Known what the crate's own answer told */

/** @type {Record<string, string>} */
const STEPS = {
  fetch: 'Fetch the crate',
  environment: 'Prepare its environment',
  start: 'Start JupyterLab'
};
/** @type {Record<string, string>} */
const STATES = { waiting: 'to come', running: 'under way', done: 'done', failed: 'failed' };
/** @type {Record<string, string>} */
const HEADINGS = {
  waiting: 'Waiting',
  running: 'Launching',
  ready: 'JupyterLab is ready',
  failed: 'It could not be launched',
  cancelled: 'The launch was cancelled',
  stopped: 'The session has ended'
};

/** @param {Launch} launch */
export const isUnderWay = launch => launch.status === 'waiting' || launch.status === 'running';

/** Watches one launch and shows it. */
export class LaunchView {
  /**
   * @param {HTMLElement} section
   * @param {{
   *   changed: (launch: Launch) => void, relaunch: (launch: Launch) => void,
   *   end: (launch: Launch) => void, gone: (problem: import('./api.js').Problem) => void
   * }} desk
   */
  constructor(section, desk) {
    this.section = section;
    this.desk = desk;
    /** @type {Launch | null} */
    this.launch = null;
    /** @type {Expected} */
    this.expected = {};
    this.title = '';
    /** When each step was seen to begin. @type {Map<string, number>} */
    this.begun = new Map();
    this.timer = 0;
    this.unfollow = () => {};
    this.heading = make('h2', { id: 'launch-title', tabindex: -1 });
    this.name = make('p', { class: 'of', dir: 'auto' });
    this.queue = make('p', { class: 'queue' });
    this.steps = make('ol', { class: 'steps', 'aria-label': say('Steps') });
    this.total = make('p', { class: 'quiet total' });
    this.end = make('div', { class: 'end' });
    this.link = make('p', { class: 'quiet', id: 'connection' });
    this.opens = make('input', { type: 'checkbox', checked: true });
    this.choice = make(
      'label',
      { class: 'agree' },
      this.opens,
      say('Open it here as soon as it is ready')
    );
  }

  /** Show a launch and follow it as long as something happens to it.
   *
   * @param {Launch} launch
   * @param {Known} known
   */
  show(launch, known) {
    this.leave();
    this.expected = known.expected ?? {};
    this.title = known.title ?? '';
    this.begun.clear();
    this.steps.replaceChildren(...launch.stages.map(stage => row(stage.name)));
    const parts = [this.name, this.queue, this.steps, this.total, this.choice, this.link, this.end];
    this.section.replaceChildren(this.heading, ...parts);
    this.section.hidden = false;
    this.draw(launch);
    if (isUnderWay(launch)) {
      this.unfollow = follow(launch.id, {
        changed: changed => this.hear(changed),
        broken: seconds => this.lose(seconds),
        refused: told => this.desk.gone(told)
      });
      this.timer = window.setInterval(() => this.tick(), 1000);
    }
  }

  /** Look once more, because something was done to it. */
  async refresh() {
    if (this.launch) {
      this.hear(await one(this.launch.id));
    }
  }

  /** Look no longer. */
  leave() {
    this.unfollow();
    window.clearInterval(this.timer);
    this.unfollow = () => {};
    this.launch = null;
    this.link.textContent = '';
    this.section.hidden = true;
  }

  /** @param {Launch} launch */
  hear(launch) {
    const before = this.launch;
    if (!before || before.id !== launch.id) {
      return;
    }
    this.link.textContent = '';
    this.draw(launch);
    this.desk.changed(launch);
    if (isUnderWay(before) && !isUnderWay(launch)) {
      this.unfollow();
      window.clearInterval(this.timer);
      this.arrive(launch);
    }
  }

  /** The launch came to an end while somebody watched. @param {Launch} launch */
  arrive(launch) {
    if (launch.status === 'ready' && launch.url && this.opens.checked && !document.hidden) {
      tell(say('JupyterLab is ready and opens now.'));
      location.assign(launch.url);
      return;
    }
    const next = this.end.querySelector('a, button');
    if (next instanceof HTMLElement && isHere(this.section)) {
      next.focus();
    }
  }

  /** @param {number} seconds */
  lose(seconds) {
    this.link.textContent = say(
      'The connection was interrupted; next try in %1. The launch goes on.',
      clock(seconds)
    );
  }

  /** @param {Launch} launch */
  draw(launch) {
    const before = this.launch;
    const held = this.section.contains(document.activeElement) ? document.activeElement : null;
    this.launch = launch;
    this.mind(before, launch);
    this.section.dataset['status'] = launch.status;
    setText(this.heading, say(HEADINGS[launch.status] ?? launch.status));
    setText(this.name, launch.title || this.title || launch.where);
    setText(this.queue, isUnderWay(launch) && launch.ahead > 0 ? waiting(launch.ahead) : '');
    launch.stages.forEach((stage, place) => drawRow(this.steps.children[place], stage));
    this.choice.hidden = !isUnderWay(launch);
    this.steps.hidden = launch.status === 'stopped' || launch.status === 'cancelled';
    if (before?.status !== launch.status || before.id !== launch.id) {
      this.end.replaceChildren(...this.actions(launch));
    }
    this.tick();
    announce(before, launch);
    if (held && !held.isConnected) {
      this.heading.focus();
    }
  }

  /** @param {Launch} launch @returns {Node[]} */
  actions(launch) {
    const again = () => this.desk.relaunch(launch);
    const ending = () => this.desk.end(launch);
    const repeat = make('button', { type: 'button', class: 'main', onclick: again });
    repeat.textContent = say(launch.status === 'failed' ? 'Try again' : 'Relaunch');
    if (isUnderWay(launch)) {
      return [make('button', { type: 'button', onclick: ending }, say('Cancel'))];
    }
    if (launch.status === 'ready' && launch.url) {
      return [
        make('a', { class: 'button main', href: launch.url }, say('Open JupyterLab')),
        make('button', { type: 'button', onclick: ending }, say('Stop'))
      ];
    }
    const why = launch.problem ?? { title: say('The reason is not known') };
    return launch.status === 'failed' ? [problem(why, { heading: 'p' }), repeat] : [repeat];
  }

  /** Note when a step began: as it was seen, else as the steps before it took.
   *
   * @param {Launch | null} before @param {Launch} launch
   */
  mind(before, launch) {
    for (const [place, { name, status }] of launch.stages.entries()) {
      if (status === 'running' && !this.begun.has(name)) {
        const earlier = launch.stages.slice(0, place);
        const took = earlier.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0);
        this.begun.set(name, before ? now() : Math.min(now(), launch.created + took));
      }
    }
  }

  /** The clocks. */
  tick() {
    const launch = this.launch;
    if (!launch) {
      return;
    }
    let all = 0;
    launch.stages.forEach((stage, place) => {
      const since = now() - (this.begun.get(stage.name) ?? now());
      const seconds = stage.status === 'running' ? since : (stage.seconds ?? 0);
      all += seconds;
      const time = this.steps.children[place]?.querySelector('.time');
      if (time) {
        setText(time, stage.status === 'waiting' ? '' : this.timeOf(stage, seconds));
      }
    });
    setText(this.total, isUnderWay(launch) || launch.status === 'ready' ? this.sum(all) : '');
  }

  /** @param {Stage} stage @param {number} seconds */
  timeOf(stage, seconds) {
    const expected = this.expected[stage.name];
    return stage.status === 'running' && expected
      ? say('%1 of %2', clock(seconds), about(expected))
      : clock(seconds);
  }

  /** @param {number} seconds */
  sum(seconds) {
    if (this.launch?.status === 'ready') {
      return say('It took %1.', clock(seconds));
    }
    const parts = Object.values(this.expected);
    const all = parts.reduce((sum, one) => (sum ?? 0) + (one ?? 0), 0) ?? 0;
    return parts.length === 3 && !parts.includes(null)
      ? say('So far %1, expected: %2.', clock(seconds), about(all))
      : say('So far %1.', clock(seconds));
  }
}

/** @param {string} name */
function row(name) {
  return make(
    'li',
    { 'data-step': name },
    make('span', { class: 'mark' }),
    make(
      'div',
      {},
      make('span', { class: 'step' }, say(STEPS[name] ?? name)),
      make('span', { class: 'heard state' }),
      make('span', { class: 'time quiet' }),
      make('p', { class: 'message quiet', dir: 'auto' }),
      make('progress', { 'aria-label': say(STEPS[name] ?? name), hidden: true })
    )
  );
}

/** @param {Element | undefined} shown @param {Stage} stage */
function drawRow(shown, stage) {
  if (!(shown instanceof HTMLElement)) {
    return;
  }
  if (shown.dataset['status'] !== stage.status) {
    shown.dataset['status'] = stage.status;
    shown.querySelector('.mark')?.replaceChildren(sign(stage.status));
    if (stage.status === 'running') {
      shown.setAttribute('aria-current', 'step');
    } else {
      shown.removeAttribute('aria-current');
    }
  }
  const state = shown.querySelector('.state');
  const message = shown.querySelector('.message');
  const bar = shown.querySelector('progress');
  if (state && message && bar) {
    setText(state, `: ${say(STATES[stage.status] ?? stage.status)}. `);
    setText(message, stage.status === 'running' ? messageOf(stage) : '');
    const measured = stage.status === 'running' && (stage.total ?? 0) > 1;
    bar.hidden = !measured;
    bar.max = measured ? Number(stage.total) : 1;
    bar.value = measured ? Math.min(Number(stage.done ?? 0), bar.max) : 0;
  }
}

/** What a step does just now; of a download, how much of it came. @param {Stage} stage */
function messageOf({ name, message, done, total }) {
  const told = sayTold(message);
  return name === 'fetch' && total && total > 1000
    ? `${told} · ${say('%1 of %2', size(done ?? 0), size(total))}`
    : told;
}

/** @param {Launch | null} before @param {Launch} launch */
function announce(before, launch) {
  if (before?.id === launch.id && before.status !== launch.status && !isUnderWay(launch)) {
    tell(say(HEADINGS[launch.status] ?? launch.status));
    return;
  }
  const running = launch.stages.findIndex(stage => stage.status === 'running');
  const stage = launch.stages[running];
  if (isUnderWay(launch) && stage) {
    const step = say(STEPS[stage.name] ?? stage.name);
    tell(say('Step %1 of %2: %3', running + 1, launch.stages.length, step));
  } else if (launch.status === 'waiting') {
    tell(launch.ahead > 0 ? waiting(launch.ahead) : say('Waiting'));
  }
}

/** @param {number} ahead */
function waiting(ahead) {
  return ahead === 1
    ? say('One launch is ahead of yours.')
    : say('%1 launches are ahead of yours.', ahead);
}

/** Nobody's place on the page is taken from them. @param {HTMLElement} section */
function isHere(section) {
  const at = document.activeElement;
  return at === null || at === document.body || section.contains(at);
}

/** @param {Element} shown @param {string} text */
function setText(shown, text) {
  if (shown.textContent !== text) {
    shown.textContent = text;
  }
}
