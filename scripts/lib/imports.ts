/** One import, export-from or dynamic import of a module, with its line counted from 1. */
export type Import = { specifier: string; line: number };

const comment = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

const forms = [
  /^[ \t]*(?:import|export)\b[^"'`;]*?\bfrom\s*["']([^"']+)["']/gm,
  /^[ \t]*import\s*["']([^"']+)["']/gm,
  /\bimport\s*\(\s*["']([^"']+)["']/g,
  /\brequire\s*\(\s*["']([^"']+)["']/g,
];

/** What a TypeScript or JavaScript module imports, types included; what stands in comments does not count. */
export const importsOf = (source: string): Import[] => {
  const code = source.replace(comment, (text, string: string | undefined) => string ?? text.replace(/[^\n]/g, " "));
  return forms
    .flatMap((form) =>
      [...code.matchAll(form)].map((match) => ({
        specifier: match[1] ?? "",
        line: code.slice(0, match.index + match[0].length).split("\n").length,
      })),
    )
    .toSorted((a, b) => a.line - b.line);
};
