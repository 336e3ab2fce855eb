/** What a person wants published, where and how; what a place gives, and what is missing. Pure. */
import type { Deposited, Finding, Preflight, PublishOrder, PublishPlace } from '../api';
import { known } from '../words';

/** What is published: a crate, or the verdict of a run. */
export interface ISubject {
  /** Contents path of the crate; of a run, its subject. */
  path: string;
  /** The job whose verdict it is. */
  run: string | null;
}

export type Answers = Readonly<Record<string, string>>;

/** What is remembered over a reload; never a token. */
export interface IPublishState {
  place: string | null;
  /** By place; only what the person answered. */
  answers: Readonly<Record<string, Answers>>;
  draft: boolean;
  /** A record of its own, although an earlier version is there. */
  apart: boolean;
  /** The job in hand. */
  job: string | null;
}

export type Action =
  | { type: 'choose'; place: string | null }
  | { type: 'answer'; place: string; name: string; value: string }
  | { type: 'draft'; draft: boolean }
  | { type: 'apart'; apart: boolean }
  | { type: 'job'; job: string | null };

export const FRESH: IPublishState = {
  place: null,
  answers: {},
  draft: false,
  apart: false,
  job: null
};

export function reduce(state: IPublishState, action: Action): IPublishState {
  switch (action.type) {
    case 'choose':
      return { ...state, place: action.place, draft: false, apart: false };
    case 'answer': {
      const { place, name, value } = action;
      const answers = { ...given(state, place), [name]: value };
      return { ...state, answers: { ...state.answers, [place]: answers } };
    }
    case 'draft':
      return { ...state, draft: action.draft };
    case 'apart':
      return { ...state, apart: action.apart };
    case 'job':
      return { ...state, job: action.job };
  }
}

/** Return what was remembered; what is not as we would have written it is left out. */
export function restored(saved: unknown): IPublishState {
  const said = record(saved);
  const job = said['job'];
  return {
    place: typeof said['place'] === 'string' ? said['place'] : null,
    answers: Object.fromEntries(
      Object.entries(record(said['answers'])).map(([place, answers]) => [place, texts(answers)])
    ),
    draft: said['draft'] === true,
    apart: said['apart'] === true,
    job: typeof job === 'string' && /^[0-9a-f]{32}$/.test(job) ? job : null
  };
}

