import { isFleetError } from "@dsp-fleet/fleet-client";
import { Button } from "@mantine/core";
import { useFleet } from "../fleet-context.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { problemText } from "../ui/problem-text.ts";
import { useText } from "../ui/use-text.ts";
import classes from "./device-list.module.css";

/** In place of the list when the vans did not come. It is tried again by itself meanwhile. */
export function ListProblem({ problem }: { readonly problem: unknown }) {
  const t = useText();
  const { feed } = useFleet();
  return (
    <div className={classes.problem}>
      <ProblemNote>
        <strong>{t("load.title")}</strong>
        <br />
        {isFleetError(problem, "internal")
          ? t("load.failed", { trace: problem.traceId ?? "500" })
          : isFleetError(problem, "unreachable") || isFleetError(problem, "unavailable")
            ? t("load.unreachable")
            : problemText(t, problem)}
      </ProblemNote>
      <Button variant="default" size="xs" onClick={feed.retry}>
        {t("common.retry")}
      </Button>
    </div>
  );
}
