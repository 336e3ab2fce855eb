/** JupyterLab opened in a crate by `recrate launch`, as a reviewer has it. */
import { execFileSync, spawn, type ChildProcess } from 'child_process';
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

import { CACHE, serverVariables } from './places';
import { code, copyTides, notebook, printed, write } from './studies';

const STARTS_WITHIN = 240_000;

/** A folder with settings and a crate of the demo study; one notebook more fails at its second cell. */
export class ReviewedCrate {
  readonly folder = mkdtempSync(join(tmpdir(), 'recrate-lab-session-'));
  readonly crate = join(this.folder, 'tides.crate.zip');
  readonly settings = join(this.folder, 'config.py');

  /** more: options of `recrate pack` */
  constructor(...more: string[]) {
    write(this.folder, { 'config.py': `c.Recrate.cache = ${JSON.stringify(CACHE)}\n` });
    const study = copyTides(join(this.folder, 'tides'));
    write(study, {
      '04-stops.ipynb': notebook([
        code('print(1 + 1)', printed('2\n')),
        code('print(nobody_defined_this)', printed('3\n')),
        code('print("never")', printed('never\n'))
      ])
    });
    const told = [study, '-o', this.crate, '--config', this.settings, ...more];
    const words = ['-m', 'recrate', 'pack', ...told];
    try {
      execFileSync('python', words, { stdio: 'pipe' });
    } catch (error) {
      if ((error as { status?: number }).status !== 1) {
        throw error; // 1: packed, with findings that are errors
      }
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A session that runs; `url` opens a notebook of it. */
export class LaunchedSession {
  private constructor(
    private readonly _process: ChildProcess,
    private readonly _url: URL
  ) {}

  static async launch(of: ReviewedCrate, language: 'en' | 'ja'): Promise<LaunchedSession> {
    const words = ['-m', 'recrate', 'launch', of.crate, '--no-browser', '--json'];
    const process_ = spawn('python', [...words, '--language', language, '--config', of.settings], {
      env: { ...process.env, ...serverVariables(join(of.folder, language)) },
      stdio: ['ignore', 'pipe', 'inherit']
    });
    return new LaunchedSession(process_, new URL(await addressOf(process_)));
  }

  url(path: string): string {
    const url = new URL(this._url);
    url.pathname = `/lab/tree/${path}`;
    url.searchParams.set('reset', '');
    return url.href;
  }

  /** End it as Ctrl-C does; resolves once everything of it is gone. */
  async end(): Promise<void> {
    const gone = new Promise(done => this._process.once('exit', done));
    this._process.kill('SIGINT');
    await gone;
  }
}

function addressOf(launching: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    const timer = setTimeout(() => failed(new Error('the session did not start')), STARTS_WITHIN);
    let said = '';
    launching.stdout?.on('data', part => {
      said += String(part);
      try {
        found((JSON.parse(said) as { url: string }).url);
        clearTimeout(timer);
      } catch {
        // more is to come
      }
    });
    launching.once('exit', code => failed(new Error(`the launch left with code ${code}`)));
  });
}
