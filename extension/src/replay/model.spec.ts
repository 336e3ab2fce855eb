import { complaintsOf, exportPath, notebookOf, NOTHING_CHOSEN, orderOf, secondsOf } from './model';

const two = ['a.ipynb', 'b.ipynb'];

describe('a choice of how to replay', () => {
  it('asks for all notebooks where none is left out, so that the verdict is the whole study’s', () => {
    expect(orderOf('s.crate.zip', NOTHING_CHOSEN, two, 'en')?.notebooks).toEqual([]);
  });

  it('names the notebooks that are left in, in run order', () => {
    const choice = { ...NOTHING_CHOSEN, leftOut: ['a.ipynb'] };
    expect(orderOf('s.crate.zip', choice, two, 'ja')).toMatchObject({
      notebooks: ['b.ipynb'],
      language: 'ja'
    });
  });

  it('gives no order when no notebook would run', () => {
    const choice = { ...NOTHING_CHOSEN, leftOut: two };
    expect(complaintsOf(choice, two).notebooks).toBe('none');
    expect(orderOf('s.crate.zip', choice, two, 'en')).toBeUndefined();
  });

  it('refuses a parameter that is no name, or given twice, and forgets an empty row', () => {
    const parameters = [
      { name: 'n', value: '1' },
      { name: '1x', value: '2' },
      { name: 'n', value: '3' },
      { name: '', value: '' }
    ];
    expect(complaintsOf({ ...NOTHING_CHOSEN, parameters }, two).parameters).toEqual([
      { at: 1, what: 'name' },
      { at: 2, what: 'twice' }
    ]);
    const good = { ...NOTHING_CHOSEN, parameters: [parameters[0]!, parameters[3]!] };
    expect(orderOf('s', good, two, 'en')?.parameters).toEqual({ n: '1' });
  });

  it.each([
    ['', null],
    ['2.5', 2.5],
    ['0', undefined],
    ['-1', undefined],
    ['soon', undefined],
    ['Infinity', undefined]
  ])('reads a limit of %j', (typed, seconds) => expect(secondsOf(typed)).toBe(seconds));
});

it('knows the notebook that runs, also one whose name looks like a place', () => {
  expect(notebookOf('a.ipynb')).toBe('a.ipynb');
  expect(notebookOf('a, cell 1 of 2.ipynb, cell 3 of 10')).toBe('a, cell 1 of 2.ipynb');
});

it('a run crate is written beside what was run, under a name that is free', () => {
  expect(exportPath('tides.crate.zip', '0123456789ab', 2)).toBe('tides.run-01234567-2.crate.zip');
  expect(exportPath('d/tides.crate.zip', '0123456789ab')).toBe('d/tides.run-01234567.crate.zip');
  expect(exportPath('', '0123456789ab')).toBe('study.run-01234567.crate.zip');
});
