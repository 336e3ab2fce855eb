import {
  ABCWidgetFactory,
  DocumentWidget,
  TextModelFactory,
  type DocumentRegistry,
  type IDocumentWidget
} from '@jupyterlab/docregistry';
import type { Contents } from '@jupyterlab/services';

import { CRATE_FILE_TYPE } from '../names';
import type { IRecrate } from '../tokens';
import type { RoomWidget } from '../ui';

export const CRATE_MODEL = 'recrate-crate-model';
export const CRATE_FACTORY = 'Crate';

/**
 * The model of a crate's file: its name and date and nothing of its bytes. Without a format Lab asks
 * for no content, so that opening a crate of any size costs what its metadata cost.
 */
export class CrateModelFactory extends TextModelFactory {
  override get name(): string {
    return CRATE_MODEL;
  }

  override get contentType(): Contents.ContentType {
    return 'file';
  }

  override get fileFormat(): Contents.FileFormat {
    return null;
  }
}

/** Opens `.crate.zip` files: what is shown is asked of the server, by `newRoom`. */
export class CrateFactory extends ABCWidgetFactory<IDocumentWidget<RoomWidget>> {
  constructor(
    options: DocumentRegistry.IWidgetFactoryOptions<IDocumentWidget<RoomWidget>>,
    private readonly _newRoom: (path: string) => RoomWidget
  ) {
    super(options);
  }

  protected createNewWidget(context: DocumentRegistry.Context): IDocumentWidget<RoomWidget> {
    const content = this._newRoom(context.localPath);
    return new DocumentWidget({ content, context });
  }
}

/** Register the type, so that the file browser knows crates by their icon. */
export function crateFileType(displayName: string, icon: DocumentRegistry.IFileType['icon']) {
  return {
    name: CRATE_FILE_TYPE,
    displayName,
    extensions: ['.crate.zip'],
    mimeTypes: ['application/zip'],
    contentType: 'file' as const,
    fileFormat: null,
    icon
  };
}

/** What a crate's document is asked to do by others. */
export interface ICrateDoors {
  readonly recrate: IRecrate;
  /** Open the view that replays a crate. */
  replay(path: string): void;
}
