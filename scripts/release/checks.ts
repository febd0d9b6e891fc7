/** Checks the requirements of a release. Each check returns the problems that it found, as sentences. */

/** A packed file, as `npm pack --json` lists it. */
export interface PackedFile {
  readonly path: string
}

interface Manifest {
  readonly version: string
  readonly scripts?: Readonly<Record<string, string>>
  readonly [kind: string]: unknown
}

export const MAX_TARBALL_BYTES = 2_000_000

/** Licences that allow copies in a package under MIT, if their texts come along. */
const LICENCES = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0', 'OFL-1.1', 'BlueOak-1.0.0']
const HEADING = /^## (\S+) - \d\S*(?: \((.+)\))?$/m
/** npm runs these scripts of a package that it installs. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare']
const DEPENDENCIES = ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies']
const NEEDED = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'bin/process',
  'bin/rumorscope.cjs',
  'bin/stopall',
  'dist/node/process.cjs',
  'dist/server/main.js',
  'dist/server/run.js',
  'dist/server/stopall.js',
  'dist/server/third-party.md',
  'dist/web/index.html',
  'dist/web/third-party.md',
  'server/hosts/program/gate.py',
]
/** Sources, tests, logs, and programs for developers. */
const UNWANTED =
  /\.tsx?$|\.test\.|\.map$|\.log$|^node_modules\/|^dist\/server\/(bench|fuzz|long|release|soak|study)\.js$/

/** `tags` are those of git. */
export function versionProblems({ version }: Manifest, changelog: string, tags: readonly string[]): string[] {
  if (!/^\d+\.\d+\.\d+$/.test(version)) return [`package.json: version ${version} is not of the form 1.2.3`]
  const problems = tags.includes(`v${version}`) ? [`version ${version} has been released: choose another`] : []
  const section = changelog.split(/^(?=## )/m).find((part) => part.startsWith(`## ${version}`))
  if (section === undefined) problems.push(`CHANGELOG.md has no section "## ${version}"`)
  else if (!/^- \S/m.test(section)) problems.push(`CHANGELOG.md says nothing about ${version}: add a list`)
  return problems
}

export function tarballProblems(files: readonly PackedFile[], bytes: number, manifest: Manifest): string[] {
  const paths = files.map(({ path }) => path)
  const missing = NEEDED.filter((path) => !paths.includes(path)).map((path) => `the tarball has no ${path}`)
  const unwanted = paths.filter((path) => UNWANTED.test(path)).map((path) => `the tarball has ${path}: leave it out`)
  const size = bytes < MAX_TARBALL_BYTES ? [] : [`the tarball has ${bytes} bytes: ${MAX_TARBALL_BYTES} is the limit`]
  const scripts = Object.keys(manifest.scripts ?? {}).filter((name) => INSTALL_SCRIPTS.includes(name))
  const kinds = DEPENDENCIES.filter((kind) => manifest[kind] !== undefined)
  return [
    ...missing,
    ...unwanted,
    ...size,
    ...scripts.map((name) => `package.json: an installation would run the script ${name}`),
    ...kinds.map((kind) => `package.json: ${kind} would be installed from the network; bundle them`),
  ]
}

/** `text` is the list of bundled packages that the build writes, with their licences. */
export function licenceProblems(file: string, text: string): string[] {
  // Licences have headings too, without a version.
  const entries = text.split(/^(?=## \S+ - \d)/m).filter((part) => HEADING.test(part))
  if (entries.length === 0) return [`${file} names no package`]
  return entries.flatMap((entry) => {
    const [heading = '', name = '', licence] = HEADING.exec(entry) ?? []
    if (licence === undefined || !LICENCES.includes(licence))
      return [`${file}: ${name} is under ${licence ?? 'no licence'}`]
    const isWithoutText = entry.slice(heading.length).trim() === ''
    return isWithoutText ? [`${file}: ${name} comes without the text of its licence`] : []
  })
}
