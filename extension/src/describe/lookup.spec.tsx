import { nullTranslator } from '@jupyterlab/translation';
import React from 'react';

import type { Lookup, LookupWanted } from '../api';
import type { IRecrate } from '../tokens';
import { Room } from '../ui';
import { Screen } from '../ui/testing/screen';
import { PEOPLE, useLookUp } from './lookup';
import type { FoundPerson } from './lookup_taken';

const FOUND: Lookup = {
  people: [{ name: 'Hanako Yamada' }, { name: 'Hanako Tanaka' }],
  organisations: [],
  works: [],
  note: ''
};

/** A registry that answers when it is told to. */
class Registry {
  readonly asked: LookupWanted[] = [];
  answer: (told: Lookup) => void = () => undefined;
  fail: (error: Error) => void = () => undefined;

  lookUp(wanted: LookupWanted): Promise<Lookup> {
    this.asked.push(wanted);
    return new Promise((answer, fail) => Object.assign(this, { answer, fail }));
  }
}

let screen: Screen;
let registry: Registry;
let taken: FoundPerson[];

function Name({ query }: { query: string }): React.ReactElement {
  const { button, results } = useLookUp(PEOPLE, query, one => taken.push(one));
  return (
    <>
      {button}
      {results}
      <input aria-label="another field" />
    </>
  );
}

function show(query: string): void {
  const recrate = { api: registry } as unknown as IRecrate;
  screen.show(
    <Room recrate={recrate} trans={nullTranslator.load('recrate')}>
      <Name query={query} />
    </Room>
  );
}

beforeEach(() => {
  screen = new Screen();
  registry = new Registry();
  taken = [];
});

afterEach(() => screen.close());

describe('looking up', () => {
  it('asks nobody until the button is pressed, and never for nothing', async () => {
    show('');
    screen.click('button');
    show('Hanako');
    await screen.wait();
    expect(registry.asked).toEqual([]);
    screen.click('button');
    expect(registry.asked).toEqual([{ kind: 'person', query: 'Hanako' }]);
  });

  it('takes what is chosen in the list, and gives the focus back', async () => {
    show('Hanako');
    screen.focus('button');
    screen.click('button');
    registry.answer(FOUND);
    await screen.wait();
    expect(screen.focused?.getAttribute('role')).toBe('listbox');
    expect(taken).toEqual([]);
    screen.press('ArrowDown');
    screen.press('Enter');
    expect(taken).toEqual([FOUND.people[1]]);
    expect(screen.all('[role=listbox]')).toEqual([]);
    expect(screen.focused).toBe(screen.find('button'));
  });

  it('an answer that comes late takes nobody away from where they type', async () => {
    show('Hanako');
    screen.focus('button');
    screen.click('button');
    screen.focus('input');
    registry.answer(FOUND);
    await screen.wait();
    expect(screen.all('[role=option]')).toHaveLength(2);
    expect(screen.focused).toBe(screen.find('input'));
  });

  it('a server that does not answer is a quiet note, and Escape leaves a list untouched', async () => {
    show('Hanako');
    screen.click('button');
    registry.fail(new Error('gone'));
    await screen.wait();
    expect(screen.find('[role=status]').textContent).not.toBe('');
    expect(screen.all('[role=alert]')).toEqual([]);
    screen.click('button');
    registry.answer(FOUND);
    await screen.wait();
    screen.focus('[role=listbox]');
    screen.press('Escape');
    expect(screen.all('[role=listbox]')).toEqual([]);
    expect(taken).toEqual([]);
  });
});
