import type { IThemeManager } from '@jupyterlab/apputils';
import type { ISignal } from '@lumino/signaling';

import type { Api, OutputShown, OutputWanted } from '../api';
import { keyOf } from './model';

export type PageTheme = NonNullable<OutputWanted['theme']>;

/** Which ground the pages of outputs stand on, and when that changes. */
export interface IGround {
  readonly theme: PageTheme;
  readonly changed: ISignal<unknown, unknown> | null;
}

/** The ground of Lab's theme. */
export class LabGround implements IGround {
  constructor(private readonly _themes: IThemeManager | null) {}

  get theme(): PageTheme {
    const name = this._themes?.theme;
    if (!name || this._themes?.isLight(name)) {
      return 'light';
    }
    return /contrast/i.test(name) ? 'contrast' : 'dark';
  }

  get changed(): ISignal<unknown, unknown> | null {
    return this._themes?.themeChanged ?? null;
  }
}

const KEPT = 30;

/** Pages of outputs, kept for a while, so that going up and down does not wait. */
export class Pages {
  constructor(
    private readonly _api: Pick<Api, 'showOutput'>,
    private readonly _id: string
  ) {}

  /** Return the page of an output; a page that could not be had is asked for again next time. */
  get(row: OutputShown, theme: PageTheme, language: 'en' | 'ja'): Promise<string> {
    const key = [keyOf(row), theme, language].join();
    let page = this._kept.get(key);
    if (!page) {
      const { notebook, cell, output } = row;
      page = this._api.showOutput(this._id, { notebook, cell, output, theme, language });
      page.catch(() => this._kept.delete(key));
      this._kept.set(key, page);
      const [oldest] = this._kept.keys();
      if (this._kept.size > KEPT && oldest !== undefined) {
        this._kept.delete(oldest);
      }
    }
    return page;
  }

  /** The run was judged again: what is kept says what was. */
  forget(): void {
    this._kept.clear();
  }

  private readonly _kept = new Map<string, Promise<string>>();
}
