import type { ReadonlyPartialJSONValue as Value } from '@lumino/coreutils';
import { ISignal, Signal } from '@lumino/signaling';

import type { PackResult, ReplayResult, ScanResult } from '../api';
import { Keeper, type IStashed } from '../describe/keeping';
import { faults } from '../describe/model';
import { isOfDescription } from './findings';
import { PublishSession } from '../publish/session';
import type { IRecrate } from '../tokens';
import type { ILab } from './lab';
import {
  FRESH,
  reduce,
  restored,
  type Action,
  type IFacts,
  type IPackState,
  type Step,
  type WorkName
} from './model';
import { contentsPath } from './places';
import { Work } from './work';

const SCAN_AGAIN_AFTER = 1500;

/** A fix by its place in the scan that is shown. */
export interface IFixWanted {
  finding: number;
  fix: number;
  choice: string | null;
  /** What it does, for the list of what was done. */
  title: string;
}

/**
 * One study on its way to a crate: what was chosen, the jobs, the description. It outlives the
 * steps that show it, and is remembered over a reload.
 */
export class StudySession {
  constructor(
    readonly path: string,
    readonly recrate: IRecrate,
    readonly lab: ILab,
    private readonly _scanAgainAfter = SCAN_AGAIN_AFTER
  ) {
    this.scan = new Work<ScanResult>(recrate.jobs);
    this.verify = new Work<ReplayResult>(recrate.jobs);
    this.pack = new Work<PackResult>(recrate.jobs);
    this.publishing = new PublishSession(recrate, `publish:${path}`);
    this.keeper = new Keeper({
      read: () => recrate.api.readDescription(path),
      keep: description => recrate.api.keepDescription(path, description),
      stashed: async () => (await this._recall(this._drawer)) as IStashed | null,
      stash: async stashed => recrate.memory.keep(this._drawer, stashed as Value)
    });
    for (const [name, work] of this._works()) {
      work.changed.connect(() => this._workChanged(name));
    }
    this.keeper.changed.connect(() => this._keeperChanged());
    this.publishing.work.changed.connect(() => this._changed.emit());
  }

  readonly scan: Work<ScanResult>;
  readonly verify: Work<ReplayResult>;
  readonly pack: Work<PackResult>;
  readonly keeper: Keeper;
  readonly publishing: PublishSession;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get state(): IPackState {
    return this._state;
  }

  /** Whether what was remembered has been taken up. */
  get isReady(): boolean {
    return this._isReady;
  }

  /** Open documents with unsaved changes that the person has yet to decide on. */
  get unsaved(): readonly string[] {
    return this._unsaved;
  }

  /** Name of the study: its last folder. */
  get name(): string {
    return this.path.split('/').pop() || '/';
  }

  get facts(): IFacts {
    const { draft } = this.keeper;
    const serious = this.keeper.complaints.filter(one => one.severity !== 'note');
    const missing = serious.length + (draft ? faults(draft).length : 0);
    return {
      scan: this.scan,
      verify: this.verify,
      pack: this.pack,
      publish: this.publishing.work,
      stale: this._state.stale,
      looked: this._state.looked,
      waived: this._state.waived,
      complaints: draft ? missing : null
    };
  }

  /** Take up what was remembered, then scan unless that was done already. */
  async open(kernel: string | null): Promise<void> {
    this._state = restored(await this._recall(this._place));
    void this.keeper.open();
    const publishing = this.publishing.open();
    const known = await Promise.all(
      this._works().map(([name, work]) => work.takeUp(this._state[name]))
    );
    await publishing;
    this._isReady = true;
    if (kernel) {
      this.do({ type: 'kernel', kernel });
    }
    this._changed.emit();
    if (!known[0]) {
      await this.rescan(kernel ? {} : { guess: true });
    }
  }

  /** Go to a step. What the scan said of the description is looked at again on leaving that. */
  async go(step: Step): Promise<void> {
    const isLeaving = this._state.step === 'describe' && step !== 'describe';
    this.do({ type: 'go', step });
    if (isLeaving && (await this.keeper.flush()) && this._state.stale.includes('scan')) {
      await this.rescan({ anyway: true });
    }
  }

  /** Change the state, and remember it. */
  do(action: Action): void {
    const next = reduce(this._state, action);
    if (next !== this._state) {
      this._state = next;
      this.recrate.memory.keep(this._place, next as unknown as Value);
      this._changed.emit();
    }
  }

