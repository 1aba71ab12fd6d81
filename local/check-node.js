// Plain JavaScript that every Node version can read: older ones cannot even load the TypeScript runner.
// 22.18, 23.6 and all later ones read TypeScript as it is.
var version = process.versions.node.split(".").map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 18) || (version[0] === 23 && version[1] < 6)) {
  console.error(
    "EvalForge needs Node 22.18 or later (of Node 23: 23.6), and this is Node " +
      process.versions.node +
      ". `npm ci` installs one where it can.",
  );
  process.exit(1);
}
