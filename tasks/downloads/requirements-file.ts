/** A package of the Python index, pinned: a line of a requirements file as pip's `--require-hashes` wants it. */
export interface PinnedPackage {
  name: string
  version: string
  sha256: string
  /** What the file is called on the index. */
  file: string
}

/** `six==1.8.0 --hash=sha256:…`; a comment names the file where it is no `six-1.8.0.tar.gz`. */
const line = /^([\w.-]+)==([\w.]+) --hash=sha256:([0-9a-f]{64})(?:\s+#\s*(\S+))?$/

export function readRequirements(text: string): PinnedPackage[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((content) => {
      const [, name, version, sha256, file] = line.exec(content) ?? []
      if (!name || !version || !sha256)
        throw new Error(`\`${content}\` is no \`name==version --hash=sha256:…\``)
      return { name, version, sha256, file: file ?? `${name}-${version}.tar.gz` }
    })
}
