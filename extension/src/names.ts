/** The names that other files, the settings schema, tests and other extensions rely on. */

export const PLUGIN_ID = 'recrate:plugin';
export const DOMAIN = 'recrate';
export const PANEL_ID = 'recrate-panel';
export const SESSION_PANEL_ID = 'recrate-session';

/** The document type of `.crate.zip`; also the file browser's `data-file-type`. */
export const CRATE_FILE_TYPE = 'recrate-crate';

/** A Latin category: the palette's search starts at ASCII words, also for labels in Japanese. */
export const PALETTE_CATEGORY = 'Recrate';

export const CommandIDs = {
  /** Package & publish: `{ path?: contents path of a folder or notebook }`. */
  package: 'recrate:package',
  /** Open a crate: `{ path?: contents path }`; asks for one where none is given. */
  openCrate: 'recrate:open-crate',
  /** Replay a crate: `{ path?: contents path }`. */
  replay: 'recrate:replay',
  /** The list of runs: `{ id?: the job to show }`. */
  runs: 'recrate:runs',
  /** The report of a run: `{ id: job }`. */
  openReport: 'recrate:open-report',
  /** A run from its start to its verdict: `{ id: job }`. */
  openJob: 'recrate:open-run',
  /** A document of an earlier page, by the id of its widget: `{ id }`. */
  reopen: 'recrate:reopen',
  /** The review of a run: `{ id: job }`. */
  openReview: 'recrate:open-review',
  /** Publish the verdict of a run: `{ id: job }`. */
  publishVerdict: 'recrate:publish-verdict',
  /** Session: run the notebook in front from its top and compare; `{ all?: every notebook }`. */
  runCompare: 'recrate:run-and-compare',
  /** Session: stop what is run. */
  stopCompare: 'recrate:stop-comparing',
  /** Session: the summary, and what the session is of. */
  showSession: 'recrate:show-session',
  /** Session: the form of a reviewer's verdict. */
  giveVerdict: 'recrate:give-verdict',
  /** All campaigns. */
  campaigns: 'recrate:campaigns',
  /** The page of a campaign: `{ id: job }`. */
  openCampaign: 'recrate:open-campaign',
  /** The side panel. */
  showPanel: 'recrate:show-panel'
} as const;
