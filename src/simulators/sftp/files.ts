import { posix } from 'node:path';
import ssh2, { type Attributes, type SFTPWrapper } from 'ssh2';
import type { SftpFile } from './call-records.ts';

const { STATUS_CODE } = ssh2.utils.sftp;

const FOLDER_MODE = 0o040_555;
const FILE_MODE = 0o100_444;
const OWNER = { uid: 1000, gid: 1000 };

/** No client of one folder needs more at once. */
const MOST_HANDLES = 64;
/** As long as an answer of SFTP 3 may be without surprising anybody. */
const MOST_BYTES = 32_768;

type Handle =
  | { readonly kind: 'folder'; isTold: boolean }
  | { readonly kind: 'file'; readonly name: string; readonly file: SftpFile };

const attributesOf = (file: SftpFile | null): Attributes => ({
  ...OWNER,
  mode: file ? FILE_MODE : FOLDER_MODE,
  size: file?.content.length ?? 4096,
  atime: file?.mtime ?? 0,
  mtime: file?.mtime ?? 0,
});

/**
 * One folder of files that can be looked at and read, and nothing else: what has no listener is answered "not supported".
 *
 * @param folder its absolute path
 */
export function serveFolder(sftp: SFTPWrapper, folder: string, files: ReadonlyMap<string, SftpFile>): void {
  const handles = new Map<number, Handle>();
  let last = 0;

  const pathOf = (path: string): string => posix.resolve('/', path);
  const isFolder = (path: string): boolean => pathOf(path) === folder;

  function fileAt(path: string): SftpFile | undefined {
    const { dir, base } = posix.parse(pathOf(path));
    return dir === folder ? files.get(base) : undefined;
  }

  function open(request: number, handle: Handle): void {
    if (handles.size >= MOST_HANDLES) {
      sftp.status(request, STATUS_CODE.FAILURE);
      return;
    }
    last += 1;
    handles.set(last, handle);
    const name = Buffer.alloc(4);
    name.writeUInt32BE(last);
    sftp.handle(request, name);
  }

  const handleOf = (name: Buffer): Handle | undefined =>
    name.length === 4 ? handles.get(name.readUInt32BE()) : undefined;

  function look(request: number, path: string): void {
    const file = fileAt(path);
    if (file || isFolder(path) || pathOf(path) === '/') sftp.attrs(request, attributesOf(file ?? null));
    else sftp.status(request, STATUS_CODE.NO_SUCH_FILE);
  }

  sftp.on('REALPATH', (request, path) => {
    const name = { filename: pathOf(path), longname: pathOf(path), attrs: attributesOf(null) };
    sftp.name(request, [name]);
  });
  sftp.on('STAT', look);
  sftp.on('LSTAT', look);
  sftp.on('OPENDIR', (request, path) => {
    if (isFolder(path)) open(request, { kind: 'folder', isTold: false });
    else sftp.status(request, STATUS_CODE.NO_SUCH_FILE);
  });
  sftp.on('READDIR', (request, name) => {
    const handle = handleOf(name);
    if (handle?.kind !== 'folder') return void sftp.status(request, STATUS_CODE.FAILURE);
    if (handle.isTold) return void sftp.status(request, STATUS_CODE.EOF);
    handle.isTold = true;
    const entries = [...files].map(([filename, file]) => ({
      filename,
      longname: `-r--r--r-- 1 1000 1000 ${file.content.length} ${filename}`,
      attrs: attributesOf(file),
    }));
    sftp.name(request, entries);
  });
  sftp.on('OPEN', (request, path, flags) => {
    const { READ } = ssh2.utils.sftp.OPEN_MODE;
    if (flags !== READ) return void sftp.status(request, STATUS_CODE.PERMISSION_DENIED);
    const file = fileAt(path);
    if (!file) return void sftp.status(request, STATUS_CODE.NO_SUCH_FILE);
    open(request, { kind: 'file', name: posix.basename(path), file });
  });
  sftp.on('FSTAT', (request, name) => {
    const handle = handleOf(name);
    if (!handle) return void sftp.status(request, STATUS_CODE.FAILURE);
    sftp.attrs(request, attributesOf(handle.kind === 'file' ? handle.file : null));
  });
  sftp.on('READ', (request, name, offset, length) => {
    const handle = handleOf(name);
    if (handle?.kind !== 'file') return void sftp.status(request, STATUS_CODE.FAILURE);
    const { content } = handle.file;
    if (offset >= content.length) return void sftp.status(request, STATUS_CODE.EOF);
    sftp.data(request, content.subarray(offset, offset + Math.min(length, MOST_BYTES)));
  });
  sftp.on('CLOSE', (request, name) => {
    if (name.length === 4) handles.delete(name.readUInt32BE());
    sftp.status(request, STATUS_CODE.OK);
  });
}
