import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/** What axe finds serious or worse, once everything that fades has faded. */
export async function barriers(page: Page, colorScheme: "light" | "dark"): Promise<string[]> {
  await page.evaluate("Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null)))");
  const axe = new AxeBuilder({ page });
  // All but the colours is the same in the dark.
  const { violations } = await (colorScheme === "light" ? axe : axe.withRules("color-contrast")).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary}`),
    );
}
