/** The tasks as values: read, filtered, sorted; and the filter as a fragment that can be linked. */
const Rows = (() => {
  'use strict';
  const MARKS = JSON.parse(document.getElementById('marks').textContent);
  const STATES = ['listed', 'waiting', 'running', 'judged', 'known', 'broken', 'given up'];
  const ENDS = new Set(STATES.slice(3));
  const FACETS = ['state', 'verdict', 'cause', 'python', 'year', 'group'];
  const SORTS = [
    'number',
    'title',
    'verdict',
    'python',
    'year',
    'group',
    'compared',
    'seconds',
    'core'
  ];
  /** What the fragment and the choices say for: it has none. */
  const NONE = '~';
  const SEARCHED = ['title', 'where', 'group', 'message', 'reason', 'host', 'runner', 'cause'];

  /** Text as it is searched: capital letters and full-width forms make no difference. */
  const folded = text => text.normalize('NFKC').toLowerCase();

  /** `3.11.7` is of 3.11. */
  const minor = version => (/^\d+\.\d+/.exec(version) || [version])[0];

  const read = (columns, values) => {
    const row = { values };
    for (let place = 0; place < columns.length; place += 1) {
      row[columns[place]] = values[place];
    }
    row.mark = row.verdict || row.state;
    row.done = ENDS.has(row.state);
    row.facets = {
      state: row.state,
      verdict: row.verdict,
      cause: row.cause,
      python: minor(row.python),
      year: row.year === null ? '' : String(row.year),
      group: row.group
    };
    row.searched = folded(SEARCHED.map(name => row[name]).join('\n'));
    return row;
  };

  const rank = (order, value) => {
    const place = order.indexOf(value);
    return place < 0 ? order.length : place;
  };

  /** Versions, years and numbers by their size, not by their letters. */
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

  const compare = {
    number: (one, other) => one.number - other.number,
    title: (one, other) => collator.compare(one.title || one.where, other.title || other.where),
    verdict: (one, other) =>
      rank(MARKS, one.mark) - rank(MARKS, other.mark) || collator.compare(one.cause, other.cause),
    python: (one, other) => collator.compare(one.python, other.python),
    year: (one, other) => (one.year || 0) - (other.year || 0),
    group: (one, other) => collator.compare(one.group, other.group),
    compared: (one, other) => one.compared - other.compared,
    seconds: (one, other) => one.seconds - other.seconds,
    core: (one, other) => one.core - other.core
  };

  /** All rows in the order that `sort` names: a column, with `-` before it the other way round. */
  const sorted = (rows, sort) => {
    const name = sort.replace(/^-/, '');
    const sense = sort.startsWith('-') ? -1 : 1;
    return [...rows].sort(
      (one, other) => sense * compare[name](one, other) || one.number - other.number
    );
  };

  /** The rows that fit a view, in the order they came. */
  const fitting = (rows, view) => {
    const words = folded(view.q).split(/\s+/).filter(Boolean);
    const chosen = FACETS.filter(name => view[name]);
    return rows.filter(
      row =>
        chosen.every(name => row.facets[name] === (view[name] === NONE ? '' : view[name])) &&
        words.every(word => row.searched.includes(word))
    );
  };

  /** What a facet can be chosen to be, in an order that people expect. */
  const choices = (rows, name) => {
    const found = new Set(rows.map(row => row.facets[name]));
    const none = found.delete('');
    const all = [...found];
    if (name === 'verdict' || name === 'state') {
      const order = name === 'state' ? STATES : MARKS;
      all.sort((one, other) => rank(order, one) - rank(order, other));
    } else {
      all.sort(collator.compare);
    }
    return none && all.length ? [...all, NONE] : all;
  };

  const plain = () => ({
    q: '',
    state: '',
    verdict: '',
    cause: '',
    python: '',
    year: '',
    group: '',
    sort: 'number',
    page: 1
  });

  /** The view that a fragment such as `#verdict=failed&sort=-seconds` names; what is odd is left out. */
  const viewOf = fragment => {
    const view = plain();
    const told = new URLSearchParams(fragment.replace(/^#/, ''));
    for (const name of ['q', ...FACETS]) {
      view[name] = (told.get(name) || '').slice(0, 300);
    }
    const sort = told.get('sort') || '';
    view.sort = SORTS.includes(sort.replace(/^-/, '')) ? sort : 'number';
    view.page = Math.max(1, Number.parseInt(told.get('page') || '1', 10) || 1);
    return view;
  };

  /** The fragment of a view, shortest; empty for the one that a page begins with. */
  const fragmentOf = view => {
    const usual = plain();
    const told = new URLSearchParams();
    for (const name of Object.keys(usual)) {
      if (String(view[name]) !== String(usual[name])) {
        told.set(name, view[name]);
      }
    }
    const text = told.toString();
    return text && `#${text}`;
  };

  return {
    FACETS,
    MARKS,
    NONE,
    SORTS,
    choices,
    collator,
    fitting,
    fragmentOf,
    plain,
    rank,
    read,
    sorted,
    viewOf
  };
})();
