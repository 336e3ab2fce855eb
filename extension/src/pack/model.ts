/** The way from a study to a crate as a value: which step, what was asked for, what holds. Pure. */
import type {
  Finding,
  Job,
  PackResult,
  PublishResult,
  ReplayResult,
  ScanResult,
  Severity
} from '../api';
import { isUnderWay } from '../api';

export const STEPS = ['scan', 'describe', 'verify', 'pack', 'publish'] as const;
export type Step = (typeof STEPS)[number];

/** How a check by running is done; what is null is left to the server. */
export interface IRunOptions {
  repeats: number;
  runner: string;
  environment: 'lock' | 'current';
  notebookTimeoutSeconds: number | null;
  cellTimeoutSeconds: number | null;
}

/** A fix that was applied and can be taken back. */
export interface IMended {
  undo: string;
  title: string;
  changed: readonly string[];
}

/** A job in hand, and the last one that was done, whose result is shown until there is a newer. */
export interface IWorkIds {
  id: string | null;
  shown: string | null;
}

/** What is remembered of a study's way over a reload. */
export interface IPackState {
  step: Step;
  scan: IWorkIds;
  verify: IWorkIds;
  pack: IWorkIds;
  /** The kernel whose packages are locked; null: what the study declares. */
  kernel: string | null;
  /** The warnings that the person has looked at, as their fingerprint. */
  looked: string | null;
  /** Codes of findings that the person waives. */
  waived: readonly string[];
  options: IRunOptions;
  /** Contents path that was typed; null: beside the study. */
  destination: string | null;
  mended: readonly IMended[];
  /** Results that are older than what has been changed here since. */
  stale: readonly WorkName[];
}

const WORKS = ['scan', 'verify', 'pack'] as const;
export type WorkName = (typeof WORKS)[number];

export type Action =
  | { type: 'go'; step: Step }
  | { type: 'work'; work: WorkName; ids: IWorkIds }
  | { type: 'begun'; work: WorkName }
  | { type: 'described'; isOfScan: boolean }
  | { type: 'kernel'; kernel: string | null }
  | { type: 'look'; fingerprint: string | null }
  | { type: 'waive'; code: string; waived: boolean }
  | { type: 'options'; options: Partial<IRunOptions> }
  | { type: 'destination'; destination: string | null }
  | { type: 'mended'; mended: IMended }
  | { type: 'undone'; undo: string };

const NO_WORK: IWorkIds = { id: null, shown: null };
const MENDED_KEPT = 50;

export const FRESH: IPackState = {
  step: 'scan',
  scan: NO_WORK,
  verify: NO_WORK,
  pack: NO_WORK,
  kernel: null,
  looked: null,
  waived: [],
  options: {
    repeats: 1,
    runner: 'local',
    environment: 'lock',
    notebookTimeoutSeconds: null,
    cellTimeoutSeconds: null
  },
  destination: null,
  mended: [],
  stale: []
};

export function reduce(state: IPackState, action: Action): IPackState {
  switch (action.type) {
    case 'go':
      return { ...state, step: action.step };
    case 'work':
      return { ...state, [action.work]: action.ids };
    case 'begun':
      return { ...state, stale: state.stale.filter(one => one !== action.work) };
    case 'described':
      return withStale(state, action.isOfScan ? ['scan', 'pack'] : ['pack']);
    case 'kernel':
      return { ...state, kernel: action.kernel };
    case 'look':
      return { ...state, looked: action.fingerprint };
    case 'waive': {
      const others = state.waived.filter(code => code !== action.code);
      return { ...state, waived: action.waived ? [...others, action.code] : others };
    }
    case 'options':
      return { ...state, options: { ...state.options, ...action.options } };
    case 'destination':
      return { ...state, destination: action.destination };
    case 'mended': {
      const mended = [action.mended, ...state.mended].slice(0, MENDED_KEPT);
      return withStale({ ...state, mended }, WORKS);
    }
    case 'undone': {
      const mended = state.mended.filter(one => one.undo !== action.undo);
      return withStale({ ...state, mended }, WORKS);
    }
  }
}

