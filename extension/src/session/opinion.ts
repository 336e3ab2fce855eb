/** A reviewer's verdict as it is typed, and the order that comes of it. Pure. */
import type { Opinion, ReviewOrder } from '../api';
import { readOrcid } from '../describe/identifiers';

/** What was typed. */
export interface IOpinion {
  [key: string]: string | string[];
  name: string;
  orcid: string;
  affiliation: string;
  opinion: Opinion | '';
  statement: string;
  /** Notebooks that are left out. */
  leftOut: string[];
}

export const NOTHING_SAID: IOpinion = {
  name: '',
  orcid: '',
  affiliation: '',
  opinion: '',
  statement: '',
  leftOut: []
};

export const MOST_LETTERS = 20000;

export interface IOpinionComplaints {
  orcid?: 'form' | 'digits' | 'name';
  opinion?: 'none';
  statement?: 'long' | 'none';
  notebooks?: 'none';
}

/** Return what is wrong with it; `notebooks`: those that can be chosen. */
export function complaintsOf(said: IOpinion, notebooks: readonly string[]): IOpinionComplaints {
  const found: IOpinionComplaints = {};
  if (said.orcid.trim()) {
    const orcid = readOrcid(said.orcid);
    if ('fault' in orcid) {
      found.orcid = orcid.fault;
    } else if (!said.name.trim()) {
      found.orcid = 'name';
    }
  }
  if (!said.opinion) {
    found.opinion = 'none';
  }
  if (said.statement.length > MOST_LETTERS) {
    found.statement = 'long';
  } else if (said.opinion === 'doubts' && !said.statement.trim()) {
    found.statement = 'none';
  }
  if (notebooks.every(path => said.leftOut.includes(path))) {
    found.notebooks = 'none';
  }
  return found;
}

/** Return the order for the server; undefined while something is wrong. */
export function reviewOrder(
  said: IOpinion,
  notebooks: readonly string[],
  language: 'en' | 'ja'
): ReviewOrder | undefined {
  const { opinion } = said;
  if (opinion === '' || Object.keys(complaintsOf(said, notebooks)).length > 0) {
    return undefined;
  }
  const orcid = readOrcid(said.orcid);
  return {
    kind: 'review',
    reviewer: {
      name: said.name.trim(),
      orcid: 'url' in orcid ? orcid.url : null,
      affiliation: said.affiliation.trim()
    },
    opinion,
    statement: said.statement.trim(),
    notebooks: notebooks.filter(path => !said.leftOut.includes(path)),
    language
  };
}

/** Return the file that a reviewer's run crate is written to; `number` from 1. */
export function verdictPath(id: string, number = 1): string {
  return `verdict-${id.slice(0, 8)}${number > 1 ? `-${number}` : ''}.crate.zip`;
}
