import { argv, exit, stderr, stdout } from 'node:process'
import { runCommand } from './commands.ts'

// The exit is explicit, so that nothing left open can keep a stopped server alive.
exit(await runCommand(argv.slice(2), { out: (text) => stdout.write(text), err: (text) => stderr.write(text) }))
