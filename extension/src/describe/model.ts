/** What people say of a study, as the form holds it: every list is there. Pure. */
import type {
  Access,
  Description,
  DescriptionForm,
  Funding,
  Person,
  Related,
  RestrictedFile
} from '../api';
import {
  isDay,
  isMail,
  isWebAddress,
  readDoi,
  readFunder,
  readOrcid,
  readRor
} from './identifiers';

export type Language = 'ja' | 'en';
export type Text = 'title' | 'description';
export type Suggestion = DescriptionForm['suggestions'][number];

type Lists = 'creators' | 'keywords' | 'related' | 'funding' | 'restricted';

/** The description with no list missing. */
export type Draft = Description & Required<Pick<Description, Lists>>;

/** What the form says of one field before the server does. `kind` chooses the words. */
export interface IFault {
  field: string;
  kind:
    | 'orcid-form'
    | 'orcid-digits'
    | 'ror-form'
    | 'ror-digits'
    | 'doi'
    | 'funder'
    | 'mail'
    | 'day'
    | 'address'
    | 'no-day'
    | 'no-name';
}

export const NOBODY: Person = { name: '' };

const EMPTY: Draft = {
  title: '',
  description: '',
  creators: [],
  keywords: [],
  related: [],
  funding: [],
  restricted: []
};

/** Say which of our two languages a text is in, by its letters. */
export function languageOf(text: string): Language {
  return /[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]/.test(text) ? 'ja' : 'en';
}

/**
 * Return a description as the form holds it: title and description stand in the fields of their
 * language; where nobody said which that is, their letters tell.
 */
export function opened(description: Description): Draft {
  const draft: Draft = { ...EMPTY, ...withoutNothing(description) };
  const said = draft.title || draft.description;
  draft.language ??= said ? languageOf(said) : undefined;
  for (const text of ['title', 'description'] as const) {
    if (draft.language && draft[text] && !draft[`${text}_${draft.language}`]) {
      draft[`${text}_${draft.language}`] = draft[text];
    }
  }
  return draft;
}

/**
 * Set title or description in one language. The main language is the one that has a title; where
 * both have, it stays what it was.
 */
export function withText(draft: Draft, text: Text, language: Language, value: string): Draft {
  const next: Draft = { ...draft, [`${text}_${language}`]: value };
  const main = next.language ?? language;
  const other = main === 'ja' ? 'en' : 'ja';
  next.language = !next[`title_${main}`] && next[`title_${other}`] ? other : main;
  next.title = next[`title_${next.language}`] ?? '';
  next.description = next[`description_${next.language}`] ?? '';
  return next;
}

/** Return the list with the item at `index` moved by `step` places, as far as it goes. */
export function moved<Item>(list: readonly Item[], index: number, step: number): Item[] {
  const result = [...list];
  const target = Math.max(0, Math.min(list.length - 1, index + step));
  const [item] = result.splice(index, 1);
  if (item !== undefined) {
    result.splice(target, 0, item);
  }
  return result;
}

/** Return the list with another item at `index`. */
export function replaced<Item>(list: readonly Item[], index: number, item: Item): Item[] {
  return list.map((one, at) => (at === index ? item : one));
}

/** Return the list without the item at `index`. */
export function without<Item>(list: readonly Item[], index: number): Item[] {
  return list.filter((_, at) => at !== index);
}

/** Return the keywords with those of a typed or pasted text: split at commas, none twice. */
export function withKeywords(keywords: readonly string[], typed: string): string[] {
  const result = [...keywords];
  for (const one of typed.split(/[,;\n、，；]/)) {
    const word = one.trim().replace(/\s+/g, ' ');
    if (word && !result.some(known => known.toLowerCase() === word.toLowerCase())) {
      result.push(word);
    }
  }
  return result;
}

/** Return the draft with a suggestion taken: a list gains what it lacks, anything else is set. */
export function withSuggestion(draft: Draft, { field, value }: Suggestion): Draft {
  const now = fields(draft)[field];
  if (Array.isArray(now)) {
    const items: unknown[] = Array.isArray(value) ? value : [value];
    const known = new Set(now.map(item => identity(field, item)));
    return {
      ...draft,
      [field]: [...now, ...items.filter(one => !known.has(identity(field, one)))]
    };
  }
  if ((field === 'title' || field === 'description') && typeof value === 'string') {
    return withText(draft, field, languageOf(value), value);
  }
  const text = /^(title|description)_(ja|en)$/.exec(field);
  if (text && typeof value === 'string') {
    return withText(draft, text[1] as Text, text[2] as Language, value);
  }
  return { ...draft, [field]: value };
}

/** Say whether taking the suggestion would change anything. */
export function isNew(draft: Draft, suggestion: Suggestion): boolean {
  return !isSame(withSuggestion(draft, suggestion), draft);
}

