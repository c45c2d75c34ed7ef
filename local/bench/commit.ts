import { execFileSync } from "node:child_process";
import { root } from "../stack/places.ts";

/** The commit that this is, with `+` where files were changed since; null where git does not know. */
export const readCommit = (): string | null => {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    const commit = git("rev-parse", "--short=12", "HEAD");
    return git("status", "--porcelain", "--untracked-files=no") === "" ? commit : `${commit}+`;
  } catch {
    return null;
  }
};
