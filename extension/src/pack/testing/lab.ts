import type { ILab, IRunningKernel } from '../lab';

/** JupyterLab as the study's document needs it: what is open, and what was asked of it. */
export class LabDouble implements ILab {
  language: 'en' | 'ja' = 'en';
  /** Open documents with unsaved changes. */
  dirty: string[] = [];
  running: IRunningKernel[] = [];
  readonly saved: string[] = [];
  readonly reloaded: string[] = [];
  readonly went: string[] = [];
  readonly ran: string[] = [];

  unsaved(study: string): string[] {
    return this.dirty.filter(path => path.startsWith(`${study}/`));
  }

  async save(paths: readonly string[]): Promise<void> {
    this.saved.push(...paths);
    this.dirty = this.dirty.filter(path => !paths.includes(path));
  }

  kernels(): IRunningKernel[] {
    return this.running;
  }

  async reload(paths: readonly string[]): Promise<void> {
    this.reloaded.push(...paths.filter(path => !this.dirty.includes(path)));
  }

  async goTo(path: string, cell: number | null, line: number | null): Promise<void> {
    this.went.push([path, cell, line].join(' '));
  }

  async show(path: string): Promise<void> {
    this.ran.push(`show ${path}`);
  }

  async download(path: string): Promise<void> {
    this.ran.push(`download ${path}`);
  }

  run(command: string, args: Record<string, string>): void {
    this.ran.push(`${command} ${JSON.stringify(args)}`);
  }
}
