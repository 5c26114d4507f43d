import { z } from 'zod'
import { absolute, release, requireField, version } from './fields.ts'

export const mesos = z
  .strictObject({
    version: version.default('0.20.1'),
    ...release,
    /** What the hosts run, as `<ID>-<VERSION_ID>` of /etc/os-release: the eggs are made for it. */
    platform: version.default('debian-7'),
    /** Folder of the workspace with eggs of your own: they are checked and used, nothing is built. */
    eggs: z
      .string()
      .refine((path) => !/^[/~]|(^|\/)\.\.(\/|$)/.test(path), 'must be a folder within the workspace')
      .optional(),
    /** Where eggs are built: in a Docker container of the platform, or in a folder of a machine that already is of it. */
    builder: z.enum(['docker', 'folder']).default('docker'),
    /** Docker image of the platform, instead of the one known for it: best by its digest, `debian/eol@sha256:…`. */
    image: z.string().min(1).optional(),
    /** Lines of sources.list for the container, instead of those known for the platform or the image's own. */
    aptSources: z.array(z.string().min(1)).optional(),
    /** Flags of the compilers, instead of those known for the platform: `{ CXXFLAGS: -O2 }`. */
    flags: z.record(z.string().regex(/^\w+$/), z.string()).optional(),
    /** Folder of programs that the `folder` builder finds first. In no key. */
    tools: absolute.optional(),
    /** Where Mesos is installed on the master: its bin/mesos-log and lib/libmesos.so are needed. */
    prefix: absolute.default('/usr/local'),
    /** The slaves' work_dir. Without it: what /etc/mesos-slave/work_dir says on them, else Mesos' own default. */
    slaveRoot: absolute.optional(),
  })
  .superRefine(({ version, source, sha256, sha1, eggs }, context) => {
    if (version === '0.20.1' || eggs) return
    requireField(context, 'source', source, `an address or path of mesos-${version}.tar.gz`)
    requireField(context, 'sha256', sha256 ?? sha1, `the SHA-256 of mesos-${version}.tar.gz`)
  })
