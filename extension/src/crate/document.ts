import {
  ABCWidgetFactory,
  DocumentWidget,
  TextModelFactory,
  type DocumentRegistry,
  type IDocumentWidget
} from '@jupyterlab/docregistry';
import type { Contents, IContentProvider } from '@jupyterlab/services';

import { CRATE_FILE_TYPE } from '../names';
import type { RoomWidget } from '../ui';

export const CRATE_MODEL = 'recrate-crate-model';
export const CRATE_FACTORY = 'Crate';
export const CRATE_PROVIDER = 'recrate-crate';

/**
 * What Lab is told of a crate's file: name and dates, no byte of it, and that it is not edited here.
 * For a file that can be saved Lab would have the server copy all of it as a checkpoint.
 */
export class CrateProvider implements IContentProvider {
  constructor(private readonly _drive: Contents.IDrive) {}

  async get(path: string, options: Contents.IFetchOptions = {}): Promise<Contents.IModel> {
    const { contentProviderId: _ours, format: _format, ...rest } = options;
    const model = await this._drive.get(path, { ...rest, content: false });
    return { ...model, content: null, format: null, writable: false };
  }

  save(path: string): Promise<Contents.IModel> {
    return Promise.reject(new Error(`${path} is not written by Lab`));
  }
}

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
    const widget = new DocumentWidget({ content, context });
    // It would hold nothing but "read-only".
    widget.toolbar.hide();
    return widget;
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
