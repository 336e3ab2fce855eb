import { ReactWidget } from '@jupyterlab/ui-components';
import React, { createContext, useContext } from 'react';

import { Problem } from '../api';
import type { IRecrate } from '../tokens';
import { WordsContext, type Words } from '../words';
import { ProblemBox } from './problem';

const RecrateContext = createContext<IRecrate | null>(null);

/** Return the doors of recrate inside a component; `RoomWidget` provides them. */
export function useRecrate(): IRecrate {
  const recrate = useContext(RecrateContext);
  if (!recrate) {
    throw new Error('not inside a Room');
  }
  return recrate;
}

/** What every React tree of ours stands in: words, doors, and a net for what breaks. */
export function Room(props: {
  recrate: IRecrate;
  trans: Words;
  children: React.ReactNode;
}): React.ReactElement {
  return (
    <WordsContext.Provider value={props.trans}>
      <RecrateContext.Provider value={props.recrate}>
        <Net>{props.children}</Net>
      </RecrateContext.Provider>
    </WordsContext.Provider>
  );
}

/** A Lumino widget with a React tree of ours: give `draw`, or override it. */
export class RoomWidget extends ReactWidget {
  constructor(
    protected readonly recrate: IRecrate,
    protected readonly trans: Words,
    private readonly _draw?: () => React.ReactElement
  ) {
    super();
    this.addClass('jp-recrate-Room');
  }

  protected draw(): React.ReactElement {
    return this._draw?.() ?? <></>;
  }

  protected override render(): React.ReactElement {
    return (
      <Room recrate={this.recrate} trans={this.trans}>
        {this.draw()}
      </Room>
    );
  }
}

/** Shows what broke in its place, instead of an empty page. */
class Net extends React.Component<{ children: React.ReactNode }, { problem: Problem | null }> {
  override state: { problem: Problem | null } = { problem: null };

  static getDerivedStateFromError(error: unknown): { problem: Problem } {
    return { problem: Problem.from(error) };
  }

  override render(): React.ReactNode {
    return this.state.problem ? (
      <ProblemBox problem={this.state.problem} onRetry={() => this.setState({ problem: null })} />
    ) : (
      this.props.children
    );
  }
}
