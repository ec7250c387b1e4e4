import { watch } from 'chokidar';

/** What a watcher tells. */
export interface FileEvents {
  /** The file was written, replaced, removed, or came into being. */
  touched(): void;
  /** The file can no longer be watched as it should. */
  failed(error: unknown): void;
}

export interface FileWatch {
  close(): Promise<void>;
}

/** Resolves once every later change of the file will be told. */
export type WatchFile = (file: string, events: FileEvents) => Promise<FileWatch>;

/** Watches a file that may be replaced by another of its name, as many editors do on saving. */
export const watchFile: WatchFile = async (file, events) => {
  const watcher = watch(file, { ignoreInitial: true });
  watcher.on('all', () => events.touched());
  watcher.on('error', (error) => events.failed(error));
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  return { close: () => watcher.close() };
};
