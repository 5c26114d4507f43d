import fc from 'fast-check'

/** Any value at all, and often one that is nearly right. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    withUnicodeString: true,
  }),
  fc.constantFrom<unknown>(
    ...[
      Symbol('s'),
      () => 1,
      class Odd {},
      Promise.resolve([]),
      Number.NaN,
      Number.POSITIVE_INFINITY,
      -0,
      1n,
    ],
    ...[
      '',
      '.',
      '..',
      '/',
      '!',
      '*',
      '**',
      '{',
      '[',
      '(',
      '25%',
      '1h',
      'import.meta.url',
      'file:',
      'file:///',
    ],
    ...[{ kind: 'task' }, { kind: 'selection' }, { kind: 'task', name: 'a' }, new Proxy({}, {}), /x/g],
  ),
)

/** Text that looks like a glob, mostly a broken one. */
export const globLike: fc.Arbitrary<string> = fc
  .array(fc.constantFrom('a', 'b', '/', '.', '..', ...'*?[]{}()!@+|,-^$:"~ \\#', '**', '[:alpha:]'), {
    maxLength: 14,
  })
  .map((parts) => parts.join(''))
