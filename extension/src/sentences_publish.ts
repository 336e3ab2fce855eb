/**
 * What publishing says in English: findings of a preflight, refusals, hints; see `sentences.ts`,
 * which looks them up.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Pattern } from './sentence_patterns';

/** Sentences in which nothing of the crate or the repository stands. */
export const PUBLISHING: ((t: TranslationBundle) => string)[] = [
  t => t.__('nothing was begun there with this crate'),
  t => t.__('nothing is to be done'),
  t => t.__('is published there, and is not removed'),
  t => t.__("ask the repository's staff if it must be withdrawn"),
  t => t.__('no such deposit'),
  t => t.__('publish the crate again'),
  t => t.__('this crate is being published there already'),
  t => t.__('wait for the other one to end, then look at its outcome'),
  t => t.__('an unfinished deposit of this crate is there'),
  t => t.__('go on with `--resume`, or remove it with `--discard`'),
  t => t.__('takes no new versions'),
  t => t.__('publish it as a record of its own'),
  t => t.__('keeps no drafts'),
  t => t.__('publish without `--draft`'),
  t => t.__('no token for this place'),
  t => t.__('no earlier version of this crate was published there from here'),
  t => t.__('mend it, then publish again; `--check` shows all'),
  t => t.__('whoever runs this installation sets it in c.Publish.places'),
  t => t.__('check the network'),
  t => t.__('is the address right?'),
  t => t.__('redirected too often'),
  t => t.__('the token holds characters that no token has'),
  t => t.__("copy it again from the repository's settings"),
  t => t.__('this machine has no keyring that can be used'),
  t => t.__('put the token into the environment instead: RECRATE_TOKEN_<PLACE>'),
  t => t.__('there is no account for DataCite'),
  t => t.__('give its `ID:password` as the token of this place'),
  t => t.__('the token of DataCite is not of the form `ID:password`'),
  t => t.__("give the repository account's ID, a colon and its password, as one line"),
  t => t.__('a DOI needs a public address to lead to'),
  t => t.__('set the option `url` to the address of the site'),
  t => t.__('go on: nothing is lost if it does not answer later either'),
  t => t.__('the token is `ID:password` of a repository account of DataCite'),
  t => t.__('describe the study in the Pack panel, then publish again'),
  t => t.__('the crate was changed while it was being deposited'),
  t => t.__('publish it once more'),
  t => t.__('GakuNin RDM takes nothing without a token'),
  t => t.__('make a personal access token in its settings, and give it here'),
  t => t.__("give the five characters at the end of the project's address"),
  t => t.__('what it would say is told when you publish'),
  t => t.__('each storage of GakuNin RDM has limits of its own, and tells them only by refusing'),
  t => t.__("look at the project's storage and its quota in the browser"),
  t => t.__('there are no answers for the metadata form of GakuNin RDM'),
  t => t.__('fill in the common metadata items of the study'),
  t => t.__('deposit the crate without its folder'),
  t => t.__('you may read this project, but not write into it'),
  t => t.__("ask the project's administrator to make you a contributor who may write"),
  t => t.__('the project is public: everybody will see the crate'),
  t => t.__('choose another project where the crate is not ready to be seen'),
  t => t.__('free some space, or choose another storage of the project'),
  t => t.__('go on with `--resume`: nothing is done twice'),
  t => t.__('something else of this name is in the project'),
  t => t.__('publish it as a new version of that one, or choose another folder'),
  t => t.__('check the network, then go on with `--resume`'),
  t => t.__('the earlier version is not in the project any more'),
  t => t.__('publish without naming an earlier version'),
  t => t.__('the project has no storage'),
  t => t.__("add one in the project's settings"),
  t => t.__('the draft of this deposit is not there any more'),
  t => t.__('somebody discarded it: publish again from the beginning'),
  t => t.__('published, but the record is not to be seen yet'),
  t => t.__('go on with `--resume` in a moment: nothing is done twice'),
  t => t.__("mend these fields in the study's description, then go on with `--resume`"),
  t => t.__('give the DOI, the address or the identifier of a record there'),
  t => t.__('publish the crate as one zip: `--set file_form=zip`'),
  t => t.__('nobody may use what has no licence'),
  t => t.__("choose a licence in the study's description"),
  t => t.__("give a later date, or open access, in the study's description"),
  t => t.__('a record whose metadata are restricted gets no DOI'),
  t => t.__('restrict the files alone: the record can then be cited'),
  t => t.__('the token is not accepted, or does not allow deposits'),
  t =>
    t.__(
      'make one with the scopes `deposit:write` and `deposit:actions` in your settings of the repository'
    ),
  t => t.__('its name is the last part of its address'),
  t => t.__('the record will be public; its files only for those whom you let in'),
  t => t.__("people ask for access on the record's page"),
  t => t.__('what it would refuse is known only when it answers'),
  t => t.__('choose one that it knows, such as cc-by-4.0, or describe it in words'),
  t => t.__('somebody has begun a new version of this record'),
  t => t.__('publish or discard that draft there, then try again'),
  t => t.__('the service has trouble: go on later with `--resume`'),
  t => t.__('no folder for the site'),
  t => t.__('name one with the option `folder`'),
  t =>
    t.__('the access is not open: the page will have the description and contact, not the crate'),
  t => t.__("add a contact to the study's access"),
  t => t.__('free some space, or move the site'),
  t => t.__('the site does not know its public address, so programs get relative links'),
  t => t.__('set the option `url`; all pages are then written again'),
  t => t.__("the site's folder has a front page that somebody else made"),
  t => t.__('choose an empty folder for the site'),
  t => t.__("choose one of those that the site's `crates.json` lists"),
  t => t.__('somebody else is publishing to this site'),
  t => t.__('wait until that has ended, then go on with `--resume`'),
  t => t.__('something else lies there already'),
  t => t.__('move it away, then go on with `--resume`'),
  t => t.__('name the earlier record by its number, or by the address of its page'),
  t => t.__('a package was sent, and it is not known what the repository made of it'),
  t => t.__('go on with `--resume` first, then discard'),
  t => t.__('it is no draft of yours alone any more'),
  t => t.__("stop the workflow on that page, or ask the repository's staff"),
  t => t.__('there is no token'),
  t =>
    t.__(
      'whether staff look at the item first is set for your client in the repository; it is handed in as private'
    ),
  t => t.__('no index is named, and WEKO takes no item without one'),
  t => t.__("answer `index` with its number: it stands in the index's address"),
  t => t.__('give it one in the Pack panel'),
  t => t.__('WEKO wants the date of publication as YYYY-MM-DD'),
  t => t.__('give the day too, in the Pack panel'),
  t => t.__('answer `resource_type` with dataset, where the crate is a dataset to you'),
  t => t.__('the study is under embargo, and the day on which it ends is missing'),
  t => t.__('give the day in the Pack panel'),
  t => t.__('in a workflow the staff give the DOI; `doi_prefix` is left out'),
  t => t.__('ask them for it'),
  t => t.__('a new version keeps the DOI of its record'),
  t => t.__('name large data as references with `recrate refer` instead of packing them'),
  t => t.__('answer `way` with whole'),
  t => t.__('answer `way` with whole, which changes no name, or rename the file'),
  t => t.__('answer `way` with whole to keep folders; recrate gives the names back'),
  t => t.__("if there is none, it refuses the item: see the number in the index's address"),
  t => t.__('WEKO gives no DOI to an item that is private'),
  t => t.__('answer `publish` with public, or leave `doi_prefix` out and ask the staff later'),
  t => t.__('ask the staff, or name large data as references with `recrate refer`'),
  t => t.__('ask its staff to add it to the mapping; inside the deposited crate it is kept'),
  t => t.__('what the repository keeps of the metadata is supposed, not known'),
  t => t.__("ask its staff for your client's JSON-LD mapping, and answer `mapping` with it"),
  t => t.__('open the index in the repository: its number stands in the address'),
  t =>
    t.__(
      'the package was sent, its answer was lost, and the repository does not tell what it made'
    ),
  t => t.__('the crate here was changed meanwhile: it does not know its DOI'),
  t => t.__('name large data as references with `recrate refer`, or do without the export'),
  t => t.__("remove it in the browser where the crate's own environment is wanted")
];

