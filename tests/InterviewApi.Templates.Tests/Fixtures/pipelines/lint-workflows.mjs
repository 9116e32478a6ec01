// What GitHub's own editor support says of the workflows whose paths are given: schema, contexts, expressions.
import { register } from 'node:module';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

// The packages import JSON as their bundlers want it.
const hook = "export const load = (url, context, next) => next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context);";
register('data:text/javascript,' + encodeURIComponent(hook));
const { validate } = await import('@actions/languageservice');
const { TextDocument } = await import('vscode-languageserver-textdocument');

let problems = 0;
for (const path of process.argv.slice(2)) {
  const document = TextDocument.create(pathToFileURL(path).href, 'yaml', 0, readFileSync(path, 'utf8'));
  for (const { message, range } of await validate(document)) {
    console.log(`${path}:${range.start.line + 1}: ${message}`);
    problems++;
  }
}
console.log(`${process.argv.length - 2} workflows, ${problems} problems`);
process.exitCode = problems === 0 ? 0 : 1;
