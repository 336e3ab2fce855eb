/** Campaigns: what a person chose, the order that it makes, and how one stands. Pure. */
import type { CampaignOrder, Job, RunnerOffered } from '../api';

/** What a person chose in the form of a campaign. */
export interface ICampaignChoice {
  [key: string]: string | boolean;
  /** A path among the person's files, or an address. */
  list: string;
  runner: string;
  workers: string;
  repeats: string;
  environment: 'lock' | 'current';
  seconds: string;
  secondsCeiling: string;
  cellSeconds: string;
  memory: string;
  memoryCeiling: string;
  tries: string;
  again: boolean;
  agreed: boolean;
}

export const NOTHING_CHOSEN: ICampaignChoice = {
  list: '',
  runner: 'local',
  workers: '',
  repeats: '1',
  environment: 'lock',
  seconds: '',
  secondsCeiling: '',
  cellSeconds: '',
  memory: '',
  memoryCeiling: '',
  tries: '3',
  again: false,
  agreed: false
};

/** Fields that hold a number, with the least and the most that they may hold. */
const NUMBERS: Record<string, { least: number; most: number; whole: boolean }> = {
  workers: { least: 0, most: 10000, whole: true },
  seconds: { least: 1, most: 31536000, whole: false },
  secondsCeiling: { least: 1, most: 31536000, whole: false },
  cellSeconds: { least: 1, most: 31536000, whole: false },
  memory: { least: 2, most: 1_000_000_000, whole: false },
  memoryCeiling: { least: 2, most: 1_000_000_000, whole: false },
  tries: { least: 1, most: 20, whole: true }
};
const MEGABYTE = 1_000_000;
const ADDRESS = /^(zenodo:|oai:|doi:|info:doi\/|(crate\+)?https?:\/\/|10\.\d{4,9}\/)/i;

/** Return the fields that are not right yet. */
export function complaintsOf(choice: ICampaignChoice): ReadonlySet<string> {
  const wrong = Object.keys(NUMBERS).filter(
    name => numberOf(name, String(choice[name])) === undefined
  );
  return new Set([...wrong, ...(/^\.\.?(\/|$)|^\/./.test(choice.list.trim()) ? ['list'] : [])]);
}

/** Return the order of a choice; undefined where something in it is not right. */
export function orderOf(choice: ICampaignChoice, language: 'en' | 'ja'): CampaignOrder | undefined {
  if (complaintsOf(choice).size > 0 || !choice.list.trim()) {
    return undefined;
  }
  const number = (name: string): number | null => numberOf(name, String(choice[name])) ?? null;
  const memory = (name: string): number | null => {
    const said = number(name);
    return said === null ? null : Math.round(said * MEGABYTE);
  };
  return {
    kind: 'campaign',
    ...listOf(choice.list),
    runner: choice.runner,
    workers: number('workers') ?? 0,
    repeats: Number(choice.repeats),
    environment: choice.environment,
    seconds: number('seconds'),
    seconds_ceiling: number('secondsCeiling'),
    cell_timeout_seconds: number('cellSeconds'),
    memory_bytes: memory('memory'),
    memory_ceiling_bytes: memory('memoryCeiling'),
    tries: number('tries') ?? 3,
    again: choice.again,
    agreed: choice.agreed,
    language
  };
}

/** Return what was typed as the server wants it: a path among the files, or an address. */
export function listOf(typed: string): { path: string } | { list: string } {
  const text = typed.trim();
  return ADDRESS.test(text) ? { list: text } : { path: text.replace(/\/+$/, '') };
}

/** Return a number that was typed, null for nothing, undefined for what is none. */
function numberOf(name: string, typed: string): number | null | undefined {
  const text = typed.trim();
  const { least, most, whole } = NUMBERS[name]!;
  if (text === '') {
    return null;
  }
  const found = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  return found >= least && found <= most && (!whole || Number.isInteger(found)) ? found : undefined;
}

/** How tasks can end, best first; the words are the server's. */
export const MARKS = [
  'identical',
  'equivalent',
  'ran',
  'different',
  'failed',
  'not restored',
  'broken',
  'given up'
] as const;

export type Mark = (typeof MARKS)[number];

/** How many tasks ended how, best first. */
export type Counts = readonly (readonly [Mark, number])[];

/** How far a campaign is. */
export interface IStanding {
  done: number;
  total: number;
  counts: Counts;
}

/** Return how far a campaign is, off its job's progress: `3 identical, 1 broken`; null before. */
export function liveStanding(job: Pick<Job, 'progress'>): IStanding | null {
  const { progress } = job;
  if (progress?.stage !== 'campaign') {
    return null;
  }
  const said = new Map(
    progress.message.split(', ').map(part => {
      const [, count = '0', mark = ''] = /^(\d+) (.+)$/.exec(part) ?? [];
      return [mark, Number(count)] as const;
    })
  );
  return { done: progress.done, total: progress.total, counts: counted(said) };
}

/** Return how far a campaign is, off what it wrote last. */
export function writtenStanding(written: {
  tasks: number;
  states: Record<string, number>;
  verdicts: Record<string, number>;
}): IStanding {
  const ends = ['judged', 'known', 'broken', 'given up'];
  const done = ends.reduce((sum, state) => sum + (written.states[state] ?? 0), 0);
  const said = new Map(Object.entries({ ...written.states, ...written.verdicts }));
  return { done, total: written.tasks, counts: counted(said) };
}

function counted(said: ReadonlyMap<string, number>): Counts {
  return MARKS.map(mark => [mark, said.get(mark) ?? 0] as const).filter(([, count]) => count > 0);
}

/** Return the runner that is to be taken: the chosen one while it is there. */
export function runnerOf(
  choice: ICampaignChoice,
  runners: readonly RunnerOffered[]
): RunnerOffered | undefined {
  return runners.find(one => one.name === choice.runner);
}
