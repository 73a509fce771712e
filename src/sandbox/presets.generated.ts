// Made from permissions/*.yaml by scripts/generate.ts; change those.
import type { Preset } from './preset.ts'

/** What well-known servers need. */
export const knownServers: readonly Preset[] = [
  {
    package: '@modelcontextprotocol/server-brave-search',
    about: 'Reaches the Brave Search API with the key given in its environment.',
    permissions: {
      net: { hosts: [ 'api.search.brave.com:443' ] },
      reason: 'searches the web through the Brave Search API'
    }
  },
  {
    package: '@modelcontextprotocol/server-everything',
    about: 'Shows every feature of the protocol; needs nothing.',
    permissions: { reason: 'demonstration server' }
  },
  {
    package: '@modelcontextprotocol/server-filesystem',
    about: 'Reads the folders named in its command. To let it write, add them under files.write, best with staging.',
    permissions: { files: { read: [ '<arguments>' ] }, reason: 'reads the folders that its command names' }
  },
  {
    package: '@modelcontextprotocol/server-github',
    about: 'Reaches the GitHub API with the token given in its environment.',
    permissions: {
      net: { hosts: [ 'api.github.com:443' ] },
      reason: 'works with repositories through the GitHub API'
    }
  },
  {
    package: '@modelcontextprotocol/server-memory',
    about: 'Keeps its notes in a folder of its own, and nowhere else.',
    permissions: {
      files: { write: [ '<state>' ] },
      env: { MEMORY_FILE_PATH: '<state>/memory.jsonl' },
      reason: 'remembers notes between sessions'
    }
  },
  {
    package: '@modelcontextprotocol/server-postgres',
    about: 'Reaches the one database named in its command.',
    permissions: { net: { hosts: [ '<hosts>' ] }, reason: 'queries the database that its command names' }
  },
  {
    package: '@modelcontextprotocol/server-puppeteer',
    about: 'Drives the Chromium that is installed under /usr (apt install chromium). Name the sites it may open under net.hosts; without them it opens none.',
    permissions: {
      env: { PUPPETEER_EXECUTABLE_PATH: '<browser>', DOCKER_CONTAINER: 'true' },
      children: 'any',
      unixSockets: true,
      limits: { pids: 512, memoryMiB: 2048, tmpMiB: 512, openFiles: 4096 },
      reason: 'opens pages in a browser'
    }
  },
  {
    package: '@modelcontextprotocol/server-sequential-thinking',
    about: 'Works on what it is told; needs nothing.',
    permissions: { reason: 'keeps a chain of thoughts in memory' }
  },
  {
    package: '@modelcontextprotocol/server-slack',
    about: 'Reaches the Slack API with the token given in its environment.',
    permissions: { net: { hosts: [ 'slack.com:443' ] }, reason: 'reads and posts messages through the Slack API' }
  },
]
