#!/usr/bin/env node
/** The compiled program: `npm run build` makes it. */
import engine = require('./load.cts')

engine.start(process.argv.slice(2))
