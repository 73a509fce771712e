import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fixtures } from '../fixtures/running.ts'

/** One thing that a client asks of a server. */
export type Ask =
  | { readonly list: 'tools' | 'prompts' | 'resources' | 'resourceTemplates' }
  | { readonly tool: string; readonly args?: Record<string, unknown> }
  | { readonly prompt: string; readonly args?: Record<string, string> }
  | { readonly read: string }

export type Official = {
  readonly name: string
  /** A server that speaks only the eras before 2026-07-28. */
  readonly isLegacy: boolean
  /** Its command over a folder of its own. */
  launch(folder: string): { readonly command: readonly string[]; readonly env: Readonly<Record<string, string>> }
  asks(folder: string): readonly Ask[]
}

const node = process.execPath
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const entry = (name: string) =>
  join(root, 'node_modules', '@modelcontextprotocol', `server-${name}`, 'dist', 'index.js')
const lists: readonly Ask[] = [{ list: 'tools' }]
const allLists: readonly Ask[] = [
  { list: 'tools' },
  { list: 'prompts' },
  { list: 'resources' },
  { list: 'resourceTemplates' },
]

/** The servers that people have, and our own fixture for the era that none of them speaks yet. */
export const officials: readonly Official[] = [
  {
    name: 'filesystem',
    isLegacy: true,
    launch(folder) {
      const project = join(folder, 'project')
      mkdirSync(project, { recursive: true })
      writeFileSync(join(project, 'readme.md'), '# Sample\n\nZwei Zeilen – ünïcode, 日本語.\n')
      return { command: [node, entry('filesystem'), project], env: {} }
    },
    asks: folder => [
      ...lists,
      { tool: 'list_directory', args: { path: join(folder, 'project') } },
      { tool: 'read_text_file', args: { path: join(folder, 'project', 'readme.md') } },
      { tool: 'write_file', args: { path: join(folder, 'project', 'new.txt'), content: 'written' } },
      { tool: 'read_text_file', args: { path: join(folder, 'project', 'new.txt') } },
      { tool: 'read_text_file', args: { path: '/etc/hostname' } },
      { tool: 'list_allowed_directories' },
    ],
  },
  {
    name: 'memory',
    isLegacy: true,
    launch: folder => ({ command: [node, entry('memory')], env: { MEMORY_FILE_PATH: join(folder, 'memory.jsonl') } }),
    asks: () => [
      ...lists,
      {
        tool: 'create_entities',
        args: { entities: [{ name: 'Ada', entityType: 'person', observations: ['writes'] }] },
      },
      { tool: 'read_graph' },
      { tool: 'search_nodes', args: { query: 'Ada' } },
      { tool: 'open_nodes', args: { names: 'not a list' } },
    ],
  },
  {
    name: 'everything',
    isLegacy: true,
    launch: () => ({ command: [node, entry('everything')], env: {} }),
    asks: () => [
      ...allLists,
      { tool: 'echo', args: { message: 'hello' } },
      { tool: 'get-sum', args: { a: 2, b: 40 } },
      { tool: 'get-annotated-message', args: { messageType: 'error', includeImage: true } },
      { tool: 'get-structured-content', args: { location: 'New York' } },
      { tool: 'get-resource-links', args: { count: 2 } },
      { tool: 'get-tiny-image' },
      { tool: 'trigger-long-running-operation', args: { duration: 1, steps: 2 } },
      { tool: 'no-such-tool' },
      { prompt: 'args-prompt', args: { city: 'Oslo' } },
      { read: 'demo://resource/static/document/architecture.md' },
    ],
  },
  {
    name: 'sequential-thinking',
    isLegacy: true,
    launch: () => ({ command: [node, entry('sequential-thinking')], env: { DISABLE_THOUGHT_LOGGING: 'true' } }),
    asks: () => [
      ...lists,
      {
        tool: 'sequentialthinking',
        args: { thought: 'First', nextThoughtNeeded: true, thoughtNumber: 1, totalThoughts: 2 },
      },
    ],
  },
  {
    name: 'postgres',
    isLegacy: true,
    // Nothing listens on port 1: the list works without a database, a query is the server's own error.
    launch: () => ({ command: [node, entry('postgres'), 'postgresql://127.0.0.1:1/none'], env: {} }),
    asks: () => [...lists, { tool: 'query', args: { sql: 'SELECT 1' } }],
  },
  {
    name: 'conformance fixture',
    isLegacy: false,
    launch: () => ({ command: [node, fixtures.conformance, 'stdio'], env: {} }),
    asks: () => [
      ...allLists,
      { tool: 'test_simple_text' },
      { tool: 'test_multiple_content_types' },
      { tool: 'test_tool_with_progress' },
      { tool: 'test_error_handling' },
      { prompt: 'test_prompt_with_arguments', args: { arg1: 'a', arg2: 'b' } },
      { read: 'test://static-text' },
      { read: 'test://template/7/data' },
    ],
  },
]
