import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { end, identify, isRunning, type OwnProcess, signal, toOwnProcess } from "../../local/stack/own-processes.ts";
import { beginRun, endRun, readRun, removeTemporary } from "../../local/stack/run-record.ts";

const children: ChildProcess[] = [];
let folder: string;
let record: string;

/** A process that does nothing until it is told to end. */
const startIdler = (): OwnProcess => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  children.push(child);
  const own = toOwnProcess(child.pid);
  if (own === undefined) throw new Error("the idler did not start");
  return own;
};

const silent = () => {};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "perch-test-"));
  record = join(folder, "run.json");
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

describe("a process of ours", () => {
  it("is known by its number, its start and its command line", async () => {
    const own = startIdler();
    expect(isRunning(own)).toBe(true);
    expect(await end(own)).toBe(true);
    expect(isRunning(own)).toBe(false);
  });

  it("is not taken for another process that has its number now", () => {
    const stranger = startIdler();
    const ours = { pid: stranger.pid, identity: "1 node an-earlier-process.ts" };
    expect(isRunning(ours)).toBe(false);
    expect(signal(ours, "SIGKILL")).toBe(false);
    expect(isRunning(stranger)).toBe(true);
  });

  it("is gone when there is no process of that number", () => {
    expect(identify(2 ** 30)).toBeUndefined();
    expect(toOwnProcess(undefined)).toBeUndefined();
  });
});

describe("the record of what runs", () => {
  it("is made, changed and removed by the process that runs", async () => {
    const run = await beginRun(record, "http://localhost:1", silent);
    expect(readRun(record)).toMatchObject({ launcher: { pid: process.pid }, phase: "starting" });
    run.update({ phase: "ready" });
    expect(readRun(record)).toMatchObject({ phase: "ready", url: "http://localhost:1" });
    run.remove();
    expect(existsSync(record)).toBe(false);
  });

  it("refuses a second run with a sentence that says where the first is and how to end it", async () => {
    await beginRun(record, "http://localhost:1", silent);
    await expect(beginRun(record, "http://localhost:2", silent)).rejects.toThrow(
      'Perch runs already at http://localhost:1: use that one, or end it with "npm run stop".',
    );
  });

  it("gives way when its process is gone, and what that one left behind is ended", async () => {
    const launcher = startIdler();
    const finch = startIdler();
    await end(launcher);
    writeFileSync(record, JSON.stringify({ launcher, finch, phase: "ready", url: "http://localhost:1" }));
    const said: string[] = [];
    await beginRun(record, "http://localhost:2", (line) => said.push(line));
    expect(isRunning(finch)).toBe(false);
    expect(said).toEqual(["… ending a process that a killed run left behind"]);
    expect(readRun(record)?.url).toBe("http://localhost:2");
  });

  it("leaves a process alone that only has the number of one of ours", async () => {
    const stranger = startIdler();
    const gone = { pid: stranger.pid, identity: "1 node finch.ts" };
    writeFileSync(record, JSON.stringify({ launcher: gone, finch: gone, phase: "ready", url: "http://localhost:1" }));
    await beginRun(record, "http://localhost:2", silent);
    expect(isRunning(stranger)).toBe(true);
  });

  it.each(["", "{", '{"launcher":{}}', "null"])("that is torn (%j) is replaced", async (text) => {
    writeFileSync(record, text);
    await beginRun(record, "http://localhost:1", silent);
    expect(JSON.parse(readFileSync(record, "utf8"))).toMatchObject({ phase: "starting" });
  });

  it("lets a stop end the run, and says when there is none", async () => {
    expect(await endRun(record, silent)).toEqual({ found: "nothing" });
    const launcher = startIdler();
    writeFileSync(record, JSON.stringify({ launcher, phase: "ready", url: "http://localhost:1" }));
    expect(await endRun(record, silent)).toEqual({ found: "run", url: "http://localhost:1" });
    expect(isRunning(launcher)).toBe(false);
    expect(existsSync(record)).toBe(false);
  });
});

describe("a temporary folder in a record", () => {
  it("is removed only when it is one that a run makes", () => {
    const ours = mkdtempSync(join(tmpdir(), "perch-local-"));
    removeTemporary(folder);
    removeTemporary(join(ours, "..", "..", "etc"));
    removeTemporary(ours);
    expect([existsSync(folder), existsSync(ours)]).toEqual([true, false]);
  });
});
