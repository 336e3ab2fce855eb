/**
 * The server's own English sentences, so that a catalogue can translate them. What is not here is
 * shown as the server wrote it. `sentences.spec.ts` holds the hints to the server's table of codes.
 */
import { nullTranslator, type TranslationBundle } from '@jupyterlab/translation';

import { DOMAIN } from './names';
import { CAMPAIGN, CAMPAIGN_PATTERNS } from './sentences_campaign';
import { COMMON } from './sentences_common';
import { MORE } from './sentences_more';
import { PUBLISHING, PUBLISHING_PATTERNS } from './sentences_publish';
import { SESSION, SESSION_PATTERNS } from './sentences_session';
import { PATTERNS } from './sentence_patterns';

type Words = TranslationBundle;

/** Return a sentence in the person's language; undefined where none of ours fits. */
export function sentence(trans: Words, text: string): string | undefined {
  const fixed = BY_ENGLISH.get(text);
  if (fixed) {
    return fixed(trans);
  }
  for (const [pattern, say] of ALL_PATTERNS) {
    const found = pattern.exec(text);
    if (found) {
      return say(trans, found.slice(1));
    }
  }
  return undefined;
}

/** Sentences in which nothing of the study stands: hints, steps, some messages. */
const FIXED: ((t: Words) => string)[] = [
  t => t.__('open it in Jupyter and save it again, or leave it out with .recrateignore'),
  t => t.__('put the file into the study, or correct the path'),
  t =>
    t.__(
      'add a line with ! and its path to .recrateignore, or name its source with `recrate refer`'
    ),
  t => t.__('move the file into the study, or pack the folder that holds both'),
  t => t.__('write it with /, or with pathlib'),
  t => t.__('write the path relative to the notebook'),
  t => t.__("put the module's file into the study"),
  t => t.__('restart the kernel, run all cells, and mend what fails'),
  t => t.__('move the cell that defines it up, then restart the kernel and run all cells'),
  t => t.__('restart the kernel, run all cells, and save'),
  t => t.__('mend the cell and run it again, or tag it `raises-exception` if that is meant'),
  t => t.__('mend the cell, or make it a raw or markdown cell'),
  t => t.__('a kernel for Python 2 is needed to run it again'),
  t => t.__('let one notebook write what the others read'),
  t =>
    t.__(
      'remove it, run the cell again, and revoke it where it was issued; waive by name if it is none'
    ),
  t => t.__('clear the output or make the data anonymous before publishing'),
  t => t.__('deposit it elsewhere and name it with `recrate refer`, or raise the limit'),
  t => t.__('save it in the study and name its source with `recrate refer`'),
  t => t.__('say in the README which one; results may differ on another machine'),
  t => t.__('docs/researchers.md shows what metadata and tags may say; as it is, it is not heeded'),
  t => t.__('name the cell by its id, its index from 0, or a tag that no other cell has'),
  t => t.__('docs/judging.md shows what a policy may say; the usual one judges instead'),
  t => t.__('declare them in requirements.txt'),
  t => t.__('add it to requirements.txt, with its version'),
  t => t.__('say in the README what it must hold'),
  t => t.__('replace the link by the file, or name its source with `recrate refer`'),
  t => t.__('remove the link'),
  t => t.__('give yourself permission to read it, or name it in .recrateignore'),
  t => t.__('rename it'),
  t => t.__('rename it without special characters'),
  t => t.__('what changed since then is not known'),
  t => t.__('rename it if people on Windows should be able to unpack the crate'),
  t => t.__('add `license: CC-BY-4.0` (or another SPDX identifier) to CITATION.cff'),
  t => t.__('add a CITATION.cff with your name and ORCID'),
  t => t.__('mend it, or remove it'),
  t => t.__('run `recrate refer` again, or put the file back as it was'),
  t => t.__('write an SPDX identifier, e.g. CC-BY-4.0 or MIT'),
  t =>
    t.__(
      'if it is a package, name its distribution in requirements.txt; if it is a module of yours, put it into the study'
    ),
  t => t.__('is it the kernel that the notebook ran in?'),
  t => t.__('loosen the pins that it names, or pack on the machine where it runs with --kernel'),
  t => t.__('mend these requirements, or pack on the machine where it runs with --kernel'),
  t => t.__('whoever replays it needs a kernel for it, with these packages'),
  t => t.__("copy it from the person's page at orcid.org"),
  t => t.__('look the organisation up at ror.org'),
  t => t.__("recrate's own rules were all checked"),
  t => t.__('port the notebook to Python 3, for example with 2to3'),
  t => t.__('get the crate again, or ask its authors for the file'),
  t => t.__('its checksum was taken now; a change made earlier cannot be noticed'),
  t => t.__('its checksum was taken now; nobody has vouched for it'),
  t => t.__('state sha256, contentSize and localPath for it'),
  t => t.__('the environment will be worked out again from what the study declares'),
  t => t.__('there is no such recorded output, or it holds without a waiver'),
  t => t.__('name it among the files that are not published, or remove it'),
  t => t.__('look the funder up at ror.org'),
  t => t.__('write a DOI, e.g. 10.5281/zenodo.1, or an http(s) address'),
  t => t.__('macOS and Windows cannot unpack both: rename one'),
  t => t.__('the cell was never run'),
  t => t.__('is nested too deeply'),
  t => t.__('is a link that points out of the study'),
  t => t.__('is a link to nothing'),
  t => t.__('is a link in a circle'),
  t => t.__('is not a regular file'),
  t => t.__('has a name not in UTF-8'),
  t => t.__('has a name that Windows cannot write'),
  t => t.__('Windows cannot hold a file of this name'),
  t => t.__('another file has the same name but for capital letters'),
  t => t.__('lies in the crate, and the metadata does not name it'),
  t => t.__('the metadata names this file, and it is not in the crate'),
  t => t.__('the metadata state no SHA-256 for this file'),
  t => t.__('the crate has no lock of its packages'),
  t => t.__('looking through the folder'),
  t => t.__('reading what the study needs'),
  t => t.__('resolving versions'),
  t => t.__('starting the kernel once'),
  t => t.__('waiting: somebody else is building this environment'),
  t => t.__('somebody else has been building this environment for too long'),
  t => t.__('The server’s answer cannot be read.')
];

const ALL_PATTERNS = [
  ...PATTERNS,
  ...PUBLISHING_PATTERNS,
  ...SESSION_PATTERNS,
  ...CAMPAIGN_PATTERNS
];
const ENGLISH = nullTranslator.load(DOMAIN);
const BY_ENGLISH = new Map(
  [...FIXED, ...MORE, ...COMMON, ...PUBLISHING, ...SESSION, ...CAMPAIGN].map(say => [
    say(ENGLISH),
    say
  ])
);
