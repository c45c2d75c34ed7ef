import { readFileSync } from "node:fs";
import { extname } from "node:path";
import type { PageConfig } from "../web/config.ts";
import type { ReadContext } from "./read-context.ts";

/** The connections page of a stage. */
export interface PageSettings {
  /** What the page is told; public. */
  readonly config: PageConfig;
  /** The platform's logo, a file of this machine. */
  readonly logoFile: string | undefined;
  /** The Finch products that the page's Connect sessions ask for. */
  readonly products: readonly string[];
}

const finchApi = "https://api.tryfinch.com";
const finchConnect = "https://connect.tryfinch.com";
const mostLogoBytes = 100_000;

/**
 * What the context says of the connections page: `pagePlatform`, `pageAccent` (`#rrggbb`), `pageLogo` (a file), `pageLanguages`
 * and `pageProducts` (comma separated), `pageMode` (`redirect` or `embedded`), `pageHelpUrl`, `pagePrivacyUrl`, and `connectUrl`,
 * where Finch Connect is.
 *
 * @param finchUrl Finch's API; a simulated Finch has its Connect at the same origin.
 * @throws Error naming the context value that is wrong and what it may be.
 */
export const readPageSettings = (context: ReadContext, finchUrl: string): PageSettings => {
  const logoFile = context("pageLogo");
  if (logoFile !== undefined) checkLogo(logoFile);
  return {
    logoFile,
    products: readWords("pageProducts", context, productPattern, ["company", "directory", "individual", "employment"]),
    config: {
      platform: readName(context("pagePlatform") ?? "This application"),
      accent: readAccent(context("pageAccent") ?? "#2f5fd0"),
      logo: logoFile !== undefined,
      mode: readMode(context("pageMode") ?? "redirect"),
      connectUrl: readOrigin(context("connectUrl") ?? (finchUrl === finchApi ? finchConnect : finchUrl)),
      languages: readWords("pageLanguages", context, languagePattern, ["en", "es"]),
      helpUrl: readLink("pageHelpUrl", context),
      privacyUrl: readLink("pagePrivacyUrl", context),
    },
  };
};

const productPattern = /^[a-z]+(?:_[a-z]+)*$/;
const languagePattern = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/;

const readName = (name: string): string => {
  if (!/^\P{C}{1,80}$/u.test(name)) throw new Error("context pagePlatform: expected a name of 1 to 80 characters");
  return name;
};

const readAccent = (accent: string): string => {
  if (!/^#[0-9a-f]{6}$/i.test(accent))
    throw new Error(`context pageAccent=${accent}: expected a colour such as #2f5fd0`);
  return accent;
};

const readMode = (mode: string): PageConfig["mode"] => {
  if (mode === "redirect" || mode === "embedded") return mode;
  throw new Error(`context pageMode=${mode}: expected one of redirect, embedded`);
};

const readOrigin = (text: string): string => {
  const url = URL.parse(text);
  if (url === null || url.origin !== text) {
    throw new Error(`context connectUrl=${text}: expected an origin such as ${finchConnect}`);
  }
  return url.origin;
};

const readLink = (name: string, context: ReadContext): string | null => {
  const text = context(name);
  if (text === undefined) return null;
  const url = URL.parse(text);
  if (url?.protocol !== "https:") throw new Error(`context ${name}=${text}: expected an https address`);
  return url.href;
};

const readWords = (
  name: string,
  context: ReadContext,
  pattern: RegExp,
  otherwise: readonly string[],
): readonly string[] => {
  const words = context(name)
    ?.split(",")
    .map((word) => word.trim());
  const wrong = words?.find((word) => !pattern.test(word));
  if (wrong !== undefined) throw new Error(`context ${name}=${wrong}: expected words such as ${otherwise.join(",")}`);
  return words ?? otherwise;
};

/** How files of these kinds begin. */
const signatures: Readonly<Record<string, RegExp>> = {
  ".png": /^\x89PNG/,
  ".jpg": /^\xff\xd8\xff/,
  ".webp": /^RIFF.{4}WEBP/s,
  ".svg": /^\s*(?:<\?xml|<svg)/,
};

const checkLogo = (file: string): void => {
  const content = readFileSync(file);
  const signature = signatures[extname(file)];
  if (signature === undefined || !signature.test(content.toString("latin1", 0, 64))) {
    throw new Error(`context pageLogo=${file}: expected a .png, .jpg, .webp or .svg file that is one`);
  }
  if (content.length > mostLogoBytes)
    throw new Error(`context pageLogo=${file}: expected ${mostLogoBytes} bytes at most`);
};
