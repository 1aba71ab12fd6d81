// Plain JavaScript that every Node version can read: older ones cannot even load the TypeScript runner.
var version = process.versions.node.split(".").map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 18)) {
  console.error("EvalForge needs Node 22.18 or later, and this is Node " + process.versions.node + ". `npm ci` installs one where it can.");
  process.exit(1);
}
