/**
 * The server's sentences about the common metadata items of publicly funded research data; see
 * `sentences.ts`, which looks them up.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

/** What is wrong or missing, and what to do. */
export const COMMON: readonly ((t: TranslationBundle) => string)[] = [
  t => t.__('CC-BY-4.0 for texts and data, MIT or Apache-2.0 for code, are usual'),
  t => t.__('JP and the number in capital letters and digits, e.g. JP20H00001'),
  t => t.__('nothing says which funder paid'),
  t => t.__('the Japan Grant Number is missing'),
  t => t.__('the project has no name'),
  t => t.__('one language is enough'),
  t => t.__("the project's research field is missing"),
  t => t.__('there is no data set yet'),
  t => t.__('is no code of a funder'),
  t => t.__('choose it from the list, or write its English abbreviation'),
  t => t.__('is no code of a funding programme'),
  t => t.__('up to five letters and digits, e.g. MJCR'),
  t => t.__('is none of the answers on the official list'),
  t => t.__('choose one from the list'),
  t => t.__('nothing says who may see these metadata'),
  t => t.__('the data have no title'),
  t => t.__('nothing says what the data are'),
  t => t.__('the research field of the data is missing'),
  t => t.__('nothing says of which type the data are'),
  t => t.__('is no rough size of data'),
  t => t.__('a number or two and a unit, e.g. 1-10GB or <1GB'),
  t => t.__('nothing says whether the data are free of charge'),
  t => t.__('nothing says under which licence the data may be used'),
  t => t.__('nothing says how to cite the data'),
  t => t.__('nothing says who may have the data'),
  t => t.__('data that are open access are free of charge'),
  t => t.__('share them on request where they are to be paid for'),
  t => t.__('is no DOI'),
  t => t.__('a DOI, e.g. 10.5281/zenodo.1'),
  t => t.__('nothing says which institution keeps the data'),
  t => t.__('the check digit of this e-Rad number does not fit'),
  t => t.__('look whether a digit is wrong or two have changed places'),
  t => t.__('nothing says whether a person or an office manages the data'),
  t => t.__('nothing says who manages the data'),
  t => t.__('is no telephone number'),
  t => t.__('digits and hyphens, e.g. 03-0000-0000'),
  t => t.__('nothing says how to reach who manages the data'),
  t => t.__('a mail address, or organisation, postal address and telephone number together'),
  t => t.__('the registry cannot be asked now; what you type is kept all the same'),
  t => t.__('the registry knows nothing of that name'),
  t => t.__('this is no DOI'),
  t => t.__('no registry knows this DOI, or tells of it in a form that can be read')
];
