/** Contents paths of a study. Pure. */
import { PathExt } from '@jupyterlab/coreutils';

export const CRATE_SUFFIX = '.crate.zip';

/** Return a contents path without slashes at its ends. */
export function plain(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}

/** Say whether a contents path lies in a folder. */
export function isInside(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

/** Return a path of the study as a contents path. */
export function contentsPath(study: string, path: string): string {
  return study ? `${study}/${path}` : path;
}

/** Return the study that is meant by what was pointed at: a notebook means its folder. */
export function studyOf(path: string, isFolder: boolean): string {
  return plain(isFolder ? path : PathExt.dirname(path));
}

/** Return where a crate is put when nobody says: beside the study; of the root, in it. */
export function besideStudy(study: string): string {
  return `${study}${CRATE_SUFFIX}`;
}

/** Return what is wrong with a destination that was typed; null when nothing is. */
export function destinationFault(typed: string): 'suffix' | 'way' | null {
  const parts = plain(typed.trim()).split('/');
  if (parts.some(part => part === '' || part === '.' || part === '..')) {
    return 'way';
  }
  return typed.trim().endsWith(CRATE_SUFFIX) && parts[parts.length - 1] !== CRATE_SUFFIX
    ? null
    : 'suffix';
}
