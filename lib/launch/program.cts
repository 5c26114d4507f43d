#!/usr/bin/env node
/** The compiled program: `npm run build` makes it. */
import program = require('./load.cts')

program.start(process.argv.slice(2))
