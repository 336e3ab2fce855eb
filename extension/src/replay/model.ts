import type { ReplayOrder } from '../api';

/** What a person chose in the form of a replay. */
export interface IReplayChoice {
  /** Notebooks that are left out; all others run. */
  leftOut: string[];
  repeats: number;
  environment: 'lock' | 'current';
  runner: string;
  notebookTimeout: string;
  cellTimeout: string;
  parameters: { name: string; value: string }[];
}

export const NOTHING_CHOSEN: IReplayChoice = {
  leftOut: [],
  repeats: 1,
  environment: 'lock',
  runner: 'local',
  notebookTimeout: '',
  cellTimeout: '',
  parameters: []
};

/** What is wrong with a choice, by field. */
export interface IChoiceComplaints {
  notebooks?: 'none';
  notebookTimeout?: 'number';
  cellTimeout?: 'number';
  parameters?: { at: number; what: 'name' | 'twice' }[];
}

export function complaintsOf(
  choice: IReplayChoice,
  notebooks: readonly string[]
): IChoiceComplaints {
  const found: IChoiceComplaints = {};
  if (notebooks.length > 0 && notebooks.every(path => choice.leftOut.includes(path))) {
    found.notebooks = 'none';
  }
  if (secondsOf(choice.notebookTimeout) === undefined) {
    found.notebookTimeout = 'number';
  }
  if (secondsOf(choice.cellTimeout) === undefined) {
    found.cellTimeout = 'number';
  }
  const names = choice.parameters.map(one => one.name.trim());
  const wrong: NonNullable<IChoiceComplaints['parameters']> = [];
  names.forEach((name, at) => {
    if (!name && !choice.parameters[at]?.value) {
      return;
    }
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) {
      wrong.push({ at, what: 'name' });
    } else if (names.indexOf(name) < at) {
      wrong.push({ at, what: 'twice' });
    }
  });
  if (wrong.length > 0) {
    found.parameters = wrong;
  }
  return found;
}

/** Return the order for the server; undefined while something is wrong with the choice. */
export function orderOf(
  path: string,
  choice: IReplayChoice,
  notebooks: readonly string[],
  language: 'en' | 'ja'
): ReplayOrder | undefined {
  if (Object.keys(complaintsOf(choice, notebooks)).length > 0) {
    return undefined;
  }
  const chosen = notebooks.filter(one => !choice.leftOut.includes(one));
  const parameters = choice.parameters.filter(one => one.name.trim());
  return {
    kind: 'replay',
    path,
    notebooks: chosen.length === notebooks.length ? [] : chosen,
    repeats: choice.repeats,
    environment: choice.environment,
    runner: choice.runner,
    notebook_timeout_seconds: secondsOf(choice.notebookTimeout) ?? null,
    cell_timeout_seconds: secondsOf(choice.cellTimeout) ?? null,
    parameters: Object.fromEntries(parameters.map(one => [one.name.trim(), one.value])),
    language
  };
}

/** Return typed seconds; null for nothing typed, undefined for what is no span of time. */
export function secondsOf(typed: string): number | null | undefined {
  const text = typed.trim();
  if (!text) {
    return null;
  }
  const seconds = Number(text);
  return Number.isFinite(seconds) && seconds > 0 && seconds <= 31536000 ? seconds : undefined;
}

/** Return the notebook that the message of a run names: a path, then `, cell 3 of 10` once a cell runs. */
export function notebookOf(message: string): string {
  return message.replace(/, cell \d+ of \d+$/, '');
}

/** Return where a run crate is written: beside what was run, named after it; `number` from 1. */
export function exportPath(subject: string, id: string, number = 1): string {
  const plain = subject.replace(/\.crate\.zip$/, '').replace(/\/+$/, '') || 'study';
  const more = number > 1 ? `-${number}` : '';
  return `${plain}.run-${id.slice(0, 8)}${more}.crate.zip`;
}
