/** The names that other files, the settings schema, tests and other extensions rely on. */

export const PLUGIN_ID = 'recrate:plugin';
export const DOMAIN = 'recrate';
export const PANEL_ID = 'recrate-panel';

export const CommandIDs = {
  package: 'recrate:package'
} as const;
