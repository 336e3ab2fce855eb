import { act, type ReactElement } from 'react';
import { createRoot, type Root } from 'react-dom/client';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

/** A piece of page in which a component stands. */
export class Screen {
  readonly box = document.body.appendChild(document.createElement('div'));
  private readonly _root: Root = createRoot(this.box);

  show(element: ReactElement): void {
    act(() => this._root.render(element));
  }

  get focused(): Element | null {
    return document.activeElement;
  }

  find<Kind extends HTMLElement = HTMLElement>(selector: string): Kind {
    const found = this.box.querySelector<Kind>(selector);
    if (!found) {
      throw new Error(`nothing fits ${selector} in ${this.box.innerHTML}`);
    }
    return found;
  }

  all(selector: string): HTMLElement[] {
    return [...this.box.querySelectorAll<HTMLElement>(selector)];
  }

  press(key: string, on: Element | null = document.activeElement): void {
    act(() => {
      on?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    });
  }

  click(selector: string): void {
    act(() => this.find(selector).click());
  }

  focus(selector: string): void {
    act(() => this.find(selector).focus());
  }

  /** Type into a field that React controls. */
  type(selector: string, text: string): void {
    const field = this.find<HTMLInputElement>(selector);
    const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
    act(() => {
      setter?.call(field, text);
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
  }

  scroll(selector: string, top: number): void {
    const box = this.find(selector);
    act(() => {
      box.scrollTop = top;
      box.dispatchEvent(new Event('scroll', { bubbles: true }));
    });
  }

  /** Let time go by. */
  async wait(milliseconds = 0): Promise<void> {
    await act(async () => {
      await new Promise(resolve => setTimeout(resolve, milliseconds));
    });
  }

  close(): void {
    act(() => this._root.unmount());
    this.box.remove();
  }
}
