/** Versions of Node that can run the scripts, and that can run everything where no pinned Node is on npm (macOS). */
const nodeForScripts = [20, 0];
/** From 22.18 on Node runs TypeScript without a flag. */
const nodeForEverything = [22, 18];

/** Platforms whose pinned Node comes with `npm ci` (package.json, optionalDependencies). */
const pinnedPlatforms = new Set(['linux-x64', 'linux-arm64', 'win32-x64']);

/** What keeps this machine from running the project, as a text to show; null where nothing does. */
export function preflightProblem({ version, platform, arch }) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const wanted = pinnedPlatforms.has(`${platform}-${arch}`) ? nodeForScripts : nodeForEverything;
  if (major > wanted[0] || (major === wanted[0] && minor >= wanted[1])) return null;
  const reason =
    wanted === nodeForEverything
      ? `On ${platform} (${arch}) no Node comes with the dependencies, so the installed one runs everything.`
      : 'Node 24 comes with the dependencies; the installed one only has to start the scripts.';
  return `QuantDesk needs Node ${wanted.join('.')} or newer; this is ${version}.\n${reason}\nInstall one from https://nodejs.org or with your version manager (nvm install 24).`;
}
