/** Identifiers of people, organisations and papers: their form and their check digits. Pure. */

/** What is wrong with an identifier: it has another form, or its check digits do not fit. */
export type Fault = 'form' | 'digits';

/** An identifier as its URL, or why it is none. */
export type Reading = { readonly url: string } | { readonly fault: Fault };

const ORCID_PREFIX = /^(?:(?:https?:\/\/)?(?:www\.)?orcid\.org\/|orcid:\s*)/i;
const ROR_PREFIX = /^(?:(?:https?:\/\/)?(?:www\.)?ror\.org\/|ror:\s*)/i;
const DOI_PREFIX = /^(?:(?:https?:\/\/)?(?:dx\.|www\.)?doi\.org\/|doi:\s*)/i;
/** Crockford's base 32, without i, l, o and u. */
const BASE_32 = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * Return the last character of an ORCID.
 *
 * digits: its first 15 digits
 * Source: ISO/IEC 7064 MOD 11-2, https://support.orcid.org/hc/articles/360006897674
 */
export function orcidCheck(digits: string): string {
  let total = 0;
  for (const digit of digits) {
    total = ((total + Number(digit)) * 2) % 11;
  }
  const rest = (12 - total) % 11;
  return rest === 10 ? 'X' : String(rest);
}

/**
 * Return the last two digits of a ROR identifier.
 *
 * body: its first seven characters, of which the first is 0
 * Source: ISO/IEC 7064 MOD 97-10 of the base-32 number, https://ror.readme.io/docs/identifier
 */
export function rorCheck(body: string): string {
  let number = 0;
  for (const letter of body) {
    number = number * 32 + BASE_32.indexOf(letter);
  }
  return String(98 - ((number * 100) % 97)).padStart(2, '0');
}

/** Read an ORCID in any of the ways people write it. */
export function readOrcid(written: string): Reading {
  const bare = written.trim().replace(ORCID_PREFIX, '').replace(/\/$/, '').toUpperCase();
  const digits = bare.replace(/-/g, '');
  if (!/^\d{4}-?\d{4}-?\d{4}-?\d{3}[\dX]$/.test(bare)) {
    return { fault: 'form' };
  }
  if (orcidCheck(digits.slice(0, 15)) !== digits[15]) {
    return { fault: 'digits' };
  }
  return { url: `https://orcid.org/${digits.match(/.{4}/g)!.join('-')}` };
}

/** Read a ROR identifier in any of the ways people write it. */
export function readRor(written: string): Reading {
  const bare = written.trim().replace(ROR_PREFIX, '').replace(/\/$/, '').toLowerCase();
  if (!/^0[0-9a-hj-km-np-tv-z]{6}\d{2}$/.test(bare)) {
    return { fault: 'form' };
  }
  return rorCheck(bare.slice(0, 7)) === bare.slice(7)
    ? { url: `https://ror.org/${bare}` }
    : { fault: 'digits' };
}

/** Read a DOI, or any other http(s) address. Source of the form: https://www.doi.org/doi-handbook/ */
export function readDoi(written: string): Reading {
  const text = written.trim();
  const bare = text.replace(DOI_PREFIX, '');
  if (/^10\.\d{4,9}(\.\d+)*\/\S+$/.test(bare)) {
    return { url: `https://doi.org/${bare}` };
  }
  if (bare === text && isWebAddress(text)) {
    return { url: text };
  }
  return { fault: 'form' };
}

/** Read a funder: a ROR identifier, or a DOI of the Crossref Funder Registry. */
export function readFunder(written: string): Reading {
  const text = written.trim();
  const bare = text.replace(DOI_PREFIX, '');
  if (/^10\.13039\/\d+$/.test(bare)) {
    return { url: `https://doi.org/${bare}` };
  }
  return readRor(text);
}

/** Say whether a text is an http(s) address. */
export function isWebAddress(text: string): boolean {
  if (!/^https?:\/\/[^\s<>"{}|\\^`]+$/i.test(text)) {
    return false;
  }
  try {
    return new URL(text).hostname !== '';
  } catch {
    return false;
  }
}

/** Say whether a text has the form of a mail address. */
export function isMail(text: string): boolean {
  return /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(text.trim());
}

/** Say whether a text is a day that exists, written as `2027-04-01`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    return false;
  }
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
