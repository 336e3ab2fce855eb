/** The page of a campaign: it reads `data.js` again while the campaign runs, and shows what it says. */
const recrateCampaign = (() => {
  'use strict';
  const { element, say } = Words;
  const at = name => document.getElementById(name);
  const AGAIN = 4000;
  const AGAIN_AT_MOST = 60000;
  const STALE = 120000;
  const MISSES = 40;

  const nonce = document.currentScript.nonce;

  let coming = null;
  let status = null;
  let rows = [];
  let order = [];
  let ordered = '';
  let view = Rows.viewOf(location.hash);
  let misses = 0;
  let timer = 0;

  const put = (node, text) => {
    if (node.textContent !== text) {
      node.textContent = text;
    }
  };

  const fact = (key, value, more = '') =>
    element(
      'div',
      {},
      element('dt', {}, say(key)),
      element('dd', {}, value, more && element('span', { class: 'quiet more' }, more))
    );

  const factsOf = () => {
    const running = status.running;
    const list = [];
    if (running) {
      const hour = status.perHour;
      const count = Words.number(hour, hour < 10 ? 1 : 0);
      list.push(fact('per.hour', say('per.hour.value', { count })));
      list.push(fact('left', status.left === null ? say('unknown') : Words.duration(status.left)));
    }
    list.push(fact(running ? 'elapsed' : 'elapsed.done', Words.duration(status.elapsed)));
    const hours = status.core / 3600;
    list.push(fact('core.hours', Words.number(hours, hours < 1 ? 3 : hours < 100 ? 1 : 0)));
    if (running) {
      const queue = status.queued ? say('queued', { count: Words.number(status.queued) }) : '';
      const workers = say('workers', { count: Words.number(status.workers) });
      list.push(
        fact(
          'machines',
          status.machineCount ? Words.number(status.machineCount) : say('none'),
          [workers, queue, status.machines.slice(0, 6).join(', ')].filter(Boolean).join(' · ')
        )
      );
    }
    list.push(fact('attempts', Words.number(status.attempts)));
    if (status.runners.length) {
      list.push(fact('runners', status.runners.join(', ')));
    }
    return list;
  };

  const stateLine = () => {
    const told = { at: Words.moment(status.at) };
    if (status.running) {
      const stale = status.at !== null && Date.now() - status.at > STALE;
      return say(stale ? 'state.line.stale' : 'state.line.running', told);
    }
    return say(status.done >= status.total ? 'state.line.done' : 'state.line.stopped', told);
  };

  const counted = () => {
    const found = new Map(Rows.MARKS.map(mark => [mark, 0]));
    for (const row of rows) {
      if (row.done) {
        found.set(row.mark, (found.get(row.mark) || 0) + 1);
      }
    }
    return [...found].filter(([, count]) => count);
  };

  const showProgress = () => {
    const marks = counted();
    const parts = marks.map(([mark, count]) => {
      const part = element('span', { class: `fill ${Words.tone(mark)}` });
      part.style.flexGrow = String(count);
      return part;
    });
    const rest = element('span', {});
    rest.style.flexGrow = String(Math.max(0, status.total - status.done));
    const bar = at('progress');
    bar.replaceChildren(...parts, rest);
    const share = status.total ? Math.floor((100 * status.done) / status.total) : 0;
    bar.setAttribute('aria-valuenow', String(share));
    bar.setAttribute('aria-valuetext', `${share} %`);
    const told = marks.map(([mark, count]) =>
      element(
        'li',
        { class: Words.tone(mark) },
        Words.sign(mark),
        element('b', {}, Words.number(count)),
        ` ${Words.mark(mark)}`
      )
    );
    const left = status.total - status.done;
    if (left > 0) {
      told.push(
        element('li', { class: 'to-go' }, say('left.tasks', { count: Words.number(left) }))
      );
    }
    at('counts').replaceChildren(...told);
  };

  const showStanding = () => {
    const told = { done: Words.number(status.done), total: Words.number(status.total) };
    put(at('headline'), say('done', told));
    put(at('list'), status.list);
    put(at('state-line'), stateLine());
    document.title = `${say('done', told)} · ${say('title')}`;
    at('state-line').classList.toggle('at-work', status.running);
    showProgress();
    at('facts').replaceChildren(...factsOf());
    at('notes').hidden = !status.notes.length;
    at('notes')
      .querySelector('ul')
      .replaceChildren(...status.notes.map(note => element('li', {}, note)));
    put(at('made-by'), status.agent ? `${say('made.by', { agent: status.agent })} · ` : '');
  };

  const wordOf = (facet, value) => {
    if (value === Rows.NONE) {
      return say('filter.none');
    }
    if (facet === 'state') {
      return say(`state.${value}`);
    }
    return facet === 'verdict' ? Words.mark(value) : facet === 'cause' ? Words.cause(value) : value;
  };

  /** Fill a list of choices, only where they changed: an open list must not close by itself. */
  const fill = (select, choices, chosen) => {
    const told = JSON.stringify(choices);
    if (select.dataset.told !== told) {
      select.dataset.told = told;
      select.replaceChildren(...choices.map(([value, text]) => element('option', { value }, text)));
    }
    select.value = chosen;
  };

  const showChoices = () => {
    for (const facet of Rows.FACETS) {
      const select = at(`filter-${facet}`);
      const found = Rows.choices(rows, facet);
      if (view[facet] && !found.includes(view[facet])) {
        found.push(view[facet]);
      }
      const choices = found.map(value => [value, wordOf(facet, value)]);
      fill(select, [['', say('filter.any')], ...choices], view[facet]);
      select.closest('p').hidden = found.length < 2 && !view[facet];
    }
    const sorts = Rows.SORTS.flatMap(name => [
      [name, `${say(`column.${name}`)} ↑`],
      [`-${name}`, `${say(`column.${name}`)} ↓`]
    ]);
    fill(at('filter-sort'), sorts, view.sort);
    at('filter-q').placeholder = say('filter.hint');
    if (at('filter-q').value !== view.q) {
      at('filter-q').value = view.q;
    }
  };

  const showTable = () => {
    if (ordered !== view.sort) {
      order = Rows.sorted(rows, view.sort);
      ordered = view.sort;
    }
    const found = Rows.fitting(order, view);
    Table.show(found, rows.length, view, { onSort, onPage: page => look({ page }) });
    at('clear').hidden = !['q', ...Rows.FACETS].some(name => view[name]);
  };

  /** Remember the view in the address, so that it can be linked, without a step in the history. */
  const remember = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const address = location.href.replace(/#.*$/s, '') + (Rows.fragmentOf(view) || '#');
      history.replaceState(null, '', address);
    }, 150);
  };

  /** Change the view; whoever changes what is shown begins again at its first page. */
  const look = changes => {
    view = { ...view, page: 1, ...changes };
    showTable();
    remember();
  };

  const onSort = name => look({ sort: view.sort === name ? `-${name}` : name });

  const pick = facets => {
    look({ ...Rows.plain(), sort: view.sort, ...facets });
    showChoices();
    at('tasks').scrollIntoView();
    at('tasks').focus({ preventScroll: true });
  };

  const show = () => {
    if (status === null) {
      return;
    }
    showStanding();
    Charts.show(rows, pick);
    showChoices();
    showTable();
  };

  const complain = key => {
    at('banner').hidden = key === '';
    at('banner').dataset.key = key;
    put(at('banner'), key && say(key));
  };

  const arrived = whole => {
    if (status !== null && JSON.stringify(status) === JSON.stringify(whole.status)) {
      put(at('state-line'), stateLine());
      return;
    }
    const ended = status !== null && status.running && !whole.status.running;
    status = whole.status;
    rows = whole.rows.map(values => Rows.read(status.columns, values));
    ordered = '';
    complain('');
    show();
    if (ended) {
      put(at('heard'), say('finished'));
    }
  };

  const later = wait => setTimeout(() => (document.hidden ? later(wait) : load()), wait);

  /** Read `data.js` by a new element: that works in a folder too, where nothing can be fetched. */
  const load = () => {
    const began = performance.now();
    const script = element('script', { src: `data.js?${Date.now()}` });
    script.nonce = nonce;
    const over = came => {
      script.remove();
      const took = performance.now() - began;
      if (!came) {
        misses += 1;
        if (status === null) {
          complain('absent');
        }
      } else {
        misses = 0;
      }
      const ended = status !== null && !status.running && came;
      if (!ended && misses < MISSES) {
        later(Math.min(AGAIN_AT_MOST, Math.max(AGAIN, took * 10)));
      }
    };
    const before = { whole: false };
    latest = before;
    script.addEventListener('load', () => over(before.whole));
    script.addEventListener('error', () => over(false));
    document.head.append(script);
  };
  let latest = { whole: false };

  const listen = () => {
    at('filters').addEventListener('submit', event => event.preventDefault());
    at('filters').addEventListener('input', event => {
      const { name, value } = event.target;
      if (name) {
        look({ [name]: value });
      }
    });
    at('clear').addEventListener('click', () => {
      look({ ...Rows.plain(), sort: view.sort });
      showChoices();
      at('filter-q').focus();
    });
    at('skip').addEventListener('click', event => {
      event.preventDefault();
      at('tasks').scrollIntoView();
      at('tasks').focus({ preventScroll: true });
    });
    addEventListener('hashchange', () => {
      view = Rows.viewOf(location.hash);
      show();
    });
  };

  /** Called by the scripts' end, when all is there. */
  const open = () => {
    listen();
    Charts.begin(show);
    Words.onChange(() => {
      if (status === null) {
        document.title = say('title');
        complain(at('banner').dataset.key || 'loading');
      }
      show();
    });
    Words.begin();
    load();
  };

  return {
    open,
    begin: told => {
      coming = { status: told, rows: [] };
    },
    rows: some => coming && coming.rows.push(...some),
    end: count => {
      if (coming && coming.rows.length === count) {
        latest.whole = true;
        arrived(coming);
      }
      coming = null;
    }
  };
})();

recrateCampaign.open();
