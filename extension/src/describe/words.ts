/** The words of the form. */
import type { Access, Person, Related } from '../api';
import type { Words } from '../words';
import type { IFault } from './model';

/** Return what is wrong with a field and what to do. */
export function faultWords(trans: Words, { kind }: IFault): { message: string; hint: string } {
  switch (kind) {
    case 'orcid-form':
      return {
        message: trans.__('This is no ORCID.'),
        hint: trans.__('It has 16 digits, like 0000-0002-1825-0097.')
      };
    case 'orcid-digits':
      return {
        message: trans.__('The check digit does not fit: a digit is mistyped.'),
        hint: trans.__('Copy it from the person’s page at orcid.org.')
      };
    case 'ror-form':
      return {
        message: trans.__('This is no ROR identifier.'),
        hint: trans.__('It looks like https://ror.org/04ksd4g47.')
      };
    case 'ror-digits':
      return {
        message: trans.__('The check digits do not fit: a character is mistyped.'),
        hint: trans.__('Look the organisation up at ror.org.')
      };
    case 'doi':
      return {
        message: trans.__('This is neither a DOI nor a web address.'),
        hint: trans.__('A DOI looks like 10.5281/zenodo.1234567.')
      };
    case 'funder':
      return {
        message: trans.__('This is neither a ROR identifier nor a funder’s DOI.'),
        hint: trans.__('Look the funder up at ror.org.')
      };
    case 'mail':
      return { message: trans.__('This is no mail address.'), hint: '' };
    case 'day':
      return {
        message: trans.__('There is no such day.'),
        hint: trans.__('Write it as 2027-04-01.')
      };
    case 'address':
      return {
        message: trans.__('This is no web address.'),
        hint: trans.__('It begins with https://.')
      };
    case 'no-day':
      return { message: trans.__('Say when the embargo ends.'), hint: '' };
    case 'no-name':
      return { message: trans.__('A name is missing.'), hint: '' };
  }
}

/** Return what a field of the description is called. */
export function fieldWord(trans: Words, field: string): string {
  const words: Record<string, string> = {
    title: trans.__('Title'),
    title_ja: trans.__('Title (Japanese)'),
    title_en: trans.__('Title (English)'),
    description: trans.__('Description'),
    description_ja: trans.__('Description (Japanese)'),
    description_en: trans.__('Description (English)'),
    language: trans.__('Language'),
    creators: trans.__('Creators'),
    licence: trans.__('Licence'),
    keywords: trans.__('Keywords'),
    related: trans.__('Related works'),
    funding: trans.__('Funding'),
    access: trans.__('Access'),
    restricted: trans.__('Files kept back'),
    published: trans.__('Date of publication'),
    version: trans.__('Version'),
    common: trans.__('Publicly funded research (Japan)')
  };
  return words[field] ?? field;
}

/** Return in one sentence what a level of access means. */
export function accessMeaning(trans: Words, level: Access['level']): string {
  switch (level) {
    case 'open':
      return trans.__('Anybody can download the crate at once.');
    case 'shared':
      return trans.__(
        'The description is public; the data are given to those who ask and agree to conditions.'
      );
    case 'closed':
      return trans.__('The description is public; the data are given to nobody.');
    case 'embargoed':
      return trans.__('The description is public now, everything else from a day that you name.');
  }
}

export function relatedWord(trans: Words, kind: Related['kind']): string {
  switch (kind) {
    case 'paper':
      return trans.__('Paper whose results this is');
    case 'data':
      return trans.__('Data that this starts from');
    case 'other':
      return trans.__('Something else that this cites');
    default:
      return kind;
  }
}

/** Return where a value is from. */
export function sourceWords(trans: Words, source: string): string {
  switch (source) {
    case 'git':
      return trans.__('from git');
    case 'last study':
      return trans.__('from your last study');
    default:
      return trans.__('from %1', source);
  }
}

/** Return a suggested value in a few words. */
export function valueWords(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  const one = (value ?? {}) as Partial<Person> & {
    funder?: string;
    number?: string;
    title?: string;
    path?: string;
    level?: string;
  };
  return (
    one.name ??
    ([one.funder, one.number].filter(Boolean).join(' ') ||
      one.title ||
      one.identifier ||
      one.path ||
      one.level ||
      '')
  );
}
