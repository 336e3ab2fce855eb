import React, { useState } from 'react';

import { Tabs } from './tabs';
import { Screen } from './testing/screen';

function Three(): React.ReactElement {
  const [current, setCurrent] = useState('one');
  const tabs = ['one', 'two', 'three'].map(id => ({
    id,
    title: `Tab ${id}`,
    content: () => <p>panel {id}</p>
  }));
  return <Tabs label="Three" tabs={tabs} current={current} onChange={setCurrent} />;
}

describe('Tabs', () => {
  let screen: Screen;

  beforeEach(() => {
    screen = new Screen();
    screen.show(<Three />);
    screen.focus('[role=tab]');
  });

  afterEach(() => screen.close());

  function chosen(): string {
    expect(screen.all('[aria-selected=true]')).toHaveLength(1);
    expect(screen.all('[role=tab][tabindex="0"]')).toEqual(screen.all('[aria-selected=true]'));
    expect(screen.focused).toBe(screen.find('[aria-selected=true]'));
    return screen.find('[role=tabpanel]').textContent ?? '';
  }

  it('arrow keys choose and go round, Home and End go to the ends, and the focus follows', () => {
    const seen = ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowLeft', 'Home', 'End'].map(key => {
      screen.press(key);
      return chosen();
    });
    expect(seen).toEqual([
      'panel two',
      'panel three',
      'panel one',
      'panel three',
      'panel one',
      'panel three'
    ]);
  });

  it('the panel is named by its tab', () => {
    screen.press('ArrowRight');
    const panel = screen.find('[role=tabpanel]');
    const tab = screen.find('[aria-selected=true]');
    expect(panel.getAttribute('aria-labelledby')).toBe(tab.id);
    expect(tab.getAttribute('aria-controls')).toBe(panel.id);
  });
});
