import { useState } from "react";
import { useText } from "../ui/use-text.ts";
import { Wordmark } from "../ui/wordmark.tsx";
import classes from "./entry-page.module.css";
import { RegisterForm } from "./register-form.tsx";
import { SignInForm } from "./sign-in-form.tsx";
import { Streets } from "./streets.tsx";

/** Sign in or create an account. `hasEnded`: the last session ended by itself. */
export function EntryPage({ hasEnded }: { readonly hasEnded: boolean }) {
  const t = useText();
  const [form, setForm] = useState<"sign-in" | "register">("sign-in");
  const [email, setEmail] = useState("");
  return (
    <div className={classes.page}>
      <main className={classes.side}>
        <Wordmark />
        <div className={classes.form}>
          {form === "sign-in" ? (
            <SignInForm hasEnded={hasEnded} email={email} onEmail={setEmail} onRegister={() => setForm("register")} />
          ) : (
            <RegisterForm email={email} onEmail={setEmail} onSignIn={() => setForm("sign-in")} />
          )}
        </div>
      </main>
      <aside className={classes.picture} aria-hidden>
        <Streets />
        <p className={classes.tagline}>{t("session.tagline")}</p>
      </aside>
    </div>
  );
}
