/** The common metadata items as the form holds them: every text is there. Pure. */
import type { Description, DescriptionForm } from '../api';
import { moved, type Draft } from './model';

type Sent = NonNullable<Description['common']>;
type SentItem = NonNullable<Sent['items']>[number];

export type Manager = Required<NonNullable<SentItem['manager']>>;
export type Creator = Required<NonNullable<SentItem['creators']>[number]>;
export type Award = Required<NonNullable<Sent['additional']>[number]>;
export type Item = Required<Omit<SentItem, 'manager' | 'creators'>> & {
  manager: Manager;
  creators: Creator[];
};
export type Common = Required<Omit<Sent, 'items' | 'additional'>> & {
  items: Item[];
  additional: Award[];
};

type Complaint = DescriptionForm['complaints'][number];

export const NO_AWARD: Award = {
  funder: '',
  funding_stream: '',
  programme_ja: '',
  programme_en: '',
  award_number: '',
  project_ja: '',
  project_en: ''
};

export const NO_CREATOR: Creator = {
  number: '',
  name_ja: '',
  name_en: '',
  affiliation_ja: '',
  affiliation_en: ''
};

const NO_MANAGER: Manager = {
  kind: 'individual',
  number: '',
  name_ja: '',
  name_en: '',
  organisation_ja: '',
  organisation_en: '',
  address_ja: '',
  address_en: '',
  telephone: '',
  email: ''
};

const NO_ITEM: Item = {
  number: '',
  title_ja: '',
  title_en: '',
  issued: '',
  description_ja: '',
  description_en: '',
  field: 'project',
  data_type: '',
  size: '',
  policy: '',
  licence: '',
  citation_ja: '',
  citation_en: '',
  access: '',
  available: '',
  repository_ja: '',
  repository_en: '',
  repository_link: '',
  publication_link: '',
  dataset_link: '',
  hosting_ja: '',
  hosting_en: '',
  hosting_ror: '',
  manager: NO_MANAGER,
  remarks_ja: '',
  remarks_en: '',
  file_type: '',
  creators: [],
  metadata_access: '',
  files: []
};

/** Return the items of a study with whatever they lack as an empty text or list. */
export function complete(sent: Sent | null | undefined): Common {
  const items = sent?.items ?? [NO_ITEM];
  return {
    ...NO_AWARD,
    field: '',
    ...sent,
    items: items.map(completeItem),
    additional: (sent?.additional ?? []).map(one => ({ ...NO_AWARD, ...one }))
  };
}

function completeItem(sent: SentItem): Item {
  return {
    ...NO_ITEM,
    ...sent,
    manager: { ...NO_MANAGER, ...sent.manager },
    creators: (sent.creators ?? []).map(one => ({ ...NO_CREATOR, ...one }))
  };
}

/**
 * Return what the items begin with when they are switched on: what an earlier crate of this study
 * said, what the form holds now, what the server made of the form. What stands first counts.
 */
export function begun(draft: Draft, suggestions: DescriptionForm['suggestions']): Common {
  const offered = suggestions
    .filter(one => one.field === 'common' && one.value)
    .map(one => complete(one.value as Sent));
  const own = offered.pop();
  const said = [...offered, ofDraft(draft), ...(own ? [own] : [])];
  return said.reduce(filled);
}

/** Return what the form itself says now: the server may not have it yet. */
function ofDraft(draft: Draft): Common {
  const paid = draft.funding[0];
  return complete({
    award_number: paid?.number ?? '',
    items: [
      {
        number: '1',
        title_ja: draft.title_ja ?? '',
        title_en: draft.title_en ?? '',
        description_ja: draft.description_ja ?? '',
        description_en: draft.description_en ?? ''
      }
    ]
  });
}

/** Return the first with what it leaves empty taken from the second; data sets only where alone. */
function filled(first: Common, second: Common): Common {
  const [one, other] = [first.items[0], second.items[0]];
  const isAlone = first.items.length === 1 && second.items.length === 1;
  return {
    ...withTexts(first, second),
    items: isAlone && one && other ? [filledItem(one, other)] : first.items,
    additional: first.additional.length ? first.additional : second.additional
  };
}

function filledItem(first: Item, second: Item): Item {
  return {
    ...withTexts(first, second),
    manager: withTexts(first.manager, second.manager),
    creators: first.creators.length ? first.creators : second.creators,
    files: first.files.length ? first.files : second.files
  };
}

function withTexts<Whole extends object>(first: Whole, second: Whole): Whole {
  const missing = Object.entries(second).filter(
    ([key, text]) => text && first[key as keyof Whole] === ''
  );
  return { ...first, ...Object.fromEntries(missing) };
}

/** Return the data sets with a new one, numbered after the highest there is. */
export function withItem(items: readonly Item[]): Item[] {
  const numbers = items.map(one => (/^\d{1,9}$/.test(one.number) ? Number(one.number) : 0));
  const next = Math.max(items.length, ...numbers) + 1;
  return [...items, { ...NO_ITEM, number: String(next) }];
}

/** Return the data sets with a removed one back in its place. */
export function withItemBack(items: readonly Item[], at: number, item: Item): Item[] {
  return moved([...items, item], items.length, at - items.length);
}

/** What is to be done in a part of the form. */
export interface ITally {
  /** Answers that a funder's form refuses. */
  wrong: number;
  /** Answers that it still waits for. */
  missing: number;
}

/** Count what is said of some fields of a record, or of all below it where none are named. */
export function tally(
  complaints: readonly Complaint[],
  here: string,
  keys: readonly string[] | null = null
): ITally {
  const ours = complaints.filter(({ field }) => {
    if (!field.startsWith(`${here}.`)) {
      return false;
    }
    const [key] = field.slice(here.length + 1).split('.');
    return keys === null || keys.includes(key!);
  });
  const wrong = ours.filter(one => one.severity === 'error').length;
  return { wrong, missing: ours.length - wrong };
}
