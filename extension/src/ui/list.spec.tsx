import React from 'react';

import { WindowedList } from './list';
import { Screen } from './testing/screen';

const HEIGHT = 200;
const ROW = 20;

describe('WindowedList', () => {
  let screen: Screen;
  let needed: number[];
  let opened: number[];

  beforeAll(() => {
    // jsdom lays nothing out.
    Object.defineProperty(HTMLElement.prototype, 'clientHeight', {
      configurable: true,
      get: () => HEIGHT
    });
  });

  beforeEach(() => {
    needed = [];
    opened = [];
    screen = new Screen();
  });

  afterEach(() => screen.close());

  const need = (index: number): void => {
    needed.push(index);
  };

  function show(fetched = 10000, reveal: string | null = null): void {
    screen.show(
      <WindowedList
        label="Numbers"
        total={10000}
        itemAt={index => (index < fetched ? index : undefined)}
        keyOf={String}
        rowHeight={ROW}
        onNeed={need}
        onActivate={index => opened.push(index)}
        reveal={reveal}
        renderRow={(item, _, focused) => <button tabIndex={focused ? 0 : -1}>row {item}</button>}
      />
    );
  }

  function focusedRow(): number {
    return Number(screen.focused?.getAttribute('data-row'));
  }

  it('draws of ten thousand rows only what is seen, and tells how many there are', () => {
    show();
    const rows = screen.all('[role=listitem]');
    expect(rows.length).toBeGreaterThan(HEIGHT / ROW - 1);
    expect(rows.length).toBeLessThan(30);
    expect(rows[0]?.getAttribute('aria-setsize')).toBe('10000');
    expect(screen.find('[role=list]').style.height).toBe(`${10000 * ROW}px`);
  });

  it('one row is in the tab order, and so are only its controls', () => {
    show();
    expect(screen.all('[tabindex="0"]').map(found => found.tagName)).toEqual(['DIV', 'BUTTON']);
  });

  it('keys reach every row, and the focus goes with them', () => {
    show();
    screen.focus('[data-row="0"]');
    const seen = ['ArrowDown', 'PageDown', 'End', 'ArrowDown', 'PageUp', 'Home', 'ArrowUp'].map(
      key => {
        screen.press(key);
        return focusedRow();
      }
    );
    expect(seen).toEqual([1, 10, 9999, 9999, 9990, 0, 0]);
    screen.press('ArrowDown');
    screen.press('Enter');
    expect(opened).toEqual([1]);
  });

  it('a control in a row keeps its own keys', () => {
    show();
    screen.focus('[data-row="2"] button');
    screen.press('End');
    screen.press('Enter');
    expect(screen.focused).toBe(screen.find('[data-row="2"] button'));
    expect(opened).toEqual([]);
  });

  it('asks for rows before they are seen, and shows place holders until they come', () => {
    show(5);
    expect(Math.max(...needed)).toBeGreaterThanOrEqual(HEIGHT / ROW);
    expect(screen.find('[data-row="6"]').getAttribute('aria-busy')).toBe('true');
    show(50);
    expect(screen.find('[data-row="6"]').textContent).toBe('row 6');
  });

  it('brings the row that is asked for into view, once', () => {
    show(10000, '700');
    expect(screen.find('[data-row="700"]').textContent).toBe('row 700');
  });

  it('what has the focus is not thrown away by scrolling', () => {
    show();
    screen.focus('[data-row="3"]');
    screen.scroll('.jp-recrate-List', 100000);
    expect(focusedRow()).toBe(3);
    expect(screen.find('[data-row="5000"]').textContent).toBe('row 5000');
  });
});