function identity(field: string, item: unknown): string {
  const one = item as Partial<Person & Related & Funding & RestrictedFile>;
  switch (field) {
    case 'creators':
      return one.identifier || (one.name ?? '').toLowerCase();
    case 'related':
      return (one.identifier ?? '').toLowerCase();
    case 'funding':
      return `${one.funder ?? ''} ${one.number ?? ''}`;
    case 'restricted':
      return one.path ?? '';
    default:
      return String(item).toLowerCase();
  }
}

/** Return what can be said of the fields without asking anybody. */
export function faults(draft: Draft): IFault[] {
  const found: IFault[] = [];
  const look = (field: string, value: string | null | undefined, kind: IFault['kind'] | null) => {
    if (value?.trim() && kind) {
      found.push({ field, kind });
    }
  };
  draft.creators.forEach((person, at) => {
    const here = `creators.${at}`;
    if (!person.name.trim()) {
      found.push({ field: `${here}.name`, kind: 'no-name' });
    }
    const orcid = readOrcid(person.identifier ?? '');
    look(`${here}.identifier`, person.identifier, 'fault' in orcid ? `orcid-${orcid.fault}` : null);
    const place = person.affiliation?.identifier;
    const ror = readRor(place ?? '');
    look(`${here}.affiliation.identifier`, place, 'fault' in ror ? `ror-${ror.fault}` : null);
    look(`${here}.email`, person.email, isMail(person.email ?? '') ? null : 'mail');
  });
  draft.related.forEach((one, at) =>
    look(
      `related.${at}.identifier`,
      one.identifier,
      'url' in readDoi(one.identifier) ? null : 'doi'
    )
  );
  draft.funding.forEach((one, at) => {
    const reading = readFunder(one.identifier ?? '');
    look(`funding.${at}.identifier`, one.identifier, 'url' in reading ? null : 'funder');
  });
  draft.restricted.forEach((one, at) =>
    look(`restricted.${at}.url`, one.url, isWebAddress(one.url ?? '') ? null : 'address')
  );
  return [...found, ...accessFaults(draft.access)];
}

function accessFaults(access: Access | null | undefined): IFault[] {
  if (access?.level !== 'embargoed') {
    return [];
  }
  if (!access.available) {
    return [{ field: 'access.available', kind: 'no-day' }];
  }
  return isDay(access.available) ? [] : [{ field: 'access.available', kind: 'day' }];
}

/** Return the value at a path such as `creators.0.identifier`. */
export function valueAt(value: unknown, field: string): unknown {
  return field
    .split('.')
    .reduce<unknown>(
      (now, name) => (now as Record<string, unknown> | null | undefined)?.[name],
      value
    );
}

/** Say whether two values are the same to a reader: nothing, null, "" and [] are all nothing. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(bare(one)) === JSON.stringify(bare(other));
}

function bare(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.length ? value.map(item => bare(item) ?? null) : undefined;
  }
  if (value && typeof value === 'object') {
    const record = value as Record<string, unknown>;
    const pairs = Object.keys(record)
      .sort()
      .map(key => [key, bare(record[key])] as const)
      .filter(([, one]) => one !== undefined);
    return pairs.length ? Object.fromEntries(pairs) : undefined;
  }
  return value === null || value === '' ? undefined : value;
}

function withoutNothing(description: Description): Description {
  const pairs = Object.entries(description).filter(([, value]) => value !== null);
  return Object.fromEntries(pairs) as unknown as Description;
}

/** What a form and the file agreed on when they last met, each in its own words. */
export interface IMet {
  draft: Draft;
  disk: Description;
}

/**
 * Bring together what was typed and what somebody else wrote since they met, field by field.
 *
 * clashing: fields that both changed, and not alike; there `merged` holds what was typed
 */
export function merge(
  met: IMet,
  mine: Draft,
  theirs: Description
): { merged: Draft; clashing: string[] } {
  const [before, other] = [fields(opened(met.disk)), fields(opened(theirs))];
  const [typedBefore, typed] = [fields(met.draft), fields(mine)];
  const merged = { ...typed };
  const clashing: string[] = [];
  for (const field of new Set([...Object.keys(typed), ...Object.keys(other)])) {
    if (isSame(other[field], before[field]) || isSame(other[field], typed[field])) {
      continue;
    }
    if (isSame(typed[field], typedBefore[field])) {
      merged[field] = other[field];
    } else {
      clashing.push(field);
    }
  }
  return { merged: opened(merged as unknown as Description), clashing };
}

/** Return the draft with some fields as another has them. */
export function withFields(draft: Draft, other: Draft, names: readonly string[]): Draft {
  const taken = Object.fromEntries(names.map(name => [name, fields(other)[name]]));
  return opened({ ...draft, ...taken });
}

function fields(draft: Draft): Record<string, unknown> {
  return draft as unknown as Record<string, unknown>;
}