/** Name the results that are older than a change; without a result there is nothing to be old. */
function withStale(state: IPackState, works: readonly WorkName[]): IPackState {
  const old = works.filter(work => state[work].shown && !state.stale.includes(work));
  return { ...state, stale: [...state.stale, ...old] };
}

/** Return what was remembered; what is not as we would have written it is left out. */
export function restored(saved: unknown): IPackState {
  const said = record(saved);
  const options = record(said['options']);
  const step = STEPS.find(one => one === said['step']) ?? FRESH.step;
  return {
    step,
    scan: workIds(said['scan']),
    verify: workIds(said['verify']),
    pack: workIds(said['pack']),
    kernel: text(said['kernel']),
    looked: text(said['looked']),
    waived: texts(said['waived']),
    options: {
      repeats: whole(options['repeats'], 1, 20) ?? 1,
      runner: text(options['runner']) ?? 'local',
      environment: options['environment'] === 'current' ? 'current' : 'lock',
      notebookTimeoutSeconds: whole(options['notebookTimeoutSeconds'], 1, 31536000),
      cellTimeoutSeconds: whole(options['cellTimeoutSeconds'], 1, 31536000)
    },
    destination: text(said['destination']),
    mended: (Array.isArray(said['mended']) ? said['mended'] : []).flatMap(one => {
      const { undo, title, changed } = record(one);
      return text(undo) && text(title)
        ? [{ undo: text(undo)!, title: text(title)!, changed: texts(changed) }]
        : [];
    }),
    stale: WORKS.filter(work => texts(said['stale']).includes(work))
  };
}

