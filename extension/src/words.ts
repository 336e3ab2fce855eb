import { nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { createContext, useContext } from 'react';

import type { Problem } from './api/problem';
import type { Access, Judgement, Kind, OutputJudgement, Severity, Status } from './api/types';
import { DOMAIN } from './names';
import { sentence } from './sentences';

/** What the rooms need to speak: `trans.__('…')`, with English in the code. */
export type Words = TranslationBundle;

export const WordsContext = createContext<Words>(nullTranslator.load(DOMAIN));

/** Return the translations inside a component; `RoomWidget` provides them. */
export function useWords(): Words {
  return useContext(WordsContext);
}

/** Return the verdict of a study, notebook or cell. */
export function verdictWord(trans: Words, verdict: Judgement): string {
  switch (verdict) {
    case 'identical':
      return trans.__('Identical');
    case 'equivalent':
      return trans.__('Equivalent');
    case 'ran':
      return trans.__('Ran to the end');
    case 'different':
      return trans.__('Different');
    case 'failed':
      return trans.__('Failed');
    case 'not restored':
      return trans.__('Not restored');
    default:
      return verdict;
  }
}

/** Return what a verdict means, in one sentence. */
export function verdictMeaning(trans: Words, verdict: Judgement): string {
  switch (verdict) {
    case 'identical':
      return trans.__('Every output that can repeat came back exactly as it was recorded.');
    case 'equivalent':
      return trans.__(
        'Every output that can repeat came back the same within the policy’s tolerance and rules.'
      );
    case 'ran':
      return trans.__(
        'The notebooks ran to their end; there was no recorded output to compare with.'
      );
    case 'different':
      return trans.__(
        'The notebooks ran to their end, and at least one output is not what was recorded.'
      );
    case 'failed':
      return trans.__('At least one notebook did not run to its end.');
    case 'not restored':
      return trans.__('The environment could not be restored, so nothing could be run.');
    default:
      return '';
  }
}

/** Return the verdict of one output. */
export function outputWord(trans: Words, verdict: OutputJudgement): string {
  switch (verdict) {
    case 'identical':
      return trans.__('identical');
    case 'equivalent':
      return trans.__('equivalent');
    case 'different':
      return trans.__('different');
    case 'missing':
      return trans.__('missing');
    case 'added':
      return trans.__('added');
    case 'unstable':
      return trans.__('unstable');
    case 'skipped':
      return trans.__('skipped');
    case 'waived':
      return trans.__('waived');
    default:
      return verdict;
  }
}

export function statusWord(trans: Words, status: Status): string {
  switch (status) {
    case 'queued':
      return trans.__('Waiting');
    case 'running':
      return trans.__('Running');
    case 'done':
      return trans.__('Done');
    case 'failed':
      return trans.__('Stopped by an error');
    case 'cancelled':
      return trans.__('Cancelled');
    case 'interrupted':
      return trans.__('Interrupted');
    default:
      return status;
  }
}

/** Return what a job does, as a noun for lists. */
export function kindWord(trans: Words, kind: Kind): string {
  switch (kind) {
    case 'scan':
      return trans.__('Scan');
    case 'pack':
      return trans.__('Pack');
    case 'check':
      return trans.__('Crate check');
    case 'verify':
      return trans.__('Check by running');
    case 'replay':
      return trans.__('Replay');
    case 'judge':
      return trans.__('Judging');
    case 'publish':
      return trans.__('Publication');
    case 'review':
      return trans.__('Reviewer’s verdict');
    case 'campaign':
      return trans.__('Campaign');
    default:
      return kind;
  }
}

/** Return what a job is at, from the stages of its progress. */
export function stageWord(trans: Words, stage: string): string {
  const words: Record<string, string> = {
    scan: trans.__('Looking through the study'),
    lock: trans.__('Locking the environment'),
    pack: trans.__('Packing'),
    unpack: trans.__('Unpacking'),
    check: trans.__('Comparing checksums'),
    profile: trans.__('Checking the RO-Crate profile'),
    data: trans.__('Fetching data'),
    fetch: trans.__('Downloading'),
    environment: trans.__('Making the environment'),
    replay: trans.__('Running the notebooks'),
    judge: trans.__('Judging'),
    report: trans.__('Writing the report'),
    preflight: trans.__('Asking the repository'),
    reserve: trans.__('Reserving the address'),
    write: trans.__('Writing'),
    upload: trans.__('Uploading'),
    publish: trans.__('Publishing'),
    list: trans.__('Reading the list'),
    campaign: trans.__('Replaying the crates'),
    'link back': trans.__('Telling related records')
  };
  return known(words, stage) ?? stage;
}

export function severityWord(trans: Words, severity: Severity): string {
  switch (severity) {
    case 'error':
      return trans.__('Error');
    case 'warning':
      return trans.__('Warning');
    case 'note':
      return trans.__('Note');
    default:
      return severity;
  }
}

export function accessWord(trans: Words, level: Access['level']): string {
  switch (level) {
    case 'open':
      return trans._p('access', 'Open');
    case 'shared':
      return trans.__('Shared on conditions');
    case 'closed':
      return trans.__('Not shared, not open');
    case 'embargoed':
      return trans.__('Open after an embargo');
    default:
      return level;
  }
}

/** Return why a notebook failed, from the closed list of causes. */
export function causeWord(trans: Words, cause: string): string {
  const words: Record<string, string> = {
    'missing package': trans.__('missing package'),
    'API changed': trans.__('API changed'),
    'missing file': trans.__('missing file'),
    'local module missing': trans.__('local module missing'),
    'network refused': trans.__('network refused'),
    'kernel missing': trans.__('kernel missing'),
    'system program missing': trans.__('system program missing'),
    'no build for this platform': trans.__('no build for this platform'),
    memory: trans.__('memory'),
    time: trans.__('time'),
    killed: trans.__('killed'),
    "author's code": trans.__('author’s code'),
    'stale output': trans.__('stale output'),
    'data changed': trans.__('data changed'),
    nondeterminism: trans.__('nondeterminism'),
    'hardware or threads': trans.__('hardware or threads'),
    sandbox: trans.__('sandbox'),
    'not known': trans.__('not known')
  };
  return known(words, cause) ?? cause;
}

/** Return the word for what came from outside, which may be called `constructor`. */
export function known<Word>(words: Record<string, Word>, key: string): Word | undefined {
  return Object.prototype.hasOwnProperty.call(words, key) ? words[key] : undefined;
}

/** Return a problem's message and hint; those that this page writes itself are translated. */
export function problemWords(trans: Words, problem: Problem): { message: string; hint: string } {
  if (problem.reason === 'gone') {
    return {
      message: trans.__('The Jupyter server does not answer.'),
      hint: trans.__(
        'Look whether it still runs. What had begun goes on there and is shown once it answers.'
      )
    };
  }
  if (problem.status === 404 && problem.details && !problem.hint && !problem.where) {
    return {
      message: trans.__('The recrate server extension is not enabled.'),
      hint: trans.__(
        'Ask whoever looks after this server to install recrate with its lab extra and to restart it.'
      )
    };
  }
  return {
    message: asSentence(saidWords(trans, problem.message)),
    hint: asSentence(saidWords(trans, problem.hint))
  };
}

/** Whether Lab speaks Japanese now: for what the server gives in both languages. */
export function isJapanese(): boolean {
  return document.documentElement.lang.toLowerCase().startsWith('ja');
}

/** Return what the server gives in both languages in the one that is spoken. */
export function spoken(english: string, japanese: string | null | undefined): string {
  return isJapanese() && japanese ? japanese : english;
}

/** Return a sentence of the server in the person's language where the catalogue knows it. */
export function saidWords(trans: Words, text: string): string {
  return (text && sentence(trans, text)) || text;
}

/** Return words of the server as a sentence begins; a name or a path in front stays as it is. */
export function asSentence(text: string): string {
  return /^[a-z]+(?=[\s,;:]|$)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** Return a span of seconds for people: "40 s", "3 min", "2 h 5 min". */
export function spanWords(trans: Words, seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) {
    return trans.__('%1 s', whole);
  }
  const minutes = Math.round(whole / 60);
  if (minutes < 60) {
    return trans.__('%1 min', minutes);
  }
  return trans.__('%1 h %2 min', Math.floor(minutes / 60), minutes % 60);
}

/** Return how much of the outputs was looked at: "31 of 38 outputs compared". */
export function coverageWords(
  trans: Words,
  coverage: { compared: number; outputs: number }
): string {
  return trans._n(
    '%2 of %1 output compared',
    '%2 of %1 outputs compared',
    coverage.outputs,
    coverage.compared
  );
}

/** Return a number with the separators of the language. */
export function numberWords(number: number): string {
  return number.toLocaleString(document.documentElement.lang.replace('_', '-') || undefined);
}

/** Return a size for people, in the units of file browsers. */
export function sizeWords(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 || size >= 10 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}
