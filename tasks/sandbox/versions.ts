/** Which releases the miniatures stand for. Each Aurora goes with one Mesos. */
export const versions = { mesos: '0.20.1', aurora: '0.7.0-incubating' }

/** What differs between the releases that the miniature Aurora can stand for: words in its tree, by minor version. */
const auroraWords: Record<string, Record<string, string>> = {
  '0.7': { '@GRADLE@': '2.2', '@INSTALL@': 'installApp', '@PANTS@': '0.0.27', '@MESOS_ROOT@': '' },
  '0.8': {
    '@GRADLE@': '2.4',
    '@INSTALL@': 'installDist',
    '@PANTS@': '0.0.28',
    '@MESOS_ROOT@': '/var/lib/mesos',
  },
}

export function wordsOfAurora(version: string): Record<string, string> {
  const words = auroraWords[/^\d+\.\d+/.exec(version)?.[0] ?? '']
  if (!words)
    throw new Error(
      `There is no miniature of Aurora ${version}, only of ${Object.keys(auroraWords).join(', ')}.`,
    )
  return words
}
