import type { Progress } from '../api';
import { liveNotebooks } from './running';

const PATHS = ['a.ipynb', 'b, cell 1.ipynb', 'c.ipynb'];
const at = (message: string, done = 0, stage = 'replay'): Progress => ({
  stage,
  done,
  total: 300,
  message,
  seconds_left: null
});

describe('notebooks while they run', () => {
  it('are those before done, the one named running at its cell, those behind waiting', () => {
    const rows = liveNotebooks(PATHS, at('b, cell 1.ipynb, cell 3 of 10', 120));
    expect(rows.map(row => row.state)).toEqual(['done', 'running', 'waiting']);
    expect(rows[1]).toMatchObject({ cell: 3, cells: 10 });
  });

  it('begin without a cell, and have all run in the end', () => {
    expect(liveNotebooks(PATHS, at('a.ipynb'))[0]).toMatchObject({ state: 'running', cells: 0 });
    const states = liveNotebooks(PATHS, at('', 300)).map(row => row.state);
    expect(states).toEqual(['done', 'done', 'done']);
  });

  it('are not shown while the environment is made', () => {
    expect(liveNotebooks(PATHS, at('installing', 1, 'environment'))).toEqual([]);
    expect(liveNotebooks(PATHS, null)).toEqual([]);
  });
});
