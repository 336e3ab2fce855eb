/** What the charts show, counted from the tasks; and each as a table, for everybody and for print. */
const Figures = (() => {
  'use strict';
  const { element, say } = Words;
  const MOST = 12;
  const POINTS = 80;
  const TABLE_POINTS = 10;
  const MOST_YEARS = 40;
  const CORNERS = {
    verdicts: 'filter.verdict',
    causes: 'filter.cause',
    years: 'filter.year',
    pythons: 'filter.python',
    groups: 'filter.group'
  };

  const tally = () => new Map();
  const add = (counts, name) => counts.set(name, (counts.get(name) || 0) + 1);
  const sum = counts => [...counts.values()].reduce((one, other) => one + other, 0);

  /** Lines by one facet: how many tasks of each mark. `value` is what a filter would say. */
  const by = (done, facet, label) => {
    const lines = new Map();
    for (const row of done) {
      const value = row.facets[facet];
      if (!lines.has(value)) {
        lines.set(value, {
          label: label(value),
          value: value || Rows.NONE,
          facet,
          counts: tally()
        });
      }
      add(lines.get(value).counts, row.mark);
    }
    return [...lines.values()].map(line => ({ ...line, all: sum(line.counts) }));
  };

  const unsaid = value => value || say('chart.unsaid');

  /** What nobody knows stands behind all that is known. */
  const last = line => (line.value === Rows.NONE ? 1 : 0);

  /** The longest lines; the rest becomes one that no filter can name. */
  const longest = lines => {
    lines.sort(
      (one, other) =>
        last(one) - last(other) ||
        other.all - one.all ||
        Rows.collator.compare(one.label, other.label)
    );
    if (lines.length <= MOST) {
      return lines;
    }
    const rest = lines.slice(MOST - 1);
    const counts = tally();
    for (const line of rest) {
      for (const [name, count] of line.counts) {
        counts.set(name, (counts.get(name) || 0) + count);
      }
    }
    const label = say('chart.others', { count: Words.number(rest.length) });
    const others = { label, value: '', facet: '', counts, all: sum(counts) };
    return [...lines.slice(0, MOST - 1), others];
  };

  const inOrder = lines =>
    lines.sort(
      (one, other) => last(one) - last(other) || Rows.collator.compare(one.value, other.value)
    );

  /** Every year from the first to the last, also those of which there is nothing. */
  const everyYear = lines => {
    const years = lines.map(line => Number(line.value)).filter(Number.isInteger);
    const [first, last] = [Math.min(...years), Math.max(...years)];
    if (years.length > 1 && last - first < MOST_YEARS) {
      for (let year = first; year <= last; year += 1) {
        if (!years.includes(year)) {
          const value = String(year);
          lines.push({ label: value, value, facet: 'year', counts: tally(), all: 0 });
        }
      }
    }
    return inOrder(lines);
  };

  const verdicts = done =>
    Rows.MARKS.map(mark => {
      const all = done.filter(row => row.mark === mark).length;
      const facet = mark === 'broken' || mark === 'given up' ? 'state' : 'verdict';
      return { label: Words.mark(mark), value: mark, facet, counts: new Map([[mark, all]]), all };
    }).filter(line => line.all);

  /** How many were done, of each mark, at evenly spaced times; seconds since the start. */
  const time = done => {
    const ends = done.filter(row => row.ended !== null).sort((one, two) => one.ended - two.ended);
    const last = ends.length ? Math.max(1, ends[ends.length - 1].ended) : 0;
    const counts = tally();
    const lines = [];
    let at = 0;
    for (let point = 0; last && point <= POINTS; point += 1) {
      const seconds = (last * point) / POINTS;
      while (at < ends.length && ends[at].ended <= seconds) {
        add(counts, ends[at].mark);
        at += 1;
      }
      const label = Words.duration(seconds);
      lines.push({ label, value: '', facet: '', seconds, counts: new Map(counts), all: at });
    }
    return lines;
  };

  /** All figures of the tasks that came to an end, by the name of their place on the page. */
  const count = rows => {
    const done = rows.filter(row => row.done);
    const caused = done.filter(row => row.cause);
    return {
      verdicts: verdicts(done),
      time: time(done),
      causes: longest(by(caused, 'cause', Words.cause)),
      years: everyYear(by(done, 'year', unsaid)),
      pythons: inOrder(by(done, 'python', unsaid)),
      groups: longest(by(done, 'group', unsaid))
    };
  };

  /** The marks that a figure has, best first. */
  const marksOf = lines =>
    Rows.MARKS.filter(mark => lines.some(line => (line.counts.get(mark) || 0) > 0));

  const stack = (line, most) => {
    const bar = element('span', { class: 'stack', 'aria-hidden': 'true' });
    for (const mark of Rows.MARKS) {
      const part = line.counts.get(mark) || 0;
      if (part) {
        const piece = element('span', { class: `fill ${Words.tone(mark)}` });
        piece.style.width = `${(100 * part) / most}%`;
        bar.append(piece);
      }
    }
    return bar;
  };

  const labelOf = (line, name, onPick) => {
    if (!line.facet || !line.all) {
      return line.label;
    }
    const key = `pick-${name}-${line.value}`;
    const button = element('button', { type: 'button', 'data-key': key }, line.label);
    button.addEventListener('click', () => onPick({ [line.facet]: line.value }));
    return button;
  };

  const thinned = (lines, name) => {
    const step = Math.ceil((lines.length - 1) / TABLE_POINTS);
    return name === 'time' ? lines.filter((_, at) => at % step === 0) : lines;
  };

  const headOf = (name, marks, single) => {
    const corner = say(name === 'time' ? 'chart.at' : CORNERS[name]);
    const head = [element('th', { scope: 'col' }, corner), element('td', { class: 'bar-cell' })];
    if (!single) {
      for (const mark of marks) {
        head.push(
          element(
            'th',
            { scope: 'col', class: `num ${Words.tone(mark)}` },
            Words.sign(mark),
            element('span', { class: 'hidden' }, Words.mark(mark))
          )
        );
      }
    }
    head.push(
      element('th', { scope: 'col', class: 'num' }, say(single ? 'chart.tasks' : 'chart.all'))
    );
    return element('tr', {}, ...head);
  };

  /** A figure as a table with bars: the words and the numbers say all that the bars show. */
  const tableOf = (lines, name, onPick) => {
    if (!lines.some(line => line.all)) {
      return element('p', { class: 'quiet' }, say('chart.empty'));
    }
    const marks = marksOf(lines);
    const single = name === 'verdicts';
    const most = Math.max(...lines.map(line => line.all));
    const body = element('tbody');
    for (const line of thinned(lines, name)) {
      const row = element(
        'tr',
        {},
        element('th', { scope: 'row' }, labelOf(line, name, onPick)),
        element('td', { class: 'bar-cell' }, stack(line, most))
      );
      for (const mark of single ? [] : marks) {
        const part = line.counts.get(mark) || 0;
        row.append(element('td', { class: part ? 'num' : 'num zero' }, Words.number(part)));
      }
      row.append(element('td', { class: 'num all' }, Words.number(line.all)));
      body.append(row);
    }
    const table = element(
      'table',
      { class: 'sum-table', 'aria-labelledby': `chart-${name}-title` },
      element('thead', {}, headOf(name, marks, single)),
      body
    );
    return table;
  };

  return { count, marksOf, tableOf };
})();
