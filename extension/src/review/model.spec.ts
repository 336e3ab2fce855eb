import { Problem, type OutputShown } from '../api';
import { decisionsFor, EVERYTHING, keyOf, PAGE, ReviewModel } from './model';
import { anOutput, OutputsDouble } from './testing/outputs';

/** Many outputs, of which those at `at` differ. */
function run(count: number, ...at: number[]): OutputShown[] {
  return Array.from({ length: count }, (_, cell) =>
    anOutput({ cell, verdict: at.includes(cell) ? 'different' : 'identical' })
  );
}

async function opened(outputs: OutputShown[], key: string | null = null) {
  const list = new OutputsDouble(outputs);
  const model = new ReviewModel(list, 'id');
  await model.begin(EVERYTHING, key);
  return { list, model };
}

describe('ReviewModel', () => {
  it('begins at the first difference, however far down, and fetches no further', async () => {
    const { list, model } = await opened(run(1000, 250, 900));
    expect(model.selected?.cell).toBe(250);
    expect(list.asked.map(one => one.offset)).toEqual([0, PAGE, 2 * PAGE]);
  });

  it('begins at the top where nothing differs', async () => {
    const { model } = await opened(run(3));
    expect(model.index).toBe(0);
    expect(await model.nextDifference()).toBe(false);
  });

  it('begins though the verdict arrives while it does', async () => {
    const model = new ReviewModel(new OutputsDouble(run(300, 150)), 'id');
    await Promise.all([model.begin(EVERYTHING, null), model.again()]);
    expect(model.index).toBe(150);
  });

  it('begins where the person was before the reload', async () => {
    const outputs = run(300, 5);
    const { model } = await opened(outputs, keyOf(outputs[260]!));
    expect(model.index).toBe(260);
  });

  it('goes through the differences and from the last to the first again', async () => {
    const { model } = await opened(run(400, 3, 350));
    const seen: (number | null)[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      await model.nextDifference();
      seen.push(model.index);
    }
    expect(seen).toEqual([350, 3, 350]);
  });

  it('stays at the ends', async () => {
    const { model } = await opened(run(2));
    await model.step(-1);
    expect(model.index).toBe(0);
    await model.step(1);
    await model.step(1);
    expect(model.index).toBe(1);
  });

  it('keeps what was just accepted in view though the filter lets it no longer through', async () => {
    const { list, model } = await opened(run(5, 1, 3));
    await model.narrow({ verdicts: ['different'] });
    expect([model.total, model.selected?.cell]).toEqual([2, 1]);
    list.outputs = list.outputs.map(one =>
      one.cell === 1
        ? { ...one, verdict: 'waived', waiver: { kind: 'accept', reason: 'looked' } }
        : one
    );
    await model.again();
    expect(model.selected).toMatchObject({ cell: 1, verdict: 'waived' });
    expect(model.index).toBeNull();
    expect(model.left).toBe(1);
    await model.step(1);
    expect(model.selected?.cell).toBe(3);
  });

  it('keeps its place when the filter opens again', async () => {
    const { model } = await opened(run(200, 150));
    await model.narrow({ verdicts: ['different'] });
    expect(model.index).toBe(0);
    await model.narrow({ verdicts: [] });
    expect(model.index).toBe(150);
  });

  it('says what went wrong, and goes on once the server answers', async () => {
    const list = new OutputsDouble(run(2, 1));
    let isGone = true;
    const model = new ReviewModel(
      {
        listOutputs: async (id, wanted) => {
          if (isGone) {
            throw new Problem({ message: 'gone', reason: 'gone' });
          }
          return list.listOutputs(id, wanted);
        }
      },
      'id'
    );
    await model.begin(EVERYTHING, null);
    expect(model.problem?.reason).toBe('gone');
    isGone = false;
    await model.again();
    expect(model.problem).toBeNull();
    expect(model.total).toBe(2);
  });
});

it('an added output and a recorded one at the same place are two outputs', () => {
  expect(keyOf(anOutput())).not.toBe(keyOf(anOutput({ verdict: 'added' })));
});

it.each([
  ['different', ['accept', 'waive']],
  ['missing', ['accept', 'waive']],
  ['unstable', ['accept', 'waive']],
  ['identical', ['waive']],
  ['added', []],
  ['skipped', []],
  ['waived', []]
] as const)('an output that is %s can be taken on by %j', (verdict, kinds) => {
  expect(decisionsFor(verdict)).toEqual(kinds);
});
