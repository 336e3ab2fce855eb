import type { Notebook } from '@jupyterlab/notebook';

const TURNS = 20;
const TURN_MILLISECONDS = 150;

/** Make a cell the active one and scroll to it; a notebook that has just opened is laid out bit by bit. */
export async function bring(notebook: Notebook, cell: number): Promise<void> {
  notebook.activeCellIndex = cell;
  notebook.deselectAll();
  for (let turn = 0; turn < TURNS && !notebook.isDisposed; turn += 1) {
    await notebook.scrollToItem(cell, 'center').catch(() => undefined);
    await new Promise(resolve => setTimeout(resolve, TURN_MILLISECONDS));
    if (isSeen(notebook.widgets[cell]?.node, notebook.node) && turn > 0) {
      return;
    }
  }
}

function isSeen(cell: HTMLElement | undefined, around: HTMLElement): boolean {
  const inner = cell?.getBoundingClientRect();
  const outer = around.getBoundingClientRect();
  return !!inner && inner.height > 0 && inner.top < outer.bottom && inner.bottom > outer.top;
}
