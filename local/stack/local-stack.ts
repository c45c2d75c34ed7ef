import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { allOrNone } from "./all-or-none.ts";
import { type PageMode, synthesise } from "./assembly.ts";
import { bootstrap, deploy } from "./deploy.ts";
import { createCallAws } from "./emulated-aws.ts";
import { type Emulator, startEmulator } from "./emulator.ts";
import { fillFinchSecret } from "./finch-secret.ts";
import type { OtherFinch, TokenStoreName } from "./options.ts";
import { collectOutputs, type Outputs, writeOutputs } from "./outputs.ts";
import type { OwnProcess } from "./own-processes.ts";
import { emulatorRequirements, type Places } from "./places.ts";
import { chooseInnerPorts } from "./ports.ts";
import { listenAtPublicPort, type Proxy as PublicProxy } from "./proxy.ts";
import { preparePython } from "./python.ts";
import { beginRun, type OwnRun } from "./run-record.ts";
import { forgetState, prepareState } from "./saved-state.ts";
import { type SimulatedFinch, startSimulatedFinch } from "./simulated-finch.ts";
import type { Steps } from "./steps.ts";

/** What to start, and where. */
export interface LocalStackOptions {
  readonly places: Places;
  readonly port: number;
  /** Forgets what earlier runs kept. */
  readonly fresh: boolean;
  /** `kms` when left out. */
  readonly tokenStore?: TokenStoreName | undefined;
  /** How much of Finch's limits it uses, in percent; all of them, if left out. */
  readonly finchShare?: number | undefined;
  /** How the connections page opens Connect; `redirect` when left out. */
  readonly pageMode?: PageMode | undefined;
  /** Instead of the simulated one. */
  readonly otherFinch?: OtherFinch | undefined;
  readonly steps: Steps;
  /** Gives up the start. */
  readonly signal: AbortSignal;
}

/** Perch, deployed to an emulated AWS. */
export interface ReadyStack {
  readonly outputs: Outputs;
  /** Says to other commands that it is ready. */
  readonly declareReady: () => void;
  /** Resolves with a sentence when a part of it has ended that nobody stopped. */
  readonly broken: Promise<string>;
}

/** A local stack, and the way to stop whatever of it runs, also after a start that failed or was given up. */
export interface LocalStack {
  /** @throws Refusal with a sentence for the person who started it. */
  readonly start: () => Promise<ReadyStack>;
  /** Whether anything of it runs. */
  readonly isRunning: () => boolean;
  /** In order: no more requests, no Finch, and last the emulated AWS, which saves its state. */
  readonly stop: () => Promise<void>;
}

/** A stack that is not started yet. */
export const createLocalStack = (options: LocalStackOptions): LocalStack => {
  const { places, port, tokenStore = "kms", finchShare, pageMode, otherFinch, steps } = options;
  const publicUrl = `http://localhost:${port}`;
  const running: { run?: OwnRun; proxy?: PublicProxy; finch?: SimulatedFinch; emulator?: Emulator } = {};

  const bringUpEmulator = async (run: OwnRun, emulatorPort: number, signal: AbortSignal) => {
    const python = await steps.step("Python for the emulated AWS", () =>
      preparePython(emulatorRequirements, join(places.logs, "python.log"), signal),
    );
    const onStart = (own: OwnProcess, temporaryFolder: string) => run.update({ emulator: own, temporaryFolder });
    const emulator = await steps.step("emulated AWS up", () =>
      startEmulator({ places, python, port: emulatorPort, signal, onStart }),
    );
    running.emulator = emulator;
    const target = { places, endpoint: emulator.endpoint, callAws: createCallAws(emulator.endpoint), signal };
    await steps.step("emulated account bootstrapped", () => bootstrap(target));
    return { emulator, target };
  };

  const bringUpFinch = async (run: OwnRun, finchPort: number, signal: AbortSignal) => {
    if (otherFinch !== undefined) return { ...otherFinch, ended: new Promise<void>(() => {}) };
    const onStart = (own: OwnProcess) => run.update({ finch: own });
    const redirectUri = `${publicUrl}/connect/callback`;
    running.finch = await steps.step("simulated Finch up", () =>
      startSimulatedFinch({ places, port: finchPort, redirectUri, signal, onStart }),
    );
    return running.finch;
  };

  const start = async (): Promise<ReadyStack> => {
    const run = await beginRun(places.record, publicUrl, steps.say);
    running.run = run;
    running.proxy = await listenAtPublicPort(port);
    prepareFolder(options, run);
    const ports = await chooseInnerPorts(places.ports);
    const finchUrl = otherFinch?.url ?? `http://127.0.0.1:${ports.finch}`;

    const [{ emulator, target }, finch, assemblyDigest] = await allOrNone(options.signal, [
      (signal) => bringUpEmulator(run, ports.emulator, signal),
      (signal) => bringUpFinch(run, ports.finch, signal),
      (signal) =>
        steps.step("CDK app synthesised", () =>
          synthesise(places, { publicUrl, finchUrl, tokenStore, finchShare, pageMode }, signal),
        ),
    ]);
    const outputs = await steps.step("Perch deployed", async (rename) => {
      const deployed = await deploy({ ...target, signal: options.signal }, assemblyDigest);
      if (!deployed.changed) rename("Perch deployed already");
      emulator.keepState();
      await fillFinchSecret(target.callAws, deployed.outputs.FinchSecretArn, finch);
      running.proxy?.open({ endpoint: emulator.endpoint, apiId: deployed.outputs.ApiId });
      // As whoever deploys does on Finch's dashboard.
      await running.finch?.sendWebhooksTo(`${publicUrl}/webhooks/finch`);
      return collectOutputs(target.callAws, deployed.outputs, { publicUrl, endpoint: emulator.endpoint, finch });
    });
    writeOutputs(places.outputs, outputs);
    return {
      outputs,
      declareReady: () => run.update({ phase: "ready" }),
      broken: Promise.race([
        emulator.ended.then(() => `The emulated AWS has ended; its log is ${join(places.logs, "emulated-aws.log")}.`),
        finch.ended.then(
          () => `The simulated Finch has ended; its log is ${join(places.logs, "simulated-finch.log")}.`,
        ),
      ]),
    };
  };

  const stop = async () => {
    const { run, proxy, finch, emulator } = running;
    if (run === undefined) return;
    run.update({ phase: "stopping" });
    await proxy?.close();
    await finch?.stop();
    if (emulator !== undefined && !(await emulator.stop())) {
      steps.say("… the emulated AWS did not end in time: what this run stored is lost");
    }
    run.remove();
  };

  return { start, stop, isRunning: () => running.emulator !== undefined };
};

const prepareFolder = ({ places, fresh, steps }: LocalStackOptions, { followsKilledRun }: OwnRun) => {
  mkdirSync(places.logs, { recursive: true });
  rmSync(places.outputs, { force: true });
  if (fresh) forgetState(places);
  const beginning = prepareState(places);
  if (followsKilledRun && beginning === "as it was at the last start") {
    steps.say("… the last run was killed: going on with what there was when it began");
  }
};
