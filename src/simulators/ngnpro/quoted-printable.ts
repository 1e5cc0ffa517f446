const LONGEST_LINE = 76;

const encoded = (byte: number): string => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;

/** Of UTF-8 (RFC 2045, 6.7), with its soft line breaks. */
export function quotedPrintable(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x3d;
    const piece = plain ? String.fromCodePoint(byte) : encoded(byte);
    if (line.length + piece.length >= LONGEST_LINE) {
      lines.push(`${line}=`);
      line = '';
    }
    line += piece;
  }
  return [...lines, line].join('\n');
}
