/** The words of this room's closed lists. */
import type { PlaceOption, PublishPlace, PublishResult, Receipt } from '../api';
import { isJapanese, known, spoken, type Words } from '../words';
import type { Gift, Outcome, Stage } from './model';

/** Return a place's title; those that are built in have an English one only. */
export function placeTitle(trans: Words, place: PublishPlace): string {
  const builtIn: Record<string, string> = {
    'A folder or web site of your own': trans.__('A folder or web site of your own'),
    'Zenodo sandbox (for trying)': trans.__('Zenodo sandbox (for trying)')
  };
  return known(builtIn, place.title) ?? spoken(place.title, place.title_ja);
}

/** Return what a place gives, in a word or two. */
export function giftWord(trans: Words, gift: Gift): string {
  switch (gift) {
    case 'doi':
      return trans.__('Gives a DOI');
    case 'no-doi':
      return trans.__('No DOI');
    case 'drafts':
      return trans.__('Drafts');
    case 'versions':
      return trans.__('New versions');
    case 'private':
      return trans.__('Can be kept private');
    case 'review':
      return trans.__('Staff may review first');
  }
}

/** Return what will happen, as the last sentence before it does. */
export function outcomeWords(trans: Words, what: Outcome, place: string): string {
  switch (what) {
    case 'draft':
      return trans.__(
        'It is uploaded to %1 as a draft. Nobody else sees it until you publish it, and you can still discard it.',
        place
      );
    case 'private':
      return trans.__(
        'It is uploaded to %1, where only those see it whom the repository lets in. You can make it public there later.',
        place
      );
    case 'review':
      return trans.__(
        'It is handed in at %1. Its staff look at it and decide; it cannot be changed from here any more.',
        place
      );
    case 'doi':
      return trans.__(
        'It becomes public at %1 and gets a DOI. This cannot be taken back: a DOI stays, and so does the record.',
        place
      );
    case 'public':
      return trans.__(
        'It becomes public at %1. This cannot be taken back from here; ask the repository if it must be.',
        place
      );
    case 'folder':
      return trans.__(
        'Pages and the crate are written to the folder of %1. Nothing is sent elsewhere.',
        place
      );
  }
}

/** Return what the button says that does it. */
export function deedWord(trans: Words, what: Outcome): string {
  switch (what) {
    case 'draft':
      return trans.__('Upload as a draft');
    case 'private':
      return trans.__('Upload');
    case 'review':
      return trans.__('Hand in');
    case 'folder':
      return trans.__('Write to the folder');
    default:
      return trans.__('Publish');
  }
}

export function receiptWord(trans: Words, status: Receipt['status']): string {
  switch (status) {
    case 'draft':
      return trans.__('Draft');
    case 'handed-in':
      return trans.__('Handed in');
    default:
      return trans.__('Published');
  }
}

/** Return in one sentence how a deposit stands. */
export function receiptMeaning(trans: Words, receipt: Receipt): string {
  switch (receipt.status) {
    case 'draft':
      return trans.__('Nobody else sees it yet. Publish it from here, or discard it.');
    case 'handed-in':
      return trans.__('The repository’s staff look at it before it becomes public.');
    default:
      return receipt.doi
        ? trans.__('Everybody can find and cite it by its DOI.')
        : trans.__('It has no DOI; cite it by its address.');
  }
}

export function stageTitle(trans: Words, stage: Stage): string {
  switch (stage) {
    case 'preflight':
      return trans.__('Asking the repository');
    case 'reserve':
      return trans.__('Reserving the address');
    case 'write':
      return trans.__('Writing the address into the crate');
    case 'upload':
      return trans.__('Uploading');
    case 'publish':
      return trans.__('Publishing');
    case 'link back':
      return trans.__('Telling related records');
  }
}

export function linkWords(trans: Words, how: PublishResult['links'][number]['how']): string {
  switch (how) {
    case 'written':
      return trans.__('The record of the crate now names this verdict.');
    case 'announced':
      return trans.__('The verdict was announced to the repository of the crate.');
    case 'queued':
      return trans.__('The announcement to the repository of the crate waits to be sent again.');
    default:
      return trans.__('The record of the crate could not be told of this verdict.');
  }
}

export function optionLabel(option: PlaceOption): string {
  return spoken(option.label_en, option.label_ja);
}

/** Return an option's help; a sentence of its own begins with a capital. */
export function optionHelp(option: PlaceOption): string {
  const text = spoken(option.help_en, option.help_ja);
  return isJapanese()
    ? text
    : text.replace(/^[a-z]+(?=[\s,])/, one => one.charAt(0).toUpperCase() + one.slice(1));
}

/** Return an option's choice in words, where we know them. */
export function choiceWord(trans: Words, option: string, choice: string): string {
  const words: Record<string, string> = {
    'file_form zip': trans.__('The crate as one file (zip)'),
    'file_form files': trans.__('Each file by itself'),
    'way whole': trans.__('The crate as one file (zip)'),
    'way exploded': trans.__('Each file by itself'),
    'publish private': trans.__('Nobody yet (private)'),
    'publish public': trans.__('Everybody (public)'),
    'publish workflow': trans.__('The staff first (workflow)')
  };
  return known(words, `${option} ${choice}`) ?? choice;
}

/** Return where a token comes from, for those kinds of repository that we know. */
export function tokenHelp(trans: Words, place: PublishPlace): string {
  const words: Record<string, string> = {
    inveniordm: trans.__(
      'In your account there: Applications, Personal access tokens, New token, with the scopes `deposit:write` and `deposit:actions`.'
    ),
    grdm: trans.__(
      'In your settings there: Personal access tokens, with the scopes `osf.full_read` and `osf.full_write`.'
    ),
    weko: trans.__(
      'The repository’s staff register the application and give you the way to a token; a personal token of WEKO is of no use here.'
    ),
    datacite: trans.__(
      'The name of a repository account and its password, with a colon between them: `ABCD.EFGH:password`.'
    )
  };
  return (
    known(words, place.kind) ?? trans.__('The repository gives you one in your account there.')
  );
}
