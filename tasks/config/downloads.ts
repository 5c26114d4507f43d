import { z } from 'zod'
import { digestOf, release, requireField, version } from './fields.ts'

export const downloads = z
  .strictObject({
    /** Folder, from the workspace's root or absolute, that `fill-downloads` fills. What is in it needs no network. */
    folder: z.string().min(1).default('downloads'),
    /**
     * Whether the master is brought Gradle and what its builds would download: false where it reaches all of that by itself. With 0.7.0
     * better not: its own download of virtualenv follows no redirection.
     */
    ship: z.boolean().default(true),
    /** Address of the Python index's simple page. Without it: the one that pip uses on this machine. */
    pythonIndex: z.url().optional(),
    /** More of them, tried in turn where the first has not what is asked for, or does not answer. */
    pythonMirrors: z.array(z.url()).default([]),
    /** Requirements files with hashes, instead of those in `tasks/downloads/python-packages`. */
    pythonPackages: z
      .strictObject({
        virtualenv: z.string().min(1).optional(),
        pants: z.string().min(1).optional(),
        aurora: z.string().min(1).optional(),
      })
      .prefault({}),
    /** Aurora's build uses one version of the Thrift compiler, which follows from its own. */
    thrift: z.strictObject({ version: version.optional(), ...release }).prefault({}),
    /**
     * A .tar.gz of a Maven repository with all that Gradle needs for this Aurora, which you make yourself (tasks/README.md).
     * Given, it goes to the master whatever `ship` says, and the scheduler is built from it alone.
     */
    maven: z.strictObject(release).prefault({}),
  })
  .superRefine(({ maven }, context) => {
    if (maven.source) requireField(context, 'maven.sha256', digestOf(maven), 'the SHA-256 of that archive')
  })
