import { useState } from "react";
import { EntryLayout } from "./entry-layout.tsx";
import { RegisterForm } from "./register-form.tsx";
import { SignInForm } from "./sign-in-form.tsx";

/** Sign in or create an account. `hasEnded`: the last session ended by itself. */
export function EntryPage({ hasEnded }: { readonly hasEnded: boolean }) {
  const [form, setForm] = useState<"sign-in" | "register">("sign-in");
  const [email, setEmail] = useState("");
  return (
    <EntryLayout>
      {form === "sign-in" ? (
        <SignInForm hasEnded={hasEnded} email={email} onEmail={setEmail} onRegister={() => setForm("register")} />
      ) : (
        <RegisterForm email={email} onEmail={setEmail} onSignIn={() => setForm("sign-in")} />
      )}
    </EntryLayout>
  );
}
