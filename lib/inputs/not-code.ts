/** A module, or something that it imports, cannot be read as code. The message says why, in one line. */
export class NotCode extends Error {}