function record(value: unknown): Record<string, unknown> {
  return value && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value ? value : null;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function workIds(value: unknown): IWorkIds {
  const { id, shown } = record(value);
  const known = (one: unknown) => (/^[0-9a-f]{32}$/.test(text(one) ?? '') ? (one as string) : null);
  return { id: known(id), shown: known(shown) };
}

/** Return a number that was typed when it is whole and within bounds, else null. */
export function whole(value: unknown, least: number, most: number): number | null {
  const number = typeof value === 'string' && value.trim() ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most
    ? number
    : null;
}

/** How a step stands. The shape and the word are chosen by it. */
export type Mark =
  'open' | 'optional' | 'ready' | 'running' | 'done' | 'look' | 'blocked' | 'stopped' | 'again';

/** Everything that the steps' marks and the way to publishing depend on. */
export interface IFacts {
  scan: { job: Job | null; result: ScanResult | null };
  verify: { job: Job | null; result: ReplayResult | null };
  pack: { job: Job | null; result: PackResult | null };
  publish?: { job: Job | null; result: PublishResult | null };
  stale: readonly WorkName[];
  looked: string | null;
  waived: readonly string[];
  /** How much the description lacks or has wrong; null while it is not read. */
  complaints: number | null;
}

/** Why a crate cannot be published now, each with the step where it is mended. */
export type Block =
  | { kind: 'errors'; count: number; step: 'scan' }
  | { kind: 'warnings'; count: number; step: 'scan' }
  | { kind: 'not-scanned'; step: 'scan' }
  | { kind: 'errors-in-crate'; count: number; step: 'pack' }
  | { kind: 'not-packed'; step: 'pack' }
  | { kind: 'changed'; step: 'pack' };

export function count(findings: readonly Finding[], severity: Severity): number {
  return findings.filter(one => one.severity === severity).length;
}

/** Return the mark of each step. */
export function marks(facts: IFacts): Record<Step, Mark> {
  return {
    scan: scanMark(facts),
    describe: facts.complaints === null ? 'open' : facts.complaints > 0 ? 'look' : 'done',
    verify: verifyMark(facts),
    pack: workMark(facts, 'pack', 'open'),
    publish: publishMark(facts)
  };
}

/** A crate that was packed anew is to be published anew. */
function publishMark(facts: IFacts): Mark {
  const { job, result } = facts.publish ?? { job: null, result: null };
  if (job && isUnderWay(job)) {
    return 'running';
  }
  const crate = facts.pack.result;
  if (crate && job?.status === 'done' && result?.identity === crate.identity) {
    return 'done';
  }
  if (job && job.status !== 'done') {
    return 'stopped';
  }
  return crate ? (blocks(facts).length ? 'blocked' : 'ready') : 'open';
}

function workMark(facts: IFacts, work: WorkName, otherwise: Mark): Mark {
  const { job, result } = facts[work];
  if (job && isUnderWay(job)) {
    return 'running';
  }
  if (job && job.status !== 'done') {
    return 'stopped';
  }
  return result === null ? otherwise : facts.stale.includes(work) ? 'again' : 'done';
}

function scanMark(facts: IFacts): Mark {
  const mark = workMark(facts, 'scan', 'open');
  if (mark !== 'done' || !facts.scan.result) {
    return mark;
  }
  const { findings } = facts.scan.result;
  if (unwaivedErrors(findings, facts.waived)) {
    return 'blocked';
  }
  return areWarningsOpen(findings, facts.looked) ? 'look' : 'done';
}

function verifyMark(facts: IFacts): Mark {
  const mark = workMark(facts, 'verify', 'optional');
  const verdict = facts.verify.result?.verdict;
  const isGood = !verdict || ['identical', 'equivalent', 'ran'].includes(verdict);
  return mark === 'done' && !isGood ? 'look' : mark;
}

/** Return how many errors there are that nobody waived by name. */
export function unwaivedErrors(findings: readonly Finding[], waived: readonly string[]): number {
  return count(
    findings.filter(one => !waived.includes(one.code)),
    'error'
  );
}

/** Say whether there are warnings that the person has not said to have looked at. */
export function areWarningsOpen(findings: readonly Finding[], looked: string | null): boolean {
  return count(findings, 'warning') > 0 && fingerprint(findings) !== looked;
}

/** Return what stands between the crate and its publication. */
export function blocks(facts: IFacts): Block[] {
  const scan = facts.scan.result;
  const found: Block[] = [];
  if (!scan) {
    found.push({ kind: 'not-scanned', step: 'scan' });
  } else {
    const errors = unwaivedErrors(scan.findings, facts.waived);
    if (errors) {
      found.push({ kind: 'errors', count: errors, step: 'scan' });
    }
    if (areWarningsOpen(scan.findings, facts.looked)) {
      found.push({ kind: 'warnings', count: count(scan.findings, 'warning'), step: 'scan' });
    }
  }
  const crate = facts.pack.result;
  if (!crate) {
    found.push({ kind: 'not-packed', step: 'pack' });
  } else if (count(crate.findings, 'error')) {
    const errors = count(crate.findings, 'error');
    found.push({ kind: 'errors-in-crate', count: errors, step: 'pack' });
  } else if (facts.stale.includes('pack')) {
    found.push({ kind: 'changed', step: 'pack' });
  }
  return found;
}

/** Return the step after this one, or null after the last. */
export function nextStep(step: Step): Step | null {
  return STEPS[STEPS.indexOf(step) + 1] ?? null;
}

/** Return a short text that is the same for the same warnings in whatever order, and no others. */
export function fingerprint(findings: readonly Finding[]): string {
  const lines = findings
    .filter(one => one.severity === 'warning')
    .map(one => [one.code, one.path, one.cell, one.line, one.subject, one.message].join('\u0000'))
    .sort();
  // FNV-1a over two halves: 64 bits are plenty to tell one study's sets of warnings apart.
  let [low, high] = [0x811c9dc5, 0x01000193];
  for (const letter of lines.join('\u0001')) {
    low = Math.imul(low ^ letter.codePointAt(0)!, 0x01000193) >>> 0;
    high = Math.imul(high ^ letter.codePointAt(0)!, 0x85ebca6b) >>> 0;
  }
  return `${lines.length}-${low.toString(16)}-${high.toString(16)}`;
}
