import { notebookPath } from './jump';

describe('the way from an output to its notebook', () => {
  it('leads into the study that was checked', () => {
    expect(notebookPath({ kind: 'verify', subject: 'work/tides' }, 'n/a.ipynb')).toBe(
      'work/tides/n/a.ipynb'
    );
  });

  it('leads into a crate’s folder, or into the folder of its name beside its file', () => {
    expect(notebookPath({ kind: 'replay', subject: 'c/tides' }, 'a.ipynb')).toBe('c/tides/a.ipynb');
    expect(notebookPath({ kind: 'replay', subject: 'c/tides.crate.zip' }, 'a.ipynb')).toBe(
      'c/tides/a.ipynb'
    );
  });

  it.each(['../a.ipynb', 'x/../../a.ipynb', '/etc/a.ipynb', 'Drive:a.ipynb'])(
    'never leads out of it: %s',
    path => {
      expect(notebookPath({ kind: 'replay', subject: 'c/tides' }, path)).toBeUndefined();
    }
  );
});
