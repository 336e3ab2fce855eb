import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { depositors, doors } from './api/plugin';
import { campaign } from './campaign/plugin';
import { crate } from './crate/plugin';
import { packPlugin } from './pack/plugin';
import { panel, panelSections } from './panel/plugin';
import { publish } from './publish/plugin';
import { replay } from './replay/plugin';
import { report } from './report/plugin';
import { review } from './review/plugin';
import { runs } from './runs/plugin';
import { session } from './session/plugin';

export * from './tokens';

/** A room is one or two lines here; what it does stands in its `plugin.ts`. */
const plugins: JupyterFrontEndPlugin<unknown>[] = [
  doors,
  depositors,
  panelSections,
  panel,
  runs,
  report,
  packPlugin,
  crate,
  replay,
  review,
  publish,
  session,
  campaign
];

export default plugins;
