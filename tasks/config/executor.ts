import { z } from 'zod'
import { absolute, requireField } from './fields.ts'

/** What brings it to slaves; all of Mesos' fetcher's own kinds of address. */
const stores = /^(https?|ftps?|hdfs|hftp|s3n?):\/\/[^\s'"]*[^\s'"/]$/

export const executor = z
  .strictObject({
    /** How slaves get executors: `distribute` installs them; or Mesos' own fetcher takes them from a store, for every task. */
    delivery: z.enum(['distribute', 'fetcher']).default('distribute'),
    /** The store as slaves and the master reach it: files are put at `<store>/<SHA-256>/<name>`. */
    store: z
      .string()
      .regex(
        stores,
        "must be an address that Mesos' fetcher knows: http, https, ftp, hdfs or s3, without a slash at its end",
      )
      .optional(),
    /** Folder of the master that a web server gives out as the store. Without it, files are put there by HTTP's PUT, or by `put`. */
    folder: absolute.optional(),
    /** For bash on the master: puts "$FILE" at "$URI". */
    put: z.string().min(1).optional(),
    /** For bash on the master: prints what is at "$URI". Without it: HTTP's GET. */
    get: z.string().min(1).optional(),
  })
  .superRefine(({ delivery, store, folder, put, get }, context) => {
    if (delivery === 'distribute') return
    requireField(
      context,
      'store',
      store,
      'where slaves fetch executors from, such as http://10.0.0.10:8000/executors',
    )
    if (store === undefined || /^https?:/.test(store)) return
    requireField(
      context,
      'put',
      put ?? folder,
      `a command that puts "$FILE" at "$URI": curl cannot, for ${store}`,
    )
    requireField(context, 'get', get, `a command that prints what is at "$URI": curl cannot, for ${store}`)
  })
