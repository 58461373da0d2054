// The fences between rooms and around drivers, as one oxlint rule, so that several fences can stand on one file.
import { dirname, posix, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/**
 * One fence: code in `inside` (but not in `except`) must not import what `forbids` accepts.
 * `target` is a package or built-in name (`pg`, `node:sqlite`) or a path from the root (`server/src/store/sqlite.ts`).
 * @typedef {{ name: string, inside: RegExp, except?: RegExp, forbids: (target: string) => boolean, why: string }} Fence
 */

const TEST = /\.test\.tsx?$|\.contract\.ts$|^[a-z]+\/(src\/)?test\//
const ANY_CODE = /^(protocol|server|dashboard|simulator|extension|e2e)\//

/** @param {string} name */
const isPackage = (name) => (/** @type {string} */ target) => target === name || target.startsWith(`${name}/`)

/** Which rooms a room may reach, beside itself. */
const ROOMS = /** @type {Record<string, { reach: RegExp, why: string }>} */ ({
  protocol: { reach: /^$/, why: 'the wire knows no other room; every room builds on it' },
  server: {
    reach: /^protocol\//,
    why: 'the server meets its clients on the wire alone, so it may import protocol only',
  },
  dashboard: {
    reach: /^protocol\//,
    why: 'the page meets the server on the wire alone, so it may import protocol only',
  },
  simulator: {
    reach: /^protocol\//,
    why: 'the simulator is a second client written against SPEC.md, so it may import protocol only',
  },
  extension: { reach: /^protocol\//, why: 'the extension is bundled for a browser, so it may import protocol only' },
  e2e: {
    reach: /^protocol\//,
    why: 'end-to-end tests reach the rest by process or browser, so they may import protocol only',
  },
  bench: {
    reach: /^(protocol|simulator|server)\//,
    why: 'measurements may import protocol, simulator and named parts of server',
  },
  scripts: { reach: /^$/, why: 'scripts run before anything is installed and reach the rooms by process' },
})

/** @param {string} target */
const roomOf = (target) => target.match(/^([a-z0-9]+)\//)?.[1] ?? ''

/** @type {Fence[]} */
export const FENCES = [
  {
    name: 'sqlite',
    inside: ANY_CODE,
    except: /^server\/src\/store\/sqlite(-[a-z]+)?\.ts$/,
    forbids: isPackage('node:sqlite'),
    why: 'only the files server/src/store/sqlite*.ts speak to node:sqlite, so that a second store needs no change elsewhere',
  },
  {
    name: 'pg',
    inside: ANY_CODE,
    except: /^server\/src\/(store|bus)\/postgres\.ts$/,
    forbids: isPackage('pg'),
    why: 'only store/postgres.ts and bus/postgres.ts speak to pg, so that the store can be chosen in one place',
  },
  {
    name: 'programs',
    inside: /^server\/src\//,
    except: new RegExp(`^server/src/workers/job-thread\\.ts$|${TEST.source}`),
    forbids: isPackage('node:child_process'),
    why: 'only workers/job-thread.ts starts a program, the measurement of the machine with fixed arguments, so that no text of a request can become a command',
  },
  {
    name: 'wire',
    inside: /^protocol\/src\//,
    except: TEST,
    forbids: (target) => !isPackage('typebox')(target) && !target.startsWith('protocol/'),
    why: 'protocol imports nothing but typebox: the wire must run in a browser, in a server and in a worker alike',
  },
  {
    name: 'concrete',
    inside: /^server\/src\//,
    except: new RegExp(
      `^server/src/(app|storage|log/thread|workers/job-thread|flags/shadow-thread)\\.ts$|^server/src/(store|bus)/|${TEST.source}`,
    ),
    forbids: (target) => /^server\/src\/(store\/(sqlite(-[a-z]+)?|postgres)|bus\/(memory|postgres))\.ts$/.test(target),
    why: 'only app.ts, and the first file of each thread, pick a concrete store or bus; take the interface as an argument',
  },
  {
    name: 'v1',
    inside: /^server\//,
    except: /^server\/src\/(app\.ts$|v1\/)/,
    forbids: (target) => target.startsWith('server/src/v1/'),
    why: 'the old contract is an adapter that must be removable; nothing imports v1/ but app.ts',
  },
  {
    name: 'browser',
    inside: /^(dashboard|extension)\/src\//,
    except: TEST,
    forbids: (target) => target.startsWith('node:'),
    why: 'this code runs in a browser, which has no Node built-ins',
  },
  ...Object.entries(ROOMS).map(([room, { reach, why }]) => ({
    name: `room ${room}`,
    inside: new RegExp(`^${room}/`),
    forbids: (/** @type {string} */ target) => {
      const other = roomOf(target)
      return other in ROOMS && other !== room && !reach.test(target)
    },
    why,
  })),
]

const ENV_INSIDE = /^server\/src\//
const ENV_EXCEPT = new RegExp(`^server/src/config\\.ts$|${TEST.source}`)
const ENV_WHY = 'only config.ts reads the environment, so that configuration is checked whole before anything starts'

/**
 * The import target in the form that the fences compare: a path from the root, or a package name.
 * Built-ins are given their `node:` prefix; `@lectern/x` is room x.
 * @param {string} file path from the root, with slashes
 * @param {string} specifier
 */
export function importTarget(file, specifier) {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier)
  if (specifier.startsWith('@lectern/')) return `${specifier.slice('@lectern/'.length)}/`.replace(/\/$/, '') + '/'
  return specifier === 'sqlite' ? 'node:sqlite' : specifier
}

/**
 * The fences that an import breaks.
 * @param {string} file path from the root, with slashes
 * @param {string} specifier as written in the import
 * @returns {Fence[]}
 */
export function brokenFences(file, specifier) {
  const target = importTarget(file, specifier)
  return FENCES.filter((fence) => fence.inside.test(file) && !fence.except?.test(file) && fence.forbids(target))
}

/** @param {any} node */
const literal = (node) => (node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined)

/** @param {any} node */
const readsEnv = (node) =>
  node.object?.type === 'Identifier' &&
  node.object.name === 'process' &&
  (node.computed ? literal(node.property) === 'env' : node.property?.name === 'env')

const fence = {
  create(/** @type {any} */ context) {
    const file = relative(ROOT, context.filename ?? context.getFilename())
      .split(sep)
      .join('/')
    const envFenced = ENV_INSIDE.test(file) && !ENV_EXCEPT.test(file)
    const check = (/** @type {any} */ node, /** @type {any} */ source) => {
      const specifier = literal(source)
      if (specifier === undefined) return
      for (const broken of brokenFences(file, specifier)) {
        context.report({
          node,
          message: `Fence (${broken.name}): '${specifier}' may not be imported here: ${broken.why}.`,
        })
      }
    }
    const env = (/** @type {any} */ node) => context.report({ node, message: `Fence (environment): ${ENV_WHY}.` })
    return {
      ImportDeclaration(/** @type {any} */ node) {
        check(node, node.source)
        const fromProcess = /^(node:)?process$/.test(literal(node.source) ?? '')
        if (!envFenced || !fromProcess) return
        if (node.specifiers.some((/** @type {any} */ item) => item.imported?.name === 'env')) env(node)
      },
      ExportNamedDeclaration: (/** @type {any} */ node) => check(node, node.source),
      ExportAllDeclaration: (/** @type {any} */ node) => check(node, node.source),
      ImportExpression: (/** @type {any} */ node) => check(node, node.source),
      TSImportType: (/** @type {any} */ node) => check(node, node.source ?? node.argument?.literal ?? node.argument),
      CallExpression(/** @type {any} */ node) {
        const name = node.callee?.name ?? node.callee?.property?.name
        if (name === 'require' || name === 'getBuiltinModule') check(node, node.arguments[0])
      },
      MemberExpression(/** @type {any} */ node) {
        if (envFenced && readsEnv(node)) env(node)
      },
      VariableDeclarator(/** @type {any} */ node) {
        if (!envFenced || node.init?.name !== 'process' || node.id?.type !== 'ObjectPattern') return
        if (node.id.properties.some((/** @type {any} */ item) => item.key?.name === 'env')) env(node)
      },
    }
  },
}

// oxlint reads a plugin from the default export.
export default { meta: { name: 'lectern' }, rules: { fence } }
