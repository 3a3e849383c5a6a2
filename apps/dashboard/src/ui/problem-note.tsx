import { IconAlertCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./problem-note.module.css";

/** Says, where it happened, what went wrong; read out at once. */
export function ProblemNote({ children }: { readonly children: ReactNode }) {
  return (
    <div className={classes.note} role="alert">
      <IconAlertCircle size={17} stroke={1.8} aria-hidden />
      <div>{children}</div>
    </div>
  );
}
