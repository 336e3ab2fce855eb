/** What is taken from a registry into the fields of the form. Pure. */
import type { Funding, Lookup, Person, Related } from '../api';
import type { Creator, Item, Manager } from './common_model';
import { languageOf } from './model';

export type FoundPerson = Lookup['people'][number];
export type FoundPlace = Lookup['organisations'][number];
export type FoundWork = Lookup['works'][number];

type Place = NonNullable<Person['affiliation']>;

/** A name in both languages, as far as it is known. */
interface INames {
  ja: string;
  en: string;
}

/** Return names by the script that they are written in; the first of a script counts. */
export function namesOf(...names: readonly (string | null | undefined)[]): INames {
  const found: INames = { ja: '', en: '' };
  for (const name of names) {
    if (name?.trim()) {
      found[languageOf(name)] ||= name.trim();
    }
  }
  return found;
}

/**
 * Return a person with what ORCID says: name and identifier are the registry's. A name that was
 * typed in Japanese stays in its own field, and an affiliation that was typed stays.
 */
export function personTaken(person: Person, found: FoundPerson): Person {
  const typed = languageOf(person.name) === 'ja' ? person.name.trim() : '';
  const other = found.name_ja || (typed && typed !== found.name ? typed : '');
  const isPlaced = Boolean(person.affiliation?.name || person.affiliation?.identifier);
  return {
    ...person,
    name: found.name,
    name_ja: person.name_ja || other || null,
    given_name: found.given_name || person.given_name || null,
    family_name: found.family_name || person.family_name || null,
    identifier: found.identifier || person.identifier || null,
    affiliation: isPlaced ? person.affiliation : (found.affiliation ?? null)
  };
}

/** Return an affiliation as ROR names it. */
export function placeTaken(place: Place, found: FoundPlace): Place {
  const typed = languageOf(place.name) === 'ja' && place.name !== found.name ? place.name : '';
  return {
    ...place,
    name: found.name,
    name_ja: found.alternate_name || place.name_ja || typed || null,
    identifier: found.identifier ?? place.identifier ?? null
  };
}

/** Return a grant with its funder as ROR names it. */
export function funderTaken(funding: Funding, found: FoundPlace): Funding {
  return {
    ...funding,
    funder: found.name,
    funder_ja: found.alternate_name || funding.funder_ja || null,
    identifier: found.identifier ?? funding.identifier ?? null
  };
}

/** Return a work with its title; what the form took for a paper, and is data, becomes data. */
export function workTaken(related: Related, found: FoundWork): Related {
  const isData = related.kind === 'paper' && found.kind === 'data';
  return {
    ...related,
    identifier: found.identifier,
    kind: isData ? 'data' : related.kind,
    title: found.title || related.title || null
  };
}

/** Return item 15 as ROR names it. */
export function hostingTaken(
  item: Pick<Item, 'hosting_ja' | 'hosting_en' | 'hosting_ror'>,
  found: FoundPlace
): Partial<Item> {
  const names = namesOf(found.name, found.alternate_name);
  return {
    hosting_ja: names.ja || item.hosting_ja,
    hosting_en: names.en || item.hosting_en,
    hosting_ror: found.identifier || item.hosting_ror
  };
}

/** Return the organisation of item 16 as ROR names it. */
export function officeTaken(manager: Manager, found: FoundPlace): Partial<Manager> {
  const names = namesOf(found.name, found.alternate_name);
  return {
    organisation_ja: names.ja || manager.organisation_ja,
    organisation_en: names.en || manager.organisation_en
  };
}

/** Return names and affiliation of item 14 as ORCID has them. */
export function creatorTaken(creator: Creator, found: FoundPerson): Creator {
  const names = namesOf(found.name, found.name_ja);
  const places = namesOf(found.affiliation?.name, found.affiliation?.name_ja);
  return {
    ...creator,
    name_ja: names.ja || creator.name_ja,
    name_en: names.en || creator.name_en,
    affiliation_ja: creator.affiliation_ja || places.ja,
    affiliation_en: creator.affiliation_en || places.en
  };
}

/** What is shown of something found, in two lines. */
export interface IShownFound {
  name: string;
  detail: string;
}

export function personShown(found: FoundPerson): IShownFound {
  return {
    name: both(found.name, found.name_ja),
    detail: [bare(found.identifier), found.affiliation?.name].filter(Boolean).join(' · ')
  };
}

export function placeShown(found: FoundPlace): IShownFound {
  return { name: both(found.name, found.alternate_name), detail: bare(found.identifier) };
}

export function workShown(found: FoundWork): IShownFound {
  return { name: found.title || found.identifier, detail: bare(found.identifier) };
}

function both(name: string, other: string | null | undefined): string {
  return other && other !== name ? `${name} (${other})` : name;
}

function bare(address: string | null | undefined): string {
  return (address ?? '').replace(/^https?:\/\//, '');
}
