#!/usr/bin/env node
/**
 * The lab, as npm start brings it up; rumorscope run FILE runs a scenario without a page. The command of the package,
 * for every system: bin/rumorscope is the same for a shell.
 */
require('../scripts/prepare/node-version.cjs').refuseAncientNode('rumorscope')

import('../scripts/prepare/command.mjs').then(({ command }) => command(process.argv.slice(2)))
