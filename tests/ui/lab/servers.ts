/** Servers of a test's own, which may be killed; and the command line, for crates that are only read. */
import { execFileSync, spawn, type ChildProcess } from 'child_process';
import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'fs';
import { createServer } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';

import { expect } from '@playwright/test';

import { CACHE, serverVariables } from './places';
import { write } from './studies';

/** A JupyterLab that can be killed and started again at the same address. */
export class OwnServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'recrate-lab-own-'));

  private constructor(
    readonly port: number,
    private readonly _options: readonly string[]
  ) {}

  /** `diskBytes`: the size of a disk of its own for people's files; needs the right to mount one. */
  static async start(options: readonly string[], diskBytes = 0): Promise<OwnServer> {
    const server = new OwnServer(await freePort(), options);
    mkdirSync(server.root, { recursive: true });
    if (diskBytes) {
      server._isMounted = mounts(server.root, diskBytes);
    }
    await server.begin();
    return server;
  }

  /** Whether people's files lie on a disk of their own. */
  get isMounted(): boolean {
    return this._isMounted;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get root(): string {
    return join(this.folder, 'root');
  }

  async begin(): Promise<void> {
    const log = openSync(join(this.folder, 'server.log'), 'a');
    const words = ['lab', '--config', 'jupyter_server_test_config.py'];
    this._process = spawn(
      'jupyter',
      [...words, `--ServerApp.port=${this.port}`, ...this._options],
      {
        cwd: __dirname,
        env: { ...process.env, ...serverVariables(this.folder) },
        stdio: ['ignore', log, log]
      }
    );
    await expect
      .poll(() => answers(`${this.url}/api`), { timeout: 120_000, intervals: [250] })
      .toBe(true);
  }

  /** Kill the server without a word; its workers go on. */
  async kill(): Promise<void> {
    const gone = new Promise(done => this._process?.once('exit', done));
    this._process?.kill('SIGKILL');
    await gone;
  }

  /** Kill the processes that work for this server's jobs. */
  killWorkers(): number {
    const found = readdirSync('/proc').filter(name => /^\d+$/.test(name) && this._works(name));
    found.forEach(id => process.kill(Number(id), 'SIGKILL'));
    return found.length;
  }

  /** End it and whatever works for it, and remove what it wrote. */
  async end(): Promise<void> {
    await this.kill();
    this.killWorkers();
    if (this._isMounted) {
      execFileSync('umount', ['-l', this.root]);
    }
    if (!process.env.RECRATE_SUITE_KEEP) {
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  private _works(id: string): boolean {
    try {
      const words = readFileSync(`/proc/${id}/cmdline`, 'utf8');
      return words.includes('recrate_server.worker') && words.includes(this.folder);
    } catch {
      return false; // it has ended meanwhile
    }
  }

  private _isMounted = false;
  private _process: ChildProcess | null = null;
}

function mounts(folder: string, bytes: number): boolean {
  try {
    const words = ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder];
    execFileSync('mount', words, { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const one = createServer();
    one.once('error', failed);
    one.listen(0, '127.0.0.1', () => {
      const { port } = one.address() as { port: number };
      one.close(() => found(port));
    });
  });
}

/** Pack a study by the command line, into a crate beside it; returns the crate's path. */
export function packed(study: string): string {
  const crate = `${study}.crate.zip`;
  const settings = mkdtempSync(join(tmpdir(), 'recrate-lab-settings-'));
  write(settings, { 'config.py': `c.Recrate.cache = ${JSON.stringify(CACHE)}\n` });
  const words = ['-m', 'recrate', 'pack', study, '-o', crate, '--no-lock'];
  try {
    execFileSync('python', [...words, '--config', join(settings, 'config.py')], { stdio: 'pipe' });
  } catch (error) {
    if ((error as { status?: number }).status !== 1) {
      throw error; // 1: packed, with findings that are errors
    }
  } finally {
    rmSync(settings, { recursive: true, force: true });
  }
  return crate;
}
