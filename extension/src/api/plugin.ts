import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStateDB } from '@jupyterlab/statedb';

import { CommandIDs } from '../names';
import { Memory } from '../state';
import { IDepositors, IRecrate, type IDepositor } from '../tokens';
import { Api } from './client';
import { Jobs } from './jobs';
import { Register } from './register';

/** Provides the doors of recrate to its own rooms and to other extensions. */
export const doors: JupyterFrontEndPlugin<IRecrate> = {
  id: 'recrate:doors',
  description: 'Asks the recrate server and follows its jobs.',
  autoStart: true,
  provides: IRecrate,
  optional: [IStateDB],
  activate: (app: JupyterFrontEnd, state: IStateDB | null): IRecrate => {
    const api = new Api(app.serviceManager.serverSettings);
    const jobs = new Jobs(api);
    const run = async (command: string, args: Record<string, string>): Promise<void> => {
      await app.commands.execute(command, args);
    };
    void app.restored.then(() => jobs.watch());
    return {
      api,
      jobs,
      memory: new Memory(state),
      openStudy: path => run(CommandIDs.package, { path }),
      openCrate: path => run(CommandIDs.openCrate, { path }),
      openRun: id => run(CommandIDs.openReport, { id }),
      openReview: id => run(CommandIDs.openReview, { id }),
      publishVerdict: id => run(CommandIDs.publishVerdict, { id })
    };
  }
};

/** Provides the place where other extensions register their depositors. */
export const depositors: JupyterFrontEndPlugin<IDepositors> = {
  id: 'recrate:depositors',
  description: 'Takes depositors from other extensions.',
  autoStart: true,
  provides: IDepositors,
  activate: () => new Register<IDepositor>(depositor => depositor.name)
};
