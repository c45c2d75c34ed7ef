import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Page } from "playwright-core";

/** Takes a picture of the whole page, or of the window while a dialog is open in it: as WebP, which is a third of a PNG. */
export const takePicture = async (page: Page, path: string): Promise<void> => {
  const chromium = await page.context().newCDPSession(page);
  const { cssContentSize, cssLayoutViewport } = await chromium.send("Page.getLayoutMetrics");
  const hasDialog = (await page.locator("dialog[open]").count()) > 0;
  const clip = hasDialog
    ? {
        ...{ x: cssLayoutViewport.pageX, y: cssLayoutViewport.pageY },
        ...{ width: cssLayoutViewport.clientWidth, height: cssLayoutViewport.clientHeight },
      }
    : { x: 0, y: 0, width: cssContentSize.width, height: cssContentSize.height };
  const { data } = await chromium.send("Page.captureScreenshot", {
    ...{ format: "webp", quality: 75, captureBeyondViewport: true },
    clip: { ...clip, scale: 1 },
  });
  await chromium.detach();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.from(data, "base64"));
};
