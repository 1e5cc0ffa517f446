import { posix } from 'node:path';
import ssh2, { type Attributes, type SFTPWrapper } from 'ssh2';
import type { SftpFile } from './call-records.ts';

const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;
const READ_ONLY: number = OPEN_MODE.READ;

const FOLDER_MODE = 0o040_555;
const FILE_MODE = 0o100_444;
const OWNER = { uid: 1000, gid: 1000 };

/** No client of one folder needs more at once. */
const MOST_HANDLES = 64;
/** As long as an answer of SFTP 3 may be without surprising anybody. */
const MOST_BYTES = 32_768;

class Refused extends Error {
  readonly code: number;
  constructor(code: number) {
    super();
    this.code = code;
  }
}

type Handle = { readonly kind: 'folder'; isTold: boolean } | { readonly kind: 'file'; readonly file: SftpFile };

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
    if (handles.size >= MOST_HANDLES) throw new Refused(STATUS_CODE.FAILURE);
    last += 1;
    handles.set(last, handle);
    const name = Buffer.alloc(4);
    name.writeUInt32BE(last);
    sftp.handle(request, name);
  }

  function handleOf<K extends Handle['kind']>(name: Buffer, kind: K): Extract<Handle, { kind: K }> {
    const handle = name.length === 4 ? handles.get(name.readUInt32BE()) : undefined;
    if (handle?.kind !== kind) throw new Refused(STATUS_CODE.FAILURE);
    return handle as Extract<Handle, { kind: K }>;
  }

  /** What a request is refused with is its answer. */
  function answer(request: number, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      sftp.status(request, error.code);
    }
  }

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
    answer(request, () => {
      if (!isFolder(path)) throw new Refused(STATUS_CODE.NO_SUCH_FILE);
      open(request, { kind: 'folder', isTold: false });
    });
  });
  sftp.on('READDIR', (request, name) => {
    answer(request, () => {
      const handle = handleOf(name, 'folder');
      if (handle.isTold) throw new Refused(STATUS_CODE.EOF);
      handle.isTold = true;
      const entries = [...files].map(([filename, file]) => ({
        filename,
        longname: `-r--r--r-- 1 1000 1000 ${file.content.length} ${filename}`,
        attrs: attributesOf(file),
      }));
      sftp.name(request, entries);
    });
  });
  sftp.on('OPEN', (request, path, flags) => {
    answer(request, () => {
      const file = fileAt(path);
      if (flags !== READ_ONLY) throw new Refused(STATUS_CODE.PERMISSION_DENIED);
      if (!file) throw new Refused(STATUS_CODE.NO_SUCH_FILE);
      open(request, { kind: 'file', file });
    });
  });
  sftp.on('FSTAT', (request, name) => {
    answer(request, () => sftp.attrs(request, attributesOf(handleOf(name, 'file').file)));
  });
  sftp.on('READ', (request, name, offset, length) => {
    answer(request, () => {
      const { content } = handleOf(name, 'file').file;
      if (offset >= content.length) throw new Refused(STATUS_CODE.EOF);
      sftp.data(request, content.subarray(offset, offset + Math.min(length, MOST_BYTES)));
    });
  });
  sftp.on('CLOSE', (request, name) => {
    if (name.length === 4) handles.delete(name.readUInt32BE());
    sftp.status(request, STATUS_CODE.OK);
  });
}
