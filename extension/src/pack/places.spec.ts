import { besideStudy, contentsPath, destinationFault, isInside, studyOf } from './places';

it('a notebook means its folder, also in the root', () => {
  expect(studyOf('work/tides/a.ipynb', false)).toBe('work/tides');
  expect(studyOf('a.ipynb', false)).toBe('');
  expect(studyOf('/here/tides/', true)).toBe('here/tides');
});

it('a path of the study is a contents path, and a neighbour is not inside', () => {
  expect(contentsPath('work', 'a/b.csv')).toBe('work/a/b.csv');
  expect(contentsPath('', 'a.csv')).toBe('a.csv');
  expect(isInside('work2/a', 'work')).toBe(false);
  expect(isInside('a', '')).toBe(true);
});

it('a crate goes beside its study', () => {
  expect(besideStudy('work/tides')).toBe('work/tides.crate.zip');
  expect(destinationFault(besideStudy('work/tides'))).toBeNull();
});

it.each([
  ['out/tides.crate.zip', null],
  ['/tides.crate.zip', null],
  ['tides.zip', 'suffix'],
  ['.crate.zip', 'suffix'],
  ['../tides.crate.zip', 'way'],
  ['a//b.crate.zip', 'way'],
  ['', 'way']
])('as a destination %p is judged %p', (typed, fault) => {
  expect(destinationFault(typed)).toBe(fault);
});
