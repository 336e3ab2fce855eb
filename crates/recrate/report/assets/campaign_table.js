/** The table of tasks: a page of it at a time, patched in place so that focus and scroll stay. */
const Table = (() => {
  'use strict';
  const PAGE = 50;
  const { element, say } = Words;
  const shown = document.getElementById('shown');
  const place = document.getElementById('rows');
  const pages = document.getElementById('pages');
  const kept = new Map();
  let body = null;
  let spoken = '';

  const DOI = /^(?:doi:)?(10\.\d{4,9}\/[^\s"<>]+)$/i;

  /** The web address that a task's crate came from, or nothing; only https is ever linked. */
  const addressOf = where => {
    const doi = DOI.exec(where);
    const text = doi ? `https://doi.org/${doi[1]}` : where;
    try {
      const address = new URL(text);
      return address.protocol === 'https:' && /^https:\/\//i.test(text) ? address.href : '';
    } catch {
      return '';
    }
  };

  /** A DOI without the address of its resolver. */
  const shortOf = where => where.replace(/^https:\/\/(?:dx\.)?doi\.org\/(?=10\.)/i, '');

  const cell = (name, label, ...children) =>
    element('td', { class: `cell-${name}`, role: 'cell', 'data-label': label }, ...children);

  const titleCell = row => {
    const title = row.title || row.where;
    const head = row.report
      ? element('a', { class: 'title', href: row.report }, title)
      : element('span', { class: 'title' }, title);
    if (row.report) {
      head.setAttribute('data-key', `report-${row.number}`);
    }
    const address = addressOf(row.where);
    const where = address
      ? element(
          'a',
          { class: 'from', href: address, rel: 'noreferrer noopener' },
          shortOf(row.where)
        )
      : element('span', { class: 'from' }, row.title ? row.where : '');
    return element(
      'th',
      { scope: 'row', role: 'rowheader', class: 'cell-title' },
      head,
      row.title || address ? where : ''
    );
  };

  const badge = name =>
    element('span', { class: `badge ${Words.tone(name)}` }, Words.sign(name), Words.mark(name));

  /** Verdict with its cause and reason; where there is none, what happened and what helps. */
  const verdictCell = row => {
    const told = element('td', { class: 'cell-verdict', role: 'cell' }, badge(row.mark));
    if (row.cause) {
      told.append(' ', element('span', { class: 'cause-word' }, Words.cause(row.cause)));
    }
    const message = row.verdict ? row.reason : row.message;
    const quiet = row.verdict === 'identical';
    if (message && !quiet) {
      told.append(element('p', { class: 'row-message', lang: 'en' }, message));
    }
    if (row.hint && !row.verdict) {
      told.append(
        element('p', { class: 'row-hint' }, element('b', {}, say('hint')), ' ', row.hint)
      );
    }
    const notes = [];
    if (row.same !== null) {
      notes.push(say('same.as', { number: row.same }));
    }
    if (row.state === 'known') {
      notes.push(say('state.known'));
    }
    if (row.attempts > 1) {
      notes.push(say('tries', { count: row.attempts }));
    }
    if (notes.length) {
      told.append(element('p', { class: 'row-notes' }, notes.join(' · ')));
    }
    return told;
  };

  const lineOf = row => {
    const compared = { compared: Words.number(row.compared), outputs: Words.number(row.outputs) };
    return element(
      'tr',
      { role: 'row', class: Words.tone(row.mark) },
      cell('number', say('column.number'), String(row.number)),
      titleCell(row),
      verdictCell(row),
      cell('python', say('column.python'), row.python),
      cell('year', say('column.year'), row.year === null ? '' : String(row.year)),
      cell('group', say('column.group'), row.group),
      cell('compared', say('column.compared'), row.outputs ? say('compared.value', compared) : ''),
      cell('seconds', say('column.seconds'), row.seconds ? Words.duration(row.seconds) : ''),
      cell('core', say('column.core'), row.core ? Words.duration(row.core) : '')
    );
  };

  /** A row's line: the one that is there already while nothing of it changed. */
  const keptLine = row => {
    const told = JSON.stringify(row.values);
    const before = kept.get(row.number);
    if (before && before.told === told) {
      return before.line;
    }
    const line = lineOf(row);
    kept.set(row.number, { told, line });
    return line;
  };

  const header = onSort => {
    const row = element('tr', { role: 'row' });
    for (const name of Rows.SORTS) {
      const button = element('button', { type: 'button', 'data-key': `sort-${name}` });
      button.append(
        say(`column.${name}`),
        element('span', { class: 'arrow', 'aria-hidden': true })
      );
      button.addEventListener('click', () => onSort(name));
      row.append(
        element(
          'th',
          { scope: 'col', role: 'columnheader', class: `cell-${name}`, 'data-sort': name },
          button
        )
      );
    }
    return row;
  };

  const build = onSort => {
    body = element('tbody', { role: 'rowgroup' });
    const table = element(
      'table',
      { role: 'table', 'aria-labelledby': 'tasks-title', 'aria-describedby': 'shown' },
      element('thead', { role: 'rowgroup' }, header(onSort)),
      body
    );
    place.replaceChildren(table);
    kept.clear();
  };

  /** Do `change`, and give the focus back to what had it before, by its name. */
  const keepingFocus = change => {
    const focused = document.activeElement;
    const key = focused && focused.dataset ? focused.dataset.key : '';
    change();
    if (key && document.activeElement !== focused) {
      const again = [...document.querySelectorAll('[data-key]')].find(
        one => one.dataset.key === key
      );
      if (again) {
        again.focus({ preventScroll: true });
      }
    }
  };

  /** Put lines into the table with as few moves as can be. */
  const patch = lines => {
    const wanted = new Set(lines);
    for (const line of [...body.children]) {
      if (!wanted.has(line)) {
        line.remove();
      }
    }
    lines.forEach((line, at) => {
      if (body.children[at] !== line) {
        body.insertBefore(line, body.children[at] || null);
      }
    });
  };

  const pageButton = (name, page, view, last, onPage) => {
    const off = page < 1 || page > last || page === view.page;
    const button = element(
      'button',
      { type: 'button', 'data-key': `page-${name}`, 'aria-disabled': off ? 'true' : null },
      say(`page.${name}`)
    );
    button.addEventListener('click', () => off || onPage(page));
    return button;
  };

  const showPages = (view, last, onPage) => {
    pages.hidden = last < 2;
    pages.setAttribute('aria-label', say('pages'));
    const told = { page: Words.number(view.page), pages: Words.number(last) };
    pages.replaceChildren(
      pageButton('first', 1, view, last, onPage),
      pageButton('before', view.page - 1, view, last, onPage),
      element('span', { class: 'page-of' }, say('page.of', told)),
      pageButton('after', view.page + 1, view, last, onPage),
      pageButton('last', last, view, last, onPage)
    );
  };

  const showSort = sort => {
    for (const head of place.querySelectorAll('thead th')) {
      const here = head.dataset.sort === sort.replace(/^-/, '');
      const sense = sort.startsWith('-') ? 'descending' : 'ascending';
      if (here) {
        head.setAttribute('aria-sort', sense);
      } else {
        head.removeAttribute('aria-sort');
      }
    }
  };

  const put = (node, text) => {
    if (node.textContent !== text) {
      node.textContent = text;
    }
  };

  /** Show the page of `found` that the view is at; `total`: how many tasks there are in all. */
  const show = (found, total, view, { onSort, onPage }) => {
    const last = Math.max(1, Math.ceil(found.length / PAGE));
    view.page = Math.min(view.page, last);
    keepingFocus(() => {
      if (body === null || spoken !== Words.language()) {
        spoken = Words.language();
        build(onSort);
      }
      patch(found.slice((view.page - 1) * PAGE, view.page * PAGE).map(keptLine));
      showPages(view, last, onPage);
    });
    showSort(view.sort);
    const all = found.length === total;
    const told = { shown: Words.number(found.length), total: Words.number(total) };
    put(shown, say(found.length ? (all ? 'shown.all' : 'shown') : 'nothing', told));
  };

  return { keepingFocus, show };
})();
