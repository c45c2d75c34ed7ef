import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { buildPage } from "../../../web/build.ts";
import type { PageConfig, PageFiles } from "../../../web/config.ts";
import { contentSecurityPolicy, renderIndex, renderTheme } from "../../../web/document.ts";
import { answerCall, createWorld, type FakeWorld } from "./fake-api.ts";

/** The built page on this machine, under its real headers, with a fake of its API and of Finch Connect. */
export interface PageServer {
  /** Where the page is. */
  readonly url: string;
  readonly connectUrl: string;
  /** What the fake knows; a test puts its own in. */
  world: FakeWorld;
  /** What the stage configures; a test may change it. */
  config: PageConfig;
  /** What Finch Connect shows, at its own origin and at one that only begins alike. */
  connectPage: string;
  readonly close: () => Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** Builds the page and serves it. */
export const startPageServer = async (): Promise<PageServer> => {
  const built = await buildPage();
  const connect = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end(serving.connectPage);
  });
  const connectUrl = await listen(connect);

  const files = (): PageFiles => ({
    script: `/page/assets/${built.script}`,
    style: `/page/assets/${built.style}`,
    theme: "/page/assets/theme.css",
    logo: "/page/assets/logo.svg",
  });

  const site = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://page");
    if (pathname === "/page") {
      response.writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": contentSecurityPolicy(serving.config),
        "cache-control": "no-store",
        "referrer-policy": "strict-origin",
        "x-content-type-options": "nosniff",
      });
      response.end(renderIndex(serving.config, files(), "en"));
    } else if (pathname.startsWith("/page/assets/")) {
      const name = pathname.slice("/page/assets/".length);
      const file = name === "theme.css" ? renderTheme(serving.config) : name === "logo.svg" ? logo : built.files[name];
      response.writeHead(file === undefined ? 404 : 200, { "content-type": types[extname(name)] ?? "text/plain" });
      response.end(file);
    } else if (pathname.startsWith("/page/")) {
      void answerCall(serving.world, request, response, (state) => `${connectUrl}/authorize?state=${state}`);
    } else {
      response.writeHead(404).end();
    }
  });
  const origin = await listen(site);

  const serving: PageServer = {
    url: `${origin}/page`,
    connectUrl,
    world: createWorld(),
    config: {
      platform: "Harbor Benefits",
      accent: "#1f5a4c",
      logo: false,
      mode: "redirect",
      connectUrl,
      languages: ["en", "es"],
      helpUrl: "https://harbor.example/help",
      privacyUrl: "https://harbor.example/privacy",
    },
    connectPage: "<!doctype html><title>Connect</title><h1>Finch Connect</h1>",
    close: async () => {
      for (const server of [site, connect]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
  return serving;
};

const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 32"><rect width="120" height="32" rx="6" fill="#0b3d91"/><circle cx="18" cy="16" r="8" fill="#fff"/></svg>`;
