/** All repositories as doubles on ports of this machine, and a server that knows them and no token. */
import { spawn, type ChildProcess } from 'child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { createInterface, type Interface } from 'readline';

import { ownTest } from './lab';
import { REPOSITORY } from './places';
import { OwnServer } from './servers';

/** The doubles of `tests/doubles/repositories.py`, in a process of their own. */
export class Repositories {
  readonly folder = mkdtempSync(join(tmpdir(), 'recrate-lab-repositories-'));
  tokens: Record<string, string> = {};

  static async open(): Promise<Repositories> {
    const found = new Repositories();
    const told = JSON.parse(await found._said()) as { configuration: string; tokens: object };
    found.tokens = { ...told.tokens } as Record<string, string>;
    await found._putBehindDoor(told.configuration);
    return found;
  }

  private constructor() {
    mkdirSync(join(this.folder, 'site'));
    this._process = spawn('python', ['-m', 'doubles.repositories', this.folder], {
      env: { ...process.env, PYTHONPATH: join(REPOSITORY, 'tests') },
      stdio: ['pipe', 'pipe', 'inherit']
    });
    this._lines = createInterface({ input: this._process.stdout! });
    this._ended = new Promise((_, failed) => {
      this._process.once('exit', code => failed(new Error(`the doubles ended with ${code}`)));
    });
    this._ended.catch(() => undefined); // in the end they do
  }

  /** How many records a repository holds for good, counted in its own store. */
  async made(place: string): Promise<number> {
    const answer = this._said();
    this._process.stdin!.write(`${place}\n`);
    return (JSON.parse(await answer) as { made: number }).made;
  }

  /** Whether uploads to `invenio` are cut off in their middle. */
  cutsUploads = false;

  async close(): Promise<void> {
    const gone = new Promise(done => this._process.once('exit', done));
    this._process.stdin!.end();
    await gone;
    this._sockets.forEach(one => one.destroy());
    this._door?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private _said(): Promise<string> {
    const line = new Promise<string>(heard => this._lines.once('line', heard));
    return Promise.race([line, this._ended]);
  }

  /** Let `invenio` be reached through a door that can be shut on uploads. */
  private async _putBehindDoor(file: string): Promise<void> {
    const text = readFileSync(file, 'utf8');
    const [whole, port] = /'kind': 'inveniordm', 'url': 'http:\/\/127\.0\.0\.1:(\d+)/.exec(text)!;
    this._door = createServer(client => this._carry(client, Number(port)));
    await new Promise<void>(done => this._door!.listen(0, '127.0.0.1', done));
    const { port: own } = this._door.address() as AddressInfo;
    const ledger = /c\.Publish\.ledger.*\n/;
    writeFileSync(file, text.replace(whole, whole.replace(port!, `${own}`)).replace(ledger, ''));
  }

  private _carry(client: Socket, port: number): void {
    const there = connect(port, '127.0.0.1');
    const end = (): void => {
      client.destroy();
      there.destroy();
    };
    for (const one of [client, there]) {
      this._sockets.add(one);
      one.on('error', end).on('close', end);
    }
    client.on('data', bytes => {
      if (this.cutsUploads && /^PUT \S+\/content/.test(bytes.toString('latin1'))) {
        there.write(bytes.subarray(0, bytes.length / 2), end);
      } else {
        there.write(bytes);
      }
    });
    there.on('data', bytes => client.write(bytes));
  }

  private _door: Server | null = null;
  private readonly _sockets = new Set<Socket>();
  private readonly _process: ChildProcess;
  private readonly _lines: Interface;
  private readonly _ended: Promise<never>;
}

/** Return the files below a folder that hold a text. */
export function holding(folder: string, text: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(one => one.isFile())
    .map(one => join(one.parentPath, one.name))
    .filter(path => readFileSync(path).includes(text));
}

/** A test with all repositories, on a server of its own that is configured for them. */
export const publishTest = ownTest.extend<{ repositories: Repositories }>({
  // Before the server, which depends on it.
  repositories: [
    async ({}, use) => {
      const opened = await Repositories.open();
      await use(opened);
      await opened.close();
    },
    { timeout: 120_000 }
  ],
  own: async ({ repositories, serverOptions, diskBytes }, use) => {
    process.env.JUPYTER_CONFIG_PATH = repositories.folder;
    const own = await OwnServer.start(serverOptions, diskBytes);
    delete process.env.JUPYTER_CONFIG_PATH;
    await use(own);
    await own.end();
  }
});