function record(value: unknown): Record<string, unknown> {
  return value && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function texts(value: unknown): Answers {
  return Object.fromEntries(
    Object.entries(record(value)).filter(
      (pair): pair is [string, string] => typeof pair[1] === 'string'
    )
  );
}

/** Return what the person answered for a place. */
export function given(state: IPublishState, place: string): Answers {
  return known(state.answers as Record<string, Answers>, place) ?? {};
}

/** Return what holds for each option: the person's answer, else the place's. */
export function values(place: PublishPlace, answers: Answers): Record<string, string> {
  return Object.fromEntries(
    place.options.map(({ name, value }) => [
      name,
      known(answers as Record<string, string>, name) ?? value
    ])
  );
}

/** Return the answers that are sent: those that differ from what holds without them. */
export function told(place: PublishPlace, answers: Answers): Record<string, string> {
  const all = values(place, answers);
  return Object.fromEntries(
    place.options
      .filter(({ name, value }) => (all[name] ?? '').trim() !== value)
      .map(({ name }) => [name, (all[name] ?? '').trim()])
  );
}

/** Return the names of the required options without an answer. */
export function missing(place: PublishPlace, answers: Answers): string[] {
  const all = values(place, answers);
  return place.options
    .filter(({ name, required }) => required && !all[name]?.trim())
    .map(({ name }) => name);
}

export function needsToken(place: PublishPlace): boolean {
  return (place.capabilities?.needs_account ?? false) && !place.has_token;
}

/** What a place gives, in the order in which it is told. */
export const GIFTS = ['doi', 'no-doi', 'drafts', 'versions', 'private', 'review'] as const;
export type Gift = (typeof GIFTS)[number];

export function gifts({ capabilities }: PublishPlace): Gift[] {
  if (!capabilities) {
    return [];
  }
  const holds: Record<Gift, boolean> = {
    doi: capabilities.gives_doi,
    'no-doi': !capabilities.gives_doi,
    drafts: capabilities.drafts,
    versions: capabilities.versions,
    private: capabilities.private,
    review: capabilities.review
  };
  return GIFTS.filter(gift => holds[gift]);
}

/** What becomes of what is published. */
export type Outcome = 'draft' | 'private' | 'review' | 'doi' | 'public' | 'folder';

export function outcome(place: PublishPlace, answers: Answers, isDraft: boolean): Outcome {
  const all = values(place, answers);
  const can = place.capabilities;
  if (isDraft) {
    return 'draft';
  }
  if (place.kind === 'grdm') {
    return 'private';
  }
  if (place.kind === 'weko') {
    const seen = all['publish'];
    if (seen === 'private') {
      return 'private';
    }
    return seen === 'workflow' ? 'review' : all['doi_prefix'] ? 'doi' : 'public';
  }
  if (can?.review && all['community']) {
    return 'review';
  }
  return can?.gives_doi ? 'doi' : can?.needs_account ? 'public' : 'folder';
}

/** Whether nobody here can take it back: it is asked once more. */
export function isFinal(what: Outcome): boolean {
  return what === 'doi' || what === 'public' || what === 'review';
}

export function orderOf(
  subject: ISubject,
  place: PublishPlace,
  wanted: { answers: Answers; draft: boolean; newVersionOf: string | null; goOn: boolean }
): PublishOrder {
  return {
    kind: 'publish',
    ...subject,
    place: place.name,
    answers: told(place, wanted.answers),
    draft: wanted.draft,
    new_version_of: wanted.newVersionOf,
    go_on: wanted.goOn
  };
}

/** What the form of the description mends, of what a repository says beforehand. */
const DESCRIBED =
  /-(field|title|date|embargo|licence|no-licence|author|no-metadata|missing|unknown|withheld)$/;

export function isOfDescription(finding: Finding): boolean {
  return DESCRIBED.test(finding.code) || finding.code === 'weko-access';
}

/** Return findings with refusals first, then losses, then what is only told. */
export function ordered(findings: readonly Finding[]): Finding[] {
  const rank = { error: 0, warning: 1, note: 2 };
  return [...findings].sort((one, other) => rank[one.severity] - rank[other.severity]);
}

/** Return what a place says; that a token is wanted stands at the token's own field. */
export function said(place: PublishPlace, findings: readonly Finding[]): Finding[] {
  return findings.filter(one => !(needsToken(place) && /(^no|-)-?token$/.test(one.code)));
}

/** How a crate stands at a place. */
export type Standing = 'fresh' | 'unfinished' | 'draft' | 'there';

export function standing(seen: Preflight): Standing {
  if (seen.unfinished) {
    return seen.receipt?.status === 'draft' ? 'draft' : 'unfinished';
  }
  if (seen.receipt) {
    return seen.receipt.status === 'draft' ? 'draft' : 'there';
  }
  return 'fresh';
}

/** Return what was given to repositories but is not `shown`; with a draft something can be done. */
export function others(deposits: readonly Deposited[], shown: string | null): Deposited[] {
  return deposits.filter(one => one.mark !== shown || one.receipt?.status === 'draft');
}

/** Return an address that may stand in a link; null for anything but http and https. */
export function webAddress(text: string | null | undefined): string | null {
  try {
    const url = new URL(text ?? '');
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
  } catch {
    return null;
  }
}

/** Return the address of a bare DOI. */
export function doiAddress(doi: string): string {
  return `https://doi.org/${encodeURI(doi).replace(/[?#]/g, encodeURIComponent)}`;
}

/** The stages of a publication, in their order. */
export const STAGES = ['preflight', 'reserve', 'write', 'upload', 'publish', 'link back'] as const;
export type Stage = (typeof STAGES)[number];

/** Return which of the stages a job's own stage belongs to. */
export function stageOf(stage: string): Stage {
  const own: Record<string, Stage> = {
    unpack: 'write',
    pack: 'write',
    check: 'write',
    fetch: 'preflight'
  };
  return STAGES.find(one => one === stage) ?? known(own, stage) ?? 'preflight';
}
