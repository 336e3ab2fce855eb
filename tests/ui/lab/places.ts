import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';

/** The repository. */
export const REPOSITORY = resolve(__dirname, '..', '..', '..');

/** Another port lets two runs on one machine live side by side. */
export const PORT = Number(process.env.RECRATE_LAB_PORT ?? 18888);

/** A folder of this run's own; made by the first process of the run, the others inherit it. */
export const SUITE = (process.env.RECRATE_SUITE_FOLDER ??= mkdtempSync(
  join(tmpdir(), 'recrate-lab-')
));

/** Environments are restored once for all servers of a run, or of all runs where it is named. */
export const CACHE = (process.env.RECRATE_SUITE_CACHE ??= join(SUITE, 'cache'));

/** What every server of the suite is started with. */
export function serverVariables(folder: string): Record<string, string> {
  const jupyter = (name: string) => join(folder, `jupyter-${name}`);
  return {
    RECRATE_SUITE_FOLDER: folder,
    RECRATE_SUITE_CACHE: CACHE,
    JUPYTER_CONFIG_DIR: jupyter('config'),
    JUPYTER_DATA_DIR: jupyter('data'),
    JUPYTER_RUNTIME_DIR: jupyter('runtime'),
    LC_ALL: 'C.UTF-8'
  };
}

/** Put the official JSON-LD contexts into the cache, where they lie beside the checkout. */
export function fillCache(): void {
  const official = join(REPOSITORY, '..', 'shared', 'data', 'ro-crate');
  mkdirSync(join(CACHE, 'contexts'), { recursive: true });
  const found = existsSync(official) ? readdirSync(official) : [];
  for (const name of found.filter(one => /^context-.*\.json$/.test(one))) {
    cpSync(join(official, name), join(CACHE, 'contexts', name));
  }
}
