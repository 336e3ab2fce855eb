import { nullTranslator, type TranslationBundle } from '@jupyterlab/translation';

import { sentence } from './sentences';
import { saidWords } from './words';

const english = nullTranslator.load('recrate');

/** A catalogue that marks whatever it is asked for. */
const marking = {
  __: (message: string, ...parts: unknown[]) => `<${english.__(message, ...parts)}>`,
  _n: (one: string, many: string, count: number, ...parts: unknown[]) =>
    `<${english._n(one, many, count, ...parts)}>`
} as unknown as TranslationBundle;

describe('the server’s sentences', () => {
  it('every hint of the scan’s table of codes can be translated', () => {
    const table: string = jest
      .requireActual('fs')
      .readFileSync('crates/recrate/scan/codes.py', 'utf8');
    const hints = [...table.matchAll(/hint=((?:\s*"[^"]*")+)/g)].map(([, written]) =>
      [...(written ?? '').matchAll(/"([^"]*)"/g)].map(([, part]) => part).join('')
    );
    expect(hints.length).toBeGreaterThan(20);
    for (const hint of hints) {
      expect(sentence(english, hint)).toBe(hint);
    }
  });

  it('what is of the study stands in the translation as it was', () => {
    expect(saidWords(marking, '`データ/a.csv` is read, but is not in the study')).toBe(
      '<`データ/a.csv` is read, but is not in the study>'
    );
    expect(saidWords(marking, 'looks like an AWS key: AKIA…XY')).toBe(
      '<looks like <a key of AWS>: AKIA…XY>'
    );
    expect(saidWords(marking, 'output 0 holds 2 mail addresses (t…@…)')).toBe(
      '<output 0 holds 2 mail addresses (t…@…)>'
    );
  });

  it('what nobody knows is shown as the server wrote it, place holders and all', () => {
    expect(saidWords(marking, 'no such thing as %1 here')).toBe('no such thing as %1 here');
    expect(saidWords(marking, 'constructor')).toBe('constructor');
    expect(saidWords(marking, '')).toBe('');
  });
});
