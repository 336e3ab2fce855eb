/** The figures as pictures, by Chart.js; without it their tables stand in their place. */
const Charts = (() => {
  'use strict';
  const { element, say } = Words;
  const Library = typeof Chart === 'function' ? Chart : null;
  const LYING = new Set(['verdicts', 'causes', 'groups']);
  const LINE_PIXELS = 30;
  const drawn = new Map();
  const figures = new Map();
  let view = Library ? 'charts' : 'tables';
  let pick = () => {};

  const colour = name =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim() || '#888';
  const toneOf = mark => {
    const names = { broken: '--skipped', 'given up': '--unstable' };
    return colour(names[mark] || `--${mark.replace(/ /g, '-')}`);
  };

  /** What is cut out of a mark's colour, so that its colour is not needed: in an 8 × 8 tile. */
  const CUTS = {
    equivalent: [[0, 8, 8, 0]],
    ran: [[4, 3.4, 4, 4.6]],
    different: [[0, 0, 8, 8]],
    failed: [
      [0, 0, 8, 8],
      [0, 8, 8, 0]
    ],
    'not restored': [[0, 4, 8, 4]],
    broken: [[4, 0, 4, 8]],
    'given up': [
      [4, 0, 4, 8],
      [0, 4, 8, 4]
    ]
  };

  const fillOf = mark => {
    const tile = element('canvas', { width: 8, height: 8 });
    const pen = tile.getContext('2d');
    pen.fillStyle = toneOf(mark);
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = colour('--cut');
    pen.lineWidth = mark === 'ran' ? 2.4 : 1.3;
    for (const [x, y, toX, toY] of CUTS[mark] || []) {
      for (const shift of x === toX || y === toY ? [0] : [-8, 0, 8]) {
        pen.beginPath();
        pen.moveTo(x + shift, y);
        pen.lineTo(toX + shift, toY);
        pen.stroke();
      }
    }
    return pen.createPattern(tile, 'repeat');
  };

  /** How many, at the end of each bar that lies. */
  const ends = {
    id: 'ends',
    afterDatasetsDraw: chart => {
      const told = chart.options.plugins.ends.lines;
      const pen = chart.ctx;
      pen.save();
      pen.font = `600 13px ${Library.defaults.font.family}`;
      pen.fillStyle = colour('--ink');
      pen.textBaseline = 'middle';
      told.forEach((line, at) => {
        const y = chart.scales.y.getPixelForValue(at);
        pen.fillText(Words.number(line.all), chart.scales.x.getPixelForValue(line.all) + 6, y);
      });
      pen.restore();
    }
  };

  const datasetsOf = (lines, name) =>
    Figures.marksOf(lines).map(mark => {
      const counts = lines.map(line => line.counts.get(mark) || 0);
      const common = { label: Words.mark(mark), backgroundColor: fillOf(mark), mark };
      if (name === 'time') {
        const unit = unitOf(lines).seconds;
        const data = lines.map((line, at) => ({ x: line.seconds / unit, y: counts[at] }));
        return {
          ...common,
          data,
          fill: true,
          pointRadius: 0,
          borderWidth: 1.5,
          borderColor: toneOf(mark)
        };
      }
      return {
        ...common,
        data: counts,
        maxBarThickness: LYING.has(name) ? 18 : 34,
        borderColor: colour('--ground'),
        borderWidth: LYING.has(name) ? { right: 1 } : { top: 1 }
      };
    });

  const unitOf = lines => {
    const last = lines.length ? lines[lines.length - 1].seconds : 0;
    return last > 7200 ? { seconds: 3600, key: 'hours' } : { seconds: 60, key: 'minutes' };
  };

  const axis = (grid, more = {}) => ({
    stacked: true,
    border: { color: colour('--line') },
    grid: { display: grid, color: colour('--line') },
    ...more,
    ticks: { color: colour('--quiet'), precision: 0, maxTicksLimit: 7, ...more.ticks }
  });

  /** A label of a stranger, short enough to leave room for its bar. */
  const short = text => {
    const signs = [...text];
    return signs.length > 26 ? `${signs.slice(0, 25).join('')}…` : text;
  };

  const scalesOf = (lines, name) => {
    if (name === 'time') {
      const title = {
        display: true,
        text: say(`chart.${unitOf(lines).key}`),
        color: colour('--quiet')
      };
      return {
        x: axis(false, { type: 'linear', bounds: 'data', title, ticks: { includeBounds: false } }),
        y: axis(true)
      };
    }
    const names = {
      ticks: { autoSkip: !LYING.has(name), maxTicksLimit: 60, color: colour('--ink') }
    };
    names.ticks.callback = at => short(lines[at].label);
    const sums = axis(true, { beginAtZero: true, grace: LYING.has(name) ? '12%' : 0 });
    return LYING.has(name)
      ? { x: sums, y: axis(false, names) }
      : { x: axis(false, names), y: sums };
  };

  const picked = (lines, chart, found) => {
    const one = found[0];
    const line = one && lines[one.index];
    if (!line || !line.facet) {
      return;
    }
    const mark = chart.data.datasets[one.datasetIndex].mark;
    const facet = mark === 'broken' || mark === 'given up' ? 'state' : 'verdict';
    pick({ [facet]: mark, [line.facet]: line.value });
  };

  const configOf = (lines, name) => ({
    type: name === 'time' ? 'line' : 'bar',
    data: {
      labels: name === 'time' ? undefined : lines.map(line => line.label),
      datasets: datasetsOf(lines, name)
    },
    plugins: LYING.has(name) ? [ends] : [],
    options: {
      animation: false,
      maintainAspectRatio: false,
      indexAxis: LYING.has(name) ? 'y' : 'x',
      interaction: {
        mode: name === 'time' ? 'index' : 'nearest',
        axis: 'x',
        intersect: name !== 'time'
      },
      scales: scalesOf(lines, name),
      onClick: (_, found, chart) => picked(lines, chart, found),
      onHover: (event, found) => {
        event.native.target.style.cursor = found.length && name !== 'time' ? 'pointer' : '';
      },
      plugins: {
        ends: { lines },
        legend: { display: false },
        filler: { propagate: false },
        tooltip: {
          backgroundColor: colour('--ink'),
          titleColor: colour('--ground'),
          bodyColor: colour('--ground'),
          filter: item => item.parsed.y !== 0 || LYING.has(name),
          callbacks: { title: items => (items.length ? lines[items[0].dataIndex].label : '') }
        }
      }
    }
  });

  const draw = (name, lines, box) => {
    const before = drawn.get(name);
    const config = configOf(lines, name);
    if (before) {
      before.data = config.data;
      before.options = config.options;
      before.update('none');
      return;
    }
    drawn.set(name, new Library(box.querySelector('canvas'), config));
  };

  /** Let the keyboard scroll a table that is wider than its place; another is no stop. */
  const reach = table => {
    const name = table.closest('figure').getAttribute('aria-labelledby');
    const wide = !table.classList.contains('only-heard') && table.scrollWidth > table.clientWidth;
    const told = { role: 'region', tabindex: '0', 'aria-labelledby': name };
    for (const [attribute, value] of Object.entries(told)) {
      if (wide) {
        table.setAttribute(attribute, value);
      } else {
        table.removeAttribute(attribute);
      }
    }
  };

  const showFigure = (name, lines, told) => {
    const figure = document.getElementById(`chart-${name}`);
    const box = figure.querySelector('.drawn');
    const table = figure.querySelector('.told-in-table');
    const pictured = view === 'charts' && lines.some(line => line.all);
    const same = figures.get(name) === told;
    figures.set(name, told);
    if (!same) {
      table.replaceChildren(Figures.tableOf(lines, name, facets => pick(facets)));
    }
    box.hidden = !pictured;
    table.classList.toggle('only-heard', pictured);
    reach(table);
    for (const button of table.querySelectorAll('button')) {
      button.tabIndex = pictured ? -1 : 0;
    }
    if (pictured) {
      box.style.height = `${LYING.has(name) ? Math.max(3, lines.length) * LINE_PIXELS + 44 : 260}px`;
      draw(name, lines, box);
    }
  };

  /** Show every figure of the rows; one that did not change keeps its table as it is. */
  const show = (rows, onPick) => {
    pick = onPick;
    if (Library) {
      Library.defaults.font.family = colour('--sans');
      Library.defaults.font.size = 13;
    }
    const counted = Figures.count(rows);
    Table.keepingFocus(() => {
      for (const [name, lines] of Object.entries(counted)) {
        const plain = lines.map(line => [line.label, line.value, [...line.counts]]);
        document.getElementById(`chart-${name}`).hidden =
          (name === 'groups' || name === 'years') && lines.every(line => line.value === Rows.NONE);
        showFigure(name, lines, JSON.stringify([Words.language(), plain]));
      }
    });
    showLegend(counted.verdicts);
    document.getElementById('chart-hint').hidden = view !== 'charts';
  };

  const showLegend = lines => {
    document.getElementById('legend').replaceChildren(
      ...lines.map(line =>
        element(
          'li',
          { class: Words.tone(line.value) },
          element('span', {
            class: `fill swatch ${Words.tone(line.value)}`,
            'aria-hidden': 'true'
          }),
          Words.sign(line.value),
          line.label
        )
      )
    );
  };

  /** Let people choose between pictures and tables, where there are pictures. */
  const begin = again => {
    document.getElementById('views').hidden = !Library;
    for (const input of document.querySelectorAll('[name=view]')) {
      input.checked = input.value === view;
      input.addEventListener('change', () => {
        view = input.value;
        again();
      });
    }
    const watch = new ResizeObserver(found => found.forEach(one => reach(one.target)));
    for (const table of document.querySelectorAll('.told-in-table')) {
      watch.observe(table);
    }
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
  };

  return { begin, show };
})();
