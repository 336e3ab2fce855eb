import { Problem, type CellJudged, type FreshCell } from '../api';
import { Memory } from '../state';
import { NotebookMarks, type CellNow, type ICells } from './marks';
import { AskingQueue } from './queue';
import { tallyOf, verdictOf } from './tally';

type Output = CellNow['outputs'][number];

function printed(text: string): Output {
  return { output_type: 'stream', name: 'stdout', text } as unknown as Output;
}

/** Cells in a row, as an open notebook has them. */
class CellsDouble implements ICells {
  all: CellNow[] = ['a', 'b', 'c'].map((id, index) => ({
    id,
    index,
    source: `print("${id}")`,
    execution_count: null,
    outputs: [printed(id)]
  }));

  ids(): string[] {
    return this.all.map(cell => cell.id);
  }

  cell(id: string): CellNow | null {
    return this.all.find(cell => cell.id === id) ?? null;
  }

  around(): NonNullable<FreshCell['around']> {
    return this.all.map(({ index, id, source }) => ({ index, id, source }));
  }

  show(id: string, ...texts: string[]): void {
    this.all = this.all.map(cell =>
      cell.id === id ? { ...cell, outputs: texts.map(printed) } : cell
    );
  }
}

/** A server that recorded one output in each cell: the cell's id. */
class JudgeDouble {
  asked: FreshCell[] = [];
  pages = 0;
  problem: Problem | null = null;
  atOnce = 0;
  most = 0;

  async readRecorded(notebook: string) {
    const cells = ['a', 'b', 'c'].map((id, index) => ({
      index,
      id,
      source_sha256: '',
      outputs: 1
    }));
    return { notebook, known: true, cells };
  }

  async judgeCell(fresh: FreshCell): Promise<CellJudged> {
    this.asked.push(fresh);
    this.atOnce += 1;
    this.most = Math.max(this.most, this.atOnce);
    await new Promise(resolve => setTimeout(resolve, 5));
    this.atOnce -= 1;
    if (this.problem) {
      throw this.problem;
    }
    const [output] = fresh.cell.outputs as unknown as { text: string }[];
    const verdict = output?.text === fresh.cell.id ? 'identical' : 'different';
    return {
      known: true,
      index: fresh.cell.index,
      changed: false,
      verdict,
      recorded_outputs: 1,
      outputs: [{ index: 0, mime: 'text/plain', verdict, reason: 'text differs' }],
      sentence: ''
    };
  }

  async showBeside(): Promise<string> {
    this.pages += 1;
    return `<p>${this.pages}</p>`;
  }
}

