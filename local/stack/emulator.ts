import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Companion, startCompanion, stopCompanion } from "./child-process.ts";
import { emulatorEnvironment } from "./environments.ts";
import type { OwnProcess } from "./own-processes.ts";
import { emulatorProgram, type Places } from "./places.ts";
import { removeTemporary, temporaryPrefix } from "./run-record.ts";

/** The emulated AWS while it runs. */
export interface Emulator {
  readonly endpoint: string;
  readonly ended: Promise<void>;
  /** From now on its state is worth saving when it ends; before, a half-made deployment would be saved. */
  readonly keepState: () => void;
  /** Ends it: with its state saved if that is worth it. False when it had to be ended by force. */
  readonly stop: () => Promise<boolean>;
}

/** What starting the emulator takes. */
export interface EmulatorOptions {
  readonly places: Places;
  readonly python: string;
  readonly port: number;
  readonly onStart: (own: OwnProcess, temporaryFolder: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Starts the emulated AWS with the state that is in place.
 *
 * @throws Refusal when it does not come up.
 */
export const startEmulator = async (options: EmulatorOptions): Promise<Emulator> => {
  const { places, python, port, onStart, signal } = options;
  const endpoint = `http://127.0.0.1:${port}`;
  for (const folder of [places.emulatorState, places.bucketState]) mkdirSync(folder, { recursive: true });
  // Outside the project: functions are unpacked there, and the project's package.json would make ES modules of them.
  const temporaryFolder = mkdtempSync(join(tmpdir(), temporaryPrefix));
  const folders = { temporary: temporaryFolder, state: places.emulatorState, buckets: places.bucketState };
  let companion: Companion;
  try {
    companion = await startCompanion({
      title: "The emulated AWS",
      program: python,
      args: [emulatorProgram],
      cwd: temporaryFolder,
      env: emulatorEnvironment(port, folders),
      log: join(places.logs, "emulated-aws.log"),
      healthUrl: `${endpoint}/_ministack/health`,
      onStart: (own) => onStart(own, temporaryFolder),
      signal,
    });
  } catch (error) {
    removeTemporary(temporaryFolder);
    throw error;
  }
  let isWorthKeeping = false;
  return {
    endpoint,
    ended: companion.ended,
    keepState() {
      isWorthKeeping = true;
      companion.child.stdin?.write("keep\n");
    },
    async stop() {
      if (!isWorthKeeping) companion.child.kill("SIGKILL");
      const inTime = await stopCompanion(companion, 20_000);
      removeTemporary(temporaryFolder);
      return inTime;
    },
  };
};