/** Sentences with names, numbers or another's words in them. */
export const PUBLISHING_PATTERNS: Pattern[] = [
  [
    /^the repository would refuse it: ([^]+)$/,
    (t, [a]) => t.__('the repository would refuse it: %1', a)
  ],
  [/^cannot be reached: ([^]+)$/, (t, [a]) => t.__('cannot be reached: %1', a)],
  [/^(.+) is needed$/, (t, [a]) => t.__('%1 is needed', a)],
  [/^no option called (.+)$/, (t, [a]) => t.__('no option called %1', a)],
  [
    /^set (RECRATE_TOKEN_\w+), or keep one with `recrate token ([^`]+)`$/,
    (t, [a, b]) => t.__('set %1, or keep one with `recrate token %2`', a, b)
  ],
  [
    /^DataCite wants (.+), which the record does not say$/,
    (t, [a]) => t.__('DataCite wants %1, which the record does not say', a)
  ],
  [
    /^(.+) is not known, so citations of the DOI will lack it$/,
    (t, [a]) => t.__('%1 is not known, so citations of the DOI will lack it', a)
  ],
  [
    /^DataCite does not accept the account: ([^]+)$/,
    (t, [a]) => t.__('DataCite does not accept the account: %1', a)
  ],
  [
    /^DataCite could not be asked about the prefix: ([^]+)$/,
    (t, [a]) => t.__('DataCite could not be asked about the prefix: %1', a)
  ],
  [
    /^the account (\S+) may not make DOIs under (\S+)$/,
    (t, [a, b]) => t.__('the account %1 may not make DOIs under %2', a, b)
  ],
  [
    /^GakuNin RDM could not be asked: ([^]+)$/,
    (t, [a]) => t.__('GakuNin RDM could not be asked: %1', a)
  ],
  [/^no project is called (.+)$/, (t, [a]) => t.__('no project is called %1', a)],
  [
    /^(\d+) files will be sent one by one, which takes long$/,
    (t, [a]) => t.__('%1 files will be sent one by one, which takes long', a)
  ],
  [/^the project has no storage (.+)$/, (t, [a]) => t.__('the project has no storage %1', a)],
  [
    /^(\d+) files; the repository takes (\d+) in one deposit$/,
    (t, [a, b]) => t.__('%1 files; the repository takes %2 in one deposit', a, b)
  ],
  [
    /^an embargo must end on a day to come, not (.+)$/,
    (t, [a]) => t.__('an embargo must end on a day to come, not %1', a)
  ],
  [
    /^the repository has no community called (.+)$/,
    (t, [a]) => t.__('the repository has no community called %1', a)
  ],
  [/^the repository requires: (.+)$/, (t, [a]) => t.__('the repository requires: %1', a)],
  [
    /^the repository was not asked: ([^]+)$/,
    (t, [a]) => t.__('the repository was not asked: %1', a)
  ],
  [
    /^the repository does not know the licence (.+)$/,
    (t, [a]) => t.__('the repository does not know the licence %1', a)
  ],
  [
    /^(\d+) bytes are free where the site lies, the crate has (\d+)$/,
    (t, [a, b]) => t.__('%1 bytes are free where the site lies, the crate has %2', a, b)
  ],
  [
    /^the repository has no place for the (.+): “([^]*)” and (\d+) more$/,
    (t, [a, b, c]) => t.__('the repository has no place for the %1: “%2” and %3 more', a, b, c)
  ],
  [
    /^the repository has no place for the (.+): “([^]*)”$/,
    (t, [a, b]) => t.__('the repository has no place for the %1: “%2”', a, b)
  ],
  [
    /^NII's Binder will not open this record: that takes the type `dataset` and (\d+) characters of description \(these are (\d+)\)$/,
    (t, [a, b]) =>
      t.__(
        'NII’s Binder will not open this record: that takes the type `dataset` and %1 characters of description (these are %2)',
        a,
        b
      )
  ],
  [
    /^the item would list (\d+) files, which takes WEKO long to show$/,
    (t, [a]) => t.__('the item would list %1 files, which takes WEKO long to show', a)
  ],
  [
    /^(\d+) of (\d+) files will have other names there, such as `([^`]+)` for `([^`]+)`$/,
    (t, [a, b, c, d]) =>
      t.__('%1 of %2 files will have other names there, such as `%3` for `%4`', a, b, c, d)
  ],
  [
    /^index (.+) is not among those that you can see in the repository$/,
    (t, [a]) => t.__('index %1 is not among those that you can see in the repository', a)
  ],
  [
    /^the package has about (\d+) bytes, WEKO takes (\d+)$/,
    (t, [a, b]) => t.__('the package has about %1 bytes, WEKO takes %2', a, b)
  ],
  [
    /^the crate here could not be told its address: ([^]+)$/,
    (t, [a]) => t.__('the crate here could not be told its address: %1', a)
  ]
];
