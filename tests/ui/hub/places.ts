import { mkdtempSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';

/** The repository. */
export const REPOSITORY = resolve(__dirname, '..', '..', '..');

/** Another port lets two runs on one machine live side by side; the next ones are taken, too. */
export const PORT = Number(process.env.RECRATE_HUB_PORT ?? 18960);

/** The page before the contract's double. */
export const DOUBLE = `http://127.0.0.1:${PORT}/services/relaunch/`;

/** The page on a real hub. */
export const HUB = `http://127.0.0.1:${PORT + 1}/`;
export const SERVICE = `${HUB}services/relaunch/`;

/** A folder of this run's own; made by the first process of the run, the others inherit it. */
export const SUITE = (process.env.RECRATE_HUB_FOLDER ??= mkdtempSync(
  join(tmpdir(), 'recrate-hub-')
));

/** The system's browser: nothing is downloaded for these tests. */
export const BROWSER = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  // No sandbox of its own, because tests may run as root in a container, and no talk to the outside.
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync'
  ]
};