describe('NotebookMarks', () => {
  let judge: JudgeDouble;
  let cells: CellsDouble;
  let queue: AskingQueue;
  let memory: Memory;
  let marks: NotebookMarks;

  beforeEach(async () => {
    judge = new JudgeDouble();
    cells = new CellsDouble();
    queue = new AskingQueue(1);
    memory = new Memory(null);
    marks = new NotebookMarks('a.ipynb', judge, queue, memory, 'key');
    await marks.opened(cells);
  });

  async function run(id: string, ...texts: string[]): Promise<void> {
    marks.began(id);
    cells.show(id, ...texts);
    marks.ended(id);
    await queue.idle;
  }

  it('does not say that recorded outputs are the person’s own before the cell has run', () => {
    expect(marks.get('a')).toMatchObject({ state: 'recorded', judged: null, recorded: 1 });
    expect(verdictOf(tallyOf(marks))).toBeNull();
    expect(judge.asked).toEqual([]);
  });

  it('asks one question at a time, the cells of a run all of them', async () => {
    cells.ids().forEach(id => marks.began(id));
    cells.ids().forEach(id => marks.ended(id));
    await queue.idle;
    expect(judge.asked.map(({ cell }) => cell.id)).toEqual(['a', 'b', 'c']);
    expect(judge.most).toBe(1);
    expect(tallyOf(marks).coverage).toMatchObject({ outputs: 3, compared: 3, identical: 3 });
  });

  it('keeps the last answer while the cell runs again, and takes no late one', async () => {
    await run('a', 'a');
    marks.ended('a');
    await new Promise(resolve => setTimeout(resolve, 3));
    marks.began('a');
    await queue.idle;
    expect(marks.get('a')).toMatchObject({ state: 'running', judged: { verdict: 'identical' } });
  });

  it('sends the code that ran, also when it was typed over meanwhile', async () => {
    marks.began('a');
    cells.all = cells.all.map(cell => ({ ...cell, source: 'typed' }));
    marks.ended('a');
    await queue.idle;
    expect(judge.asked[0]?.cell.source).toBe('print("a")');
  });

  it('does not count a cell that was edited since it ran, until the edit is undone', async () => {
    await run('a', 'a');
    marks.typed('a', 'print("other")');
    expect(tallyOf(marks)).toMatchObject({ changed: 1, coverage: { compared: 0 } });
    marks.typed('a', 'print("a")');
    expect(tallyOf(marks)).toMatchObject({ changed: 0, coverage: { compared: 1 } });
    expect(judge.asked).toHaveLength(1);
  });

  it('forgets what was judged when the outputs are cleared or the run is given up', async () => {
    await run('a', 'a');
    marks.cleared('a');
    expect(marks.get('a')).toMatchObject({ state: 'recorded', judged: null });
    marks.began('b');
    marks.kernelGone();
    expect(marks.get('b').state).toBe('recorded');
  });

  it('says why a cell could not be compared, and asks again when told to', async () => {
    judge.problem = new Problem({ message: 'gone', reason: 'gone' });
    await run('a', 'a');
    expect(marks.get('a')).toMatchObject({ state: 'problem', problem: { reason: 'gone' } });
    judge.problem = null;
    marks.again('a');
    await queue.idle;
    expect(marks.get('a').state).toBe('judged');
  });

  it('sends the neighbours only of a cell that the published notebook may not know', async () => {
    await run('a', 'a');
    cells.all = [...cells.all, { ...cells.all[0]!, id: 'new', index: 3 }];
    await run('new', 'x');
    expect(judge.asked.map(({ around }) => around?.length)).toEqual([undefined, 4]);
  });

  it('tells chance from change by two whole runs, and only by whole ones', async () => {
    await run('a', '0.1');
    await run('a', '0.2');
    expect(verdictOf(tallyOf(marks))).toBe('different');
    for (const text of ['0.3', '0.4']) {
      marks.beginWhole();
      await run('a', text);
      await run('b', 'always other');
      marks.endWhole();
    }
    expect([marks.get('a').varies, marks.get('b').varies]).toEqual([[0], []]);
    expect(tallyOf(marks).coverage).toMatchObject({ unstable: 1, different: 1 });
    expect(judge.asked.map(({ whole }) => whole)).toEqual([false, false, true, true, true, true]);
  });

  it('still knows on a page that is loaded again what was judged, if the cell shows the same', async () => {
    await run('a', 'a');
    await run('b', 'x');
    await new Promise(resolve => setTimeout(resolve, 900));
    cells.show('b', 'as it was published');
    const later = new NotebookMarks('a.ipynb', judge, queue, memory, 'key');
    await later.opened(cells);
    expect(later.get('a')).toMatchObject({ state: 'judged', judged: { verdict: 'identical' } });
    expect(later.get('b')).toMatchObject({ state: 'recorded', judged: null });
  });

  it('fetches expected beside yours once for each run of the cell', async () => {
    const query = { theme: 'light', language: 'en' } as const;
    await run('a', 'a');
    expect(await marks.beside('a', query)).toBe(await marks.beside('a', query));
    await run('a', 'other');
    expect(await marks.beside('a', query)).toBe('<p>2</p>');
    expect(judge.pages).toBe(2);
  });
});
