import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "../stack/places.ts";
import { Refusal } from "../stack/refusal.ts";
import type { Finding } from "./finding.ts";
import type { Asked, LocalMeasurement } from "./measurement.ts";

/**
 * Runs the program of a local measurement; what it says on stderr is shown as it comes.
 *
 * @throws Refusal when it does not end well.
 */
export const runProgram = (
  { name, program }: LocalMeasurement,
  { rounds, signal }: Asked,
): Promise<readonly Finding[]> =>
  new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", join(root, program), "--rounds", `${rounds}`],
      { cwd: root, stdio: ["ignore", "pipe", "inherit"], signal, killSignal: "SIGTERM" },
    );
    const parts: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => parts.push(part));
    child.on("error", reject);
    child.on("close", (code) => {
      const said = Buffer.concat(parts).toString();
      if (code === 0) return resolve(JSON.parse(said) as readonly Finding[]);
      return reject(new Refusal(`The measurement ${name} failed: ${program} ended with ${code}.`, said));
    });
  });
