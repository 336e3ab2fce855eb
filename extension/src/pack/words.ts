/** The words of this room's closed lists. */
import type { Fix, Finding } from '../api';
import { visible } from '../crate/model';
import { saidWords, type Words } from '../words';
import type { Block, Mark, Step } from './model';

export function stepTitle(trans: Words, step: Step): string {
  switch (step) {
    case 'scan':
      return trans.__('Scan');
    case 'describe':
      return trans.__('Describe');
    case 'verify':
      return trans.__('Check by running');
    case 'pack':
      return trans.__('Pack');
    case 'publish':
      return trans.__('Publish');
  }
}

/** Return how a step stands, in a word or two. */
export function markWord(trans: Words, step: Step, mark: Mark): string {
  switch (mark) {
    case 'open':
      return trans.__('Not begun');
    case 'optional':
      return trans.__('Optional');
    case 'ready':
      return trans.__('Ready');
    case 'running':
      return trans.__('Running');
    case 'done':
      return step === 'describe' ? trans.__('Complete') : trans.__('Done');
    case 'look':
      return step === 'describe' ? trans.__('Incomplete') : trans.__('Please look');
    case 'blocked':
      return step === 'scan' ? trans.__('Errors') : trans.__('Blocked');
    case 'stopped':
      return trans.__('Stopped');
    case 'again':
      return trans.__('Out of date');
  }
}

/** The shape of each mark; the same shapes as everywhere. */
export const MARK_SHAPES: Record<Mark, string> = {
  open: 'queued',
  optional: 'skipped',
  ready: 'ran',
  running: 'running',
  done: 'done',
  look: 'warning',
  blocked: 'error',
  stopped: 'interrupted',
  again: 'unstable'
};

/** Return what a fix does. */
export function fixTitle(trans: Words, fix: Fix): string {
  const names = (fix.names ?? []).join(', ');
  switch (fix.kind) {
    case 'choose-licence':
      return trans.__('Choose a licence');
    case 'make-path-relative':
      return trans.__('Make the path relative');
    case 'copy-into-study':
      return trans.__('Copy the file into the study');
    case 'move-secret-out':
      return names
        ? trans.__('Move the secret out, into the environment variable %1', names)
        : trans.__('Move the secret out, into an environment variable');
    case 'clear-output':
      return trans.__('Clear the stored output');
    case 'exclude-file':
      return trans.__('Leave the file out of the crate');
    case 'refer-to-data':
      return trans.__('Refer to the data by their address instead of packing them');
    case 'add-requirement':
      return names
        ? trans.__('Add %1 to the requirements', names)
        : trans.__('Add the missing requirement');
    default:
      return saidWords(trans, (fix as Fix).title);
  }
}

/** Return where a finding is, for people: the cell is counted from 0, a line from 1. */
export function placeWords(trans: Words, finding: Finding): string {
  const { cell, line } = finding;
  const path = visible(finding.path ?? '');
  if (!path) {
    return finding.where === 'the study' ? trans.__('the study') : visible(finding.where);
  }
  if (cell !== null && line !== null) {
    return trans.__('%1, cell %2, line %3', path, cell, line);
  }
  if (cell !== null) {
    return trans.__('%1, cell %2', path, cell);
  }
  return line === null ? path : trans.__('%1, line %2', path, line);
}

/** Return why a crate cannot be published, and what to do. */
export function blockWords(trans: Words, block: Block): string {
  switch (block.kind) {
    case 'errors':
      return trans._n(
        'The scan found %1 error. As it lies, the study cannot run again, or must not be published.',
        'The scan found %1 errors. As it lies, the study cannot run again, or must not be published.',
        block.count
      );
    case 'warnings':
      return trans._n(
        'There is %1 warning that nobody has looked at.',
        'There are %1 warnings that nobody has looked at.',
        block.count
      );
    case 'not-scanned':
      return trans.__('The study has not been scanned yet.');
    case 'errors-in-crate':
      return trans._n(
        'The crate was packed with %1 error in it. Mend it, and pack again.',
        'The crate was packed with %1 errors in it. Mend them, and pack again.',
        block.count
      );
    case 'not-packed':
      return trans.__('There is no crate yet.');
    case 'changed':
      return trans.__('The study was changed since it was packed. Pack again.');
  }
}
