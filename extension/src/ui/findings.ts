import type { Finding } from '../api';
import { asSentence, known, saidWords, type Words } from '../words';

/** A finding in the person's language. */
export interface IFindingWords {
  /** The kind of finding, for a list's headings: "A file is missing". */
  title: string;
  /** What was found here; the server's own sentence where the catalogue does not know it. */
  message: string;
  hint: string;
}

/** Return a finding in words; titles are ours by its code, an unknown code gets no title. */
export function findingWords(trans: Words, finding: Finding): IFindingWords {
  return {
    title: known(titles(trans), finding.code) ?? '',
    message: asSentence(saidWords(trans, finding.message)),
    hint: asSentence(saidWords(trans, finding.hint))
  };
}

/** Return the title of a kind of finding, or the code where it is none that we know. */
export function findingTitle(trans: Words, code: string): string {
  return known(titles(trans), code) ?? code;
}

function titles(trans: Words): Record<string, string> {
  return { ...studyTitles(trans), ...descriptionTitles(trans), ...crateTitles(trans) };
}

function studyTitles(trans: Words): Record<string, string> {
  return {
    'unreadable-notebook': trans.__('A notebook cannot be read'),
    'missing-file': trans.__('A file is missing'),
    'file-left-out': trans.__('A file that is read is left out'),
    'outside-study': trans.__('A file outside the study is read'),
    'windows-path': trans.__('A path that only Windows understands'),
    'absolute-path': trans.__('A path of one machine only'),
    'local-module-missing': trans.__('A module of the study is missing'),
    'undefined-name': trans.__('A name that no cell defines'),
    'used-before-definition': trans.__('A name used before its definition'),
    'never-run': trans.__('Cells that were never run'),
    'run-out-of-order': trans.__('Cells run out of order'),
    'stored-error': trans.__('A stored output is an error'),
    'syntax-error': trans.__('A cell that cannot be parsed'),
    'old-python': trans.__('Written in Python 2'),
    'order-cycle': trans.__('Notebooks that wait for each other'),
    secret: trans.__('Something that looks like a secret'),
    'personal-data': trans.__('Personal data'),
    'large-file': trans.__('A large file'),
    'network-use': trans.__('Something is fetched from the network'),
    'needs-gpu': trans.__('A GPU is needed'),
    'undeclared-package': trans.__('A package that is not declared'),
    'found-by-running': trans.__('A package that only running showed'),
    'fetched-not-kept': trans.__('Something fetched cannot be kept'),
    'bad-setting': trans.__('A setting for the judge that cannot be used'),
    'claim-not-found': trans.__('A claim of what is not there'),
    'bad-policy': trans.__('A policy that cannot be used'),
    'pip-in-cell': trans.__('A cell installs packages'),
    'environment-variable': trans.__('An environment variable is read'),
    'link-outside': trans.__('A link out of the study'),
    'broken-link': trans.__('A broken link'),
    'unreadable-file': trans.__('A file cannot be read'),
    'name-not-unicode': trans.__('A name that is not UTF-8'),
    'unportable-name': trans.__('A name that some systems cannot write'),
    'unknown-import': trans.__('An import of unknown origin'),
    'import-not-installed': trans.__('An import that is not installed'),
    'cannot-resolve': trans.__('The environment cannot be resolved'),
    'other-language': trans.__('Another language'),
    'machine-kernel': trans.__('A kernel of this machine'),
    'python-2': trans.__('Python 2 is needed')
  };
}

function descriptionTitles(trans: Words): Record<string, string> {
  return {
    'no-licence': trans.__('No licence'),
    'invalid-licence': trans.__('A licence that is not in the SPDX list'),
    'no-author': trans.__('No creator'),
    'invalid-orcid': trans.__('An ORCID that cannot be right'),
    'invalid-ror': trans.__('A ROR that cannot be right'),
    'unreadable-metadata': trans.__('Metadata that cannot be read'),
    'reference-changed': trans.__('A data reference has changed'),
    'reference-incomplete': trans.__('A data reference is incomplete'),
    'invalid-related': trans.__('A related work that cannot be found'),
    'invalid-funder': trans.__('An identifier of a funder that cannot be right'),
    'restricted-path': trans.__('A path that is not in the study'),
    'restricted-missing': trans.__('What is to be kept back is not in the study'),
    'restricted-notebook': trans.__('A notebook cannot be kept back'),
    'restricted-copy': trans.__('A copy of what is kept back')
  };
}

function crateTitles(trans: Words): Record<string, string> {
  return {
    'names-collide': trans.__('Names that differ by case only'),
    'name-not-portable': trans.__('A name that some systems cannot write'),
    'wrong-checksum': trans.__('A checksum is wrong'),
    'wrong-size': trans.__('A size is wrong'),
    'wrong-identity': trans.__('The identity is wrong'),
    'profile-not-checked': trans.__('The profile was not checked'),
    'file-missing': trans.__('A file is missing from the crate'),
    'undeclared-file': trans.__('A file that the metadata do not name'),
    'crates-within': trans.__('Crates within this crate'),
    'no-checksum': trans.__('A file without a checksum'),
    'lock-unreadable': trans.__('The lock cannot be read'),
    'waiver-idle': trans.__('A waiver that did nothing')
  };
}
