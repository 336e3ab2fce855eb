import { beyond, bySeverity, codes, isOfDescription } from './findings';
import { aFinding } from './testing/study';

describe('findings', () => {
  const lost = aFinding({ severity: 'error', code: 'missing-file', message: '`x.csv` is missing' });
  const twice = aFinding();

  it('stand by severity in the order of the scan, with their place in it', () => {
    const groups = bySeverity([twice, lost, twice], '');
    expect(groups.error.map(one => one.index)).toEqual([1]);
    expect(groups.warning.map(one => one.index)).toEqual([0, 2]);
  });

  it('keep their key when the scan after finds one less, and no two have the same', () => {
    const [before] = bySeverity([lost, twice], '').warning;
    const [after] = bySeverity([twice], '').warning;
    expect(after!.key).toBe(before!.key);
    const keys = bySeverity([twice, twice], '').warning.map(one => one.key);
    expect(new Set(keys).size).toBe(2);
  });

  it('are filtered by all the words that were typed', () => {
    expect(bySeverity([twice, lost], 'MISSING x.csv').error).toHaveLength(1);
    expect(bySeverity([twice, lost], 'missing y.csv').error).toEqual([]);
  });

  it('are counted by code, and those of a later step are told from those known', () => {
    expect([...codes([twice, lost, twice], 'warning')]).toEqual([['never-run', 2]]);
    expect(beyond([twice, lost], [aFinding({ message: 'said otherwise' })])).toEqual([lost]);
  });

  it('that the form mends are told from those of files', () => {
    expect(isOfDescription(aFinding({ code: 'no-licence' }))).toBe(true);
    expect(isOfDescription(lost)).toBe(false);
  });
});
