import type { OutputPage, OutputShown, OutputsWanted } from '../../api';

/** Return an output as the contract has it. */
export function anOutput(part: Partial<OutputShown> = {}): OutputShown {
  return {
    notebook: 'a.ipynb',
    cell: 0,
    output: 0,
    mime: 'text/plain',
    verdict: 'identical',
    reason: 'identical',
    source: 'print(1)',
    waiver: null,
    failure: null,
    ...part
  };
}

/** The outputs of a run as the server lists them. */
export class OutputsDouble {
  readonly asked: OutputsWanted[] = [];

  constructor(public outputs: OutputShown[]) {}

  readonly listOutputs = async (_id: string, wanted: OutputsWanted = {}): Promise<OutputPage> => {
    this.asked.push(wanted);
    const { notebook, verdict = [], offset = 0, limit = 50 } = wanted;
    const kept = this.outputs.filter(
      one =>
        (!notebook || one.notebook === notebook) &&
        (verdict.length === 0 || verdict.includes(one.verdict))
    );
    return {
      all: this.outputs.length,
      total: kept.length,
      counts: counted(this.outputs),
      filtered: counted(kept),
      notebooks: [...new Set(this.outputs.map(one => one.notebook))],
      failures: [],
      offset,
      outputs: kept.slice(offset, offset + limit)
    };
  };
}

function counted(outputs: readonly OutputShown[]): Record<string, number> {
  const counts: Record<string, number> = {};
  outputs.forEach(one => (counts[one.verdict] = (counts[one.verdict] ?? 0) + 1));
  return counts;
}
