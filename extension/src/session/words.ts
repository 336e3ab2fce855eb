import type { CellJudged, Session } from '../api';
import { visible } from '../crate/model';
import { isJapanese, numberWords, outputWord, spoken, type Words } from '../words';
import type { IMark } from './marks';
import { isReal, type ITally } from './tally';

/** What a mark says: a sign of `Shape`, a word, and why. */
export interface ISaid {
  sign: string;
  word: string;
  reason: string;
}

type Output = CellJudged['outputs'][number];

/** Return what is said of a cell; null where there is nothing to say. */
export function markWords(trans: Words, mark: IMark): ISaid | null {
  switch (mark.state) {
    case 'running':
      return { sign: 'running', word: trans.__('Running…'), reason: '' };
    case 'comparing':
      return { sign: 'running', word: trans.__('Comparing…'), reason: '' };
    case 'problem':
      return { sign: 'warning', word: trans.__('Could not be compared'), reason: '' };
    case 'judged':
      return mark.judged && judgedWords(trans, mark, mark.judged);
    default:
      return mark.recorded > 0
        ? {
            sign: 'queued',
            word: trans.__('Not run here yet'),
            reason: trans._n(
              '%1 output was recorded by the authors',
              '%1 outputs were recorded by the authors',
              mark.recorded
            )
          }
        : null;
  }
}

function judgedWords(trans: Words, mark: IMark, judged: CellJudged): ISaid {
  if (!judged.known) {
    return {
      sign: 'added',
      word: trans.__('Added by you: not judged'),
      reason: trans.__('The published notebook has no such cell.')
    };
  }
  if (judged.changed) {
    return {
      sign: 'skipped',
      word: trans.__('Changed by you: not judged'),
      reason: trans.__('The code is not the published code.')
    };
  }
  if (mark.edited) {
    return {
      sign: 'skipped',
      word: trans.__('Edited since it ran: not judged'),
      reason: trans.__('Run it again, or undo the change.')
    };
  }
  const reason = reasonWords(trans, judged);
  switch (judged.verdict) {
    case 'identical':
      return { sign: 'identical', word: trans.__('Same as recorded'), reason };
    case 'equivalent':
      return { sign: 'equivalent', word: trans.__('Equal within the rules'), reason };
    case 'failed':
      return { sign: 'failed', word: trans.__('Failed'), reason };
    case 'different':
      return isReal(mark)
        ? { sign: 'different', word: trans.__('Different'), reason }
        : {
            sign: 'unstable',
            word: trans.__('Different at every run'),
            reason: trans.__('Your own runs differ from each other, too.')
          };
    default:
      return { sign: 'ran', word: trans.__('Nothing was recorded'), reason };
  }
}

/** Return why, from the output that says most; how many more there are is said, too. */
function reasonWords(trans: Words, judged: CellJudged): string {
  const telling = judged.outputs
    .filter(({ verdict }) => verdict !== 'identical' && verdict !== 'waived')
    .sort((one, other) => weight(one) - weight(other));
  const [first, ...more] = telling;
  if (!first) {
    const count = judged.outputs.length;
    return count > 1 ? trans.__('%1 outputs', numberWords(count)) : '';
  }
  const said = visible(spoken(first.reason, first.reason_ja) || outputWord(trans, first.verdict));
  return more.length > 0
    ? trans._n('%2 (and %1 more output)', '%2 (and %1 more outputs)', more.length, said)
    : said;
}

function weight({ verdict }: Output): number {
  return ['missing', 'different', 'equivalent', 'added', 'unstable', 'skipped'].indexOf(verdict);
}

/** Return what keeps the crate's code from the rest, and whether that needs a warning. */
export function wallWords(
  trans: Words,
  { walls, network }: Pick<Session, 'walls' | 'network'>
): { text: string; isOpen: boolean } {
  if (walls === 'none') {
    return {
      text: trans.__('Cells run without a sandbox: they can do what you can do'),
      isOpen: true
    };
  }
  if (network) {
    return {
      text:
        walls === 'container'
          ? trans.__('Cells run in a container, with the network open to them')
          : trans.__('Cells run in a sandbox, with the network open to them'),
      isOpen: true
    };
  }
  return {
    text:
      walls === 'container'
        ? trans.__('Cells run in a container without network')
        : trans.__('Cells run in a sandbox without network'),
    isOpen: false
  };
}

type Environment = Session['environments'][number];

/** Return an environment in a few words. */
export function environmentWords(trans: Words, environment: Environment): string {
  const name = languageWord(environment);
  const packages = trans._n('%1 package', '%1 packages', environment.packages);
  return environment.restored
    ? trans.__('%1, %2, every version as locked', name, packages)
    : trans.__('%1, %2, not exactly the locked ones', name, packages);
}

export function languageWord({ language, python }: Environment): string {
  const name = language === 'python' ? 'Python' : language === 'r' ? 'R' : visible(language);
  return python ? `${name} ${visible(python)}` : name;
}

/** Return what of a notebook is not judged, in short sentences. */
export function apartWords(trans: Words, tally: ITally): string[] {
  const { changed, added, unrun, problems } = tally;
  return [
    unrun > 0 &&
      trans._n(
        '%1 cell with recorded outputs was not run',
        '%1 cells with recorded outputs were not run',
        unrun
      ),
    changed > 0 && trans._n('%1 cell was changed by you', '%1 cells were changed by you', changed),
    added > 0 && trans._n('%1 cell was added by you', '%1 cells were added by you', added),
    problems > 0 &&
      trans._n('%1 cell could not be compared', '%1 cells could not be compared', problems)
  ].filter((text): text is string => text !== false);
}

/** Return a day or a moment as people write it in their language. */
export function dayWords(date: string): string {
  const time = Date.parse(date);
  return Number.isNaN(time)
    ? visible(date)
    : new Date(time).toLocaleDateString(isJapanese() ? 'ja' : undefined, { dateStyle: 'medium' });
}
