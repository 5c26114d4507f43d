// Zip archives as eggs, jars and pexes are: names and bytes behind an optional prefix (a shebang). Writing is
// deterministic: names sorted, no clock.
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const DATE_1980 = 0x21

/**
 * `{ prefix: Buffer, entries: Map<name, Buffer>, displaced }`; throws when the bytes are no archive.
 * `displaced`: the prefix was put before the archive later, so that its offsets do not count it.
 */
export function readZip(bytes) {
  const end = bytes.lastIndexOf(uint32(END))
  if (end < 0) throw new Error('not a zip file')
  const count = bytes.readUInt16LE(end + 10)
  const start = end - bytes.readUInt32LE(end + 12)
  const shift = start - bytes.readUInt32LE(end + 16)
  const entries = new Map()
  let first = start
  for (let i = 0, at = start; i < count; i++) {
    const [method, size, nameSize, extra, comment] = [
      bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
    ]
    const local = bytes.readUInt32LE(at + 42) + shift
    const data = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const packed = bytes.subarray(data, data + size)
    const name = bytes.toString('utf8', at + 46, at + 46 + nameSize)
    if (entries.has(name)) throw new Error(`${name} is in the archive twice`)
    entries.set(name, method === 0 ? packed : inflateRawSync(packed))
    first = Math.min(first, local)
    at += 46 + nameSize + extra + comment
  }
  return { prefix: bytes.subarray(0, first), entries, displaced: shift > 0 }
}

/** The archive's bytes. Sizes beyond 4 GB are not supported: nothing here has them. */
export function writeZip({ prefix = Buffer.alloc(0), entries }) {
  const parts = [prefix]
  const directory = []
  let offset = prefix.length
  for (const [name, bytes] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const packed = deflateRawSync(bytes, { level: 9 })
    const stored = packed.length >= bytes.length
    const data = stored ? bytes : packed
    const label = Buffer.from(name)
    // Version 2.0, names in UTF-8, method, time, date, checksum, sizes, length of the name, no extra field.
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0)
    head.writeUInt16LE(0x0800, 2)
    head.writeUInt16LE(stored ? 0 : 8, 4)
    head.writeUInt16LE(DATE_1980, 8)
    head.writeUInt32LE(crc32(bytes), 10)
    head.writeUInt32LE(data.length, 14)
    head.writeUInt32LE(bytes.length, 18)
    head.writeUInt16LE(label.length, 22)
    parts.push(uint32(LOCAL), head, label, data)
    // In the directory: made on Unix, no comment, disk 0, mode 0644 (a folder 0755), where it lies.
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE((name.endsWith('/') ? 0o040755 : 0o100644) * 0x10000, 6)
    tail.writeUInt32LE(offset, 10)
    directory.push(uint32(CENTRAL), Buffer.from([20, 3]), head, tail, label)
    offset += 30 + label.length + data.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(END, 0)
  end.writeUInt16LE(entries.size, 8)
  end.writeUInt16LE(entries.size, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, list, end])
}

function uint32(value) {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
