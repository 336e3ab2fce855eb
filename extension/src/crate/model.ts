import type { CrateOverview } from '../api';
import { spoken } from '../words';

export type CrateFile = CrateOverview['files'][number];

/** A row of the contents: a folder, or a file with its size. */
export interface IContentsRow {
  path: string;
  /** The last part of the path. */
  name: string;
  depth: number;
  /** Of a folder: the sum over all in it. */
  bytes: number;
  isFolder: boolean;
  mediaType: string;
  isNotebook: boolean;
}

/** Return the files as a tree in rows: folders before what is in them, each in the order of names. */
export function contentsRows(
  files: readonly CrateFile[],
  notebooks: readonly string[],
  closed: ReadonlySet<string> = new Set()
): IContentsRow[] {
  const known = new Set(notebooks);
  const rows = new Map<string, IContentsRow>();
  for (const file of files) {
    const parts = file.path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const path = `${parts.slice(0, depth).join('/')}/`;
      const folder = rows.get(path) ?? newFolder(path, parts[depth - 1] ?? '', depth - 1);
      folder.bytes += file.bytes;
      rows.set(path, folder);
    }
    rows.set(file.path, {
      path: file.path,
      name: parts[parts.length - 1] ?? file.path,
      depth: parts.length - 1,
      bytes: file.bytes,
      isFolder: false,
      mediaType: file.media_type,
      isNotebook: known.has(file.path)
    });
  }
  return [...rows.values()]
    .filter(row => !isInClosed(row, closed))
    .sort((one, other) => compareParts(one, other));
}

function newFolder(path: string, name: string, depth: number): IContentsRow {
  return { path, name, depth, bytes: 0, isFolder: true, mediaType: '', isNotebook: false };
}

function isInClosed(row: IContentsRow, closed: ReadonlySet<string>): boolean {
  const parts = row.path.split('/').filter(Boolean);
  return parts.some(
    (_, at) => at + 1 < parts.length && closed.has(`${parts.slice(0, at + 1).join('/')}/`)
  );
}

/** Folders stand where their name stands, with all that is in them below. */
function compareParts(one: IContentsRow, other: IContentsRow): number {
  const mine = one.path.split('/').filter(Boolean);
  const theirs = other.path.split('/').filter(Boolean);
  for (let at = 0; at < Math.min(mine.length, theirs.length); at++) {
    const order = (mine[at] ?? '').localeCompare(theirs[at] ?? '', undefined, { numeric: true });
    if (order !== 0) {
      return order;
    }
  }
  return mine.length - theirs.length;
}

/** Return an address that a person may follow, or null: a crate's links are a stranger's. */
export function followable(address: string | null | undefined): string | null {
  const text = (address ?? '').trim();
  if (/^10\.\d{4,9}\/\S+$/.test(text)) {
    return `https://doi.org/${encodeURI(text)}`;
  }
  try {
    const { protocol, href } = new URL(text);
    return protocol === 'https:' || protocol === 'http:' ? href : null;
  } catch {
    return null;
  }
}

/** Return a name with the characters made visible that turn or hide text. */
export function visible(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  );
}

/** Return a text of several lines with such characters made visible; breaks and tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(/[^\n\t]+/g, visible);
}

/** Return the first characters of an identity, enough to tell crates apart by eye. */
export function shortIdentity(identity: string): string {
  return identity.slice(0, 12);
}

/** Return what a crate is called in the person's language, where it says so. */
export function titleOf(crate: Pick<CrateOverview, 'name' | 'description'>): string {
  const { title_en: english, title_ja: japanese } = crate.description;
  return spoken(english || crate.name, japanese);
}
