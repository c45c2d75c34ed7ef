import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { runCommand } from "./command.ts";
import { pipEnvironment } from "./environments.ts";
import { pythonEnvironment, root } from "./places.ts";
import { Refusal } from "./refusal.ts";

/** A Python of this machine. */
export interface FoundPython {
  readonly program: string;
  /** Major and minor version. */
  readonly version: readonly [number, number];
  /** Whether its own pip can install into another environment (`--python`, since pip 22.3). */
  readonly pipReachesOut: boolean;
  /** Whether it can give a new environment a pip of its own. */
  readonly bringsPip: boolean;
}

const candidates = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];

const question = `
import importlib.util as u, sys
try:
    import pip
    reaches = tuple(int(n) for n in pip.__version__.split(".")[:2]) >= (22, 3)
except Exception:
    reaches = False
print(sys.version_info[0], sys.version_info[1], int(reaches), int(u.find_spec("ensurepip") is not None), int(u.find_spec("venv") is not None))
`;

const ask = (program: string): Promise<FoundPython | undefined> =>
  new Promise((resolve) => {
    execFile(program, ["-c", question], { env: pipEnvironment(), timeout: 20_000 }, (error, output) => {
      const [major, minor, reaches, brings, venv] = output.trim().split(" ").map(Number);
      if (error !== null || major === undefined || minor === undefined || venv !== 1) return resolve(undefined);
      resolve({ program, version: [major, minor], pipReachesOut: reaches === 1, bringsPip: brings === 1 });
    });
  });

/** Whether the emulator runs on this version. */
const isRecentEnough = ([major, minor]: readonly [number, number]): boolean => major === 3 && minor >= 10;

/**
 * The first Python ≥ 3.10 of this machine that can get packages.
 *
 * @throws Refusal that says what to install.
 */
export const findPython = async (ask_: typeof ask = ask): Promise<FoundPython> => {
  const found: FoundPython[] = [];
  for (const program of candidates) {
    const python = await ask_(program);
    if (python === undefined) continue;
    if (isRecentEnough(python.version) && (python.pipReachesOut || python.bringsPip)) return python;
    found.push(python);
  }
  const recent = found.find(({ version }) => isRecentEnough(version));
  if (recent !== undefined) {
    throw new Refusal(
      `Python ${recent.version.join(".")} (${recent.program}) is here, but without pip: install it (on Debian and Ubuntu: apt install python3-pip python3-venv).`,
    );
  }
  const others = found.map(({ version }) => version.join(".")).join(", ");
  throw new Refusal(
    `Perch's local AWS needs Python ≥ 3.10, and ${others === "" ? "there is none" : `only ${others} is`} on PATH: install it.`,
  );
};

/**
 * Makes the Python environment for these requirements unless it is there; it appears under its name only when it is whole.
 *
 * @returns its Python.
 */
export const preparePython = async (requirements: string, log: string, signal: AbortSignal): Promise<string> => {
  const environment = pythonEnvironment(requirements);
  const program = join(environment, "bin/python");
  if (existsSync(program)) return program;
  const python = await findPython();
  const unfinished = `${environment}.${process.pid}.tmp`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(dirname(environment), { recursive: true });
  const common = { cwd: root, env: pipEnvironment(), log, title: "Preparing Python", signal };
  const install = ["install", "--quiet", "--require-hashes", "--only-binary", ":all:", "-r", requirements];
  const unfinishedPython = join(unfinished, "bin/python");
  const withoutPip = python.pipReachesOut ? ["--without-pip"] : [];
  await runCommand({ ...common, program: python.program, args: ["-m", "venv", ...withoutPip, unfinished] });
  await runCommand(
    python.pipReachesOut
      ? { ...common, program: python.program, args: ["-m", "pip", "--python", unfinishedPython, ...install] }
      : { ...common, program: unfinishedPython, args: ["-m", "pip", ...install] },
  );
  try {
    renameSync(unfinished, environment);
  } catch (error) {
    // Somebody else made the same one meanwhile.
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(program)) throw error;
  }
  return program;
};
