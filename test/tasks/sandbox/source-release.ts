import { auroraRelease, mesosRelease, type Release } from '../../../tasks/sandbox/releases.ts'
import { type Box, expectDone } from './box.ts'

/** Unpacks the miniature Mesos into a folder of the box. */
export async function unpackMesos(box: Box, folder = 'mesos', version = '0.20.1'): Promise<void> {
  unpack(box, folder, await mesosRelease(version))
}

/** Unpacks the miniature Aurora into a folder of the box. */
export async function unpackAurora(box: Box, folder = 'aurora', version = '0.7.0-incubating'): Promise<void> {
  unpack(box, folder, await auroraRelease(version, version.startsWith('0.7.') ? '0.20.1' : '0.22.0'))
}

/** Builds the eggs of a Mesos release into `eggs/` of the box. */
export async function buildEggs(box: Box, version = '0.20.1'): Promise<void> {
  await unpackMesos(box, 'mesos', version)
  expectDone(box.run('cd mesos && ./configure --disable-java && make'))
  expectDone(box.run("mkdir -p eggs && find mesos -name '*.egg' -exec cp {} eggs/ ';'"))
}

function unpack(box: Box, folder: string, { bytes }: Release): void {
  const input = bytes.toString('base64')
  expectDone(
    box.run(`mkdir ${folder} && base64 -d | tar -xzf - -C ${folder} --strip-components=1`, { input }),
  )
}