  /**
   * Scan, after asking about unsaved documents.
   *
   * anyway: go on without what is not saved
   * guess:  lock from the kernel that runs this study's notebooks, where there is just one
   */
  async rescan({ anyway = false, guess = false } = {}): Promise<void> {
    clearTimeout(this._scanning);
    this._unsaved = anyway ? [] : this.lab.unsaved(this.path);
    if (guess) {
      const kernels = this.lab.kernels(this.path);
      this.do({ type: 'kernel', kernel: kernels.length === 1 ? kernels[0]!.name : null });
    }
    this._changed.emit();
    if (!this._unsaved.length) {
      this.do({ type: 'begun', work: 'scan' });
      await this.scan.begin({ kind: 'scan', path: this.path, kernel: this._state.kernel });
    }
  }

  /** Save what is open and not saved, then scan. */
  async saveAndScan(): Promise<void> {
    await this.lab.save(this._unsaved);
    await this.rescan({ anyway: true });
  }

  /** Apply a fix of the scan that is shown; rejects when the server refuses. */
  async mend(wanted: IFixWanted): Promise<void> {
    const { shown } = this.scan.ids;
    if (!shown) {
      return;
    }
    const { finding, fix, choice, title } = wanted;
    const { changed, undo } = await this.recrate.api.applyFix({ job: shown, finding, fix, choice });
    await this._mended(changed);
    this.do({ type: 'mended', mended: { undo: undo ?? '', title, changed } });
  }

  /** Take back a fix; rejects when the files have changed since. */
  async undo(undo: string): Promise<void> {
    const { changed } = await this.recrate.api.undoFix(undo);
    await this._mended(changed);
    this.do({ type: 'undone', undo });
  }

  /** Whether a file of the study was changed here since the scan that is shown. */
  isTouched(path: string): boolean {
    return this._touched.has(contentsPath(this.path, path));
  }

  async startVerify(): Promise<void> {
    const { options, kernel, waived } = this._state;
    await this.keeper.flush();
    this.do({ type: 'begun', work: 'verify' });
    await this.verify.begin({
      kind: 'verify',
      path: this.path,
      kernel,
      waived: [...waived],
      repeats: options.repeats,
      runner: options.runner,
      environment: options.environment,
      notebook_timeout_seconds: options.notebookTimeoutSeconds,
      cell_timeout_seconds: options.cellTimeoutSeconds,
      language: this.lab.language
    });
  }

  async startPack(): Promise<void> {
    const { destination, kernel, waived } = this._state;
    await this.keeper.flush();
    this.do({ type: 'begun', work: 'pack' });
    await this.pack.begin({
      kind: 'pack',
      path: this.path,
      destination,
      kernel,
      waived: [...waived],
      verified_by: this.verify.ids.shown
    });
  }

  dispose(): void {
    clearTimeout(this._scanning);
    void this.keeper.flush().finally(() => this.keeper.dispose());
    this._works().forEach(([, work]) => work.dispose());
    this.publishing.dispose();
    Signal.clearData(this);
  }

  private async _mended(changed: readonly string[]): Promise<void> {
    changed.forEach(path => this._touched.add(path));
    await this.lab.reload(changed).catch(() => undefined);
    void this.keeper.refresh();
    this._rescanSoon();
  }

  /** Scan once nobody has changed anything for a moment. */
  private _rescanSoon(): void {
    clearTimeout(this._scanning);
    this._scanning = setTimeout(() => void this.rescan({ anyway: true }), this._scanAgainAfter);
  }

  private _works(): [WorkName, Work<ScanResult> | Work<ReplayResult> | Work<PackResult>][] {
    return [
      ['scan', this.scan],
      ['verify', this.verify],
      ['pack', this.pack]
    ];
  }

  private _workChanged(name: WorkName): void {
    const { ids } = this[name];
    const known = this._state[name];
    if (this._isReady && (ids.id !== known.id || ids.shown !== known.shown)) {
      this.do({ type: 'work', work: name, ids });
      if (name === 'scan' && ids.shown !== known.shown) {
        this._touched.clear();
      }
    }
    this._changed.emit();
  }

  private _keeperChanged(): void {
    if (this.keeper.state === 'kept' && this._wasKeeping) {
      const isOfScan = this.scan.result?.findings.some(isOfDescription) ?? false;
      this.do({ type: 'described', isOfScan });
    }
    this._wasKeeping = this.keeper.state === 'keeping';
    this._changed.emit();
  }

  private get _place(): string {
    return `study:${this.path}`;
  }

  private get _drawer(): string {
    return `description:${this.path}`;
  }

  private async _recall(key: string): Promise<unknown> {
    return (await this.recrate.memory.read(key).catch(() => null)) ?? null;
  }

  private _state = FRESH;
  private _isReady = false;
  private _wasKeeping = false;
  private _unsaved: readonly string[] = [];
  private readonly _touched = new Set<string>();
  private _scanning: ReturnType<typeof setTimeout> | undefined;
  private readonly _changed = new Signal<this, void>(this);
}
