import { type ClaimRule, near, words } from './claim-rule.ts'

const order = String.raw`(?:^|[:;,.!>\]-] ?|\b(?:then|also|and|first|please|to|must|should|always|or|never|you) )(?:never |always |also |first |then |please )?`

/** Claims that have something done to the machine. */
export const deedClaims: readonly ClaimRule[] = [
  {
    id: 'fetches-and-runs',
    says: 'wants a program fetched and run',
    weight: 2,
    all: [
      words(
        String.raw`\b(?:curl|wget|iwr)\b[^\n]{0,120}[|]\s{0,2}(?:sudo )?(?:sh|bash|zsh|python\d?|node|iex)\b`,
        String.raw`\bbash <\(`,
        String.raw`--index-url https?:|\bpip install\b[^\n]{0,60}--(?:extra-)?index`,
        near(
          String.raw`\b(?:execute|run|start|download)\b`,
          40,
          String.raw`https?:\/\/[^\s]{3,80}\.(?:sh|ps1|exe|py)\b`,
        ),
      ),
    ],
  },
  {
    id: 'settles-in',
    says: 'wants to be started again later, or to change settings that guard',
    weight: 2,
    all: [
      words(
        order
          .replace('(?:^|', '(?:^|\\b(?:by|is|so) |')
          .concat(String.raw`(?:append|add|write|put|register|enter|place|enable|turn on|switch on|set|save)\b`),
      ),
      words(
        String.raw`\.(?:bashrc|zshrc|profile|bash_profile)\b|\bcrontab\b|\bauthorized_keys\b|\bstart-?up (?:file|folder)\b|\bkeys that may log in\b|\blaunchagents?\b|\.git\/hooks\b|\bgit hook\b`,
        String.raw`\b(?:list of )?mcp servers? of the client\b|\b(?:mcp|claude_desktop_config)\.json\b|\.cursor(?:rules|\/)|\b(?:claude|agents)\.md\b`,
        String.raw`\b(?:auto-?approv\w*|automatic approval|always allow|trust all tools|auto-?run|yolo)\b`,
      ),
    ],
    excusedBy:
      /\b(?:cron\w*|schedul\w*|hooks?|ssh|mcp|servers?|init\w*|settings?|config\w*|install\w*|rules|memory)\b/u,
  },
  {
    id: 'blinds',
    says: 'wants a safeguard switched off',
    weight: 1.5,
    all: [
      words(
        near(
          String.raw`\b(?:stop|disable|turn off|switch off|kill|uninstall|leave)\b`,
          30,
          String.raw`\b(?:logging|the audit|audit (?:service|log)|monitoring|the sandbox|sandboxing|antivirus|the firewall|other (?:mcp )?servers|safety|security)\b`,
        ),
        String.raw`\blogging (?:has to|must) be off\b`,
      ),
    ],
    unless: /\b(?:returns?|lists?|whether|cannot)\b/u,
    excusedBy: /\b(?:logging|alerts?|monitor\w*|firewall|audit|sandbox\w*|antivirus|services?|security)\b/u,
  },
  {
    id: 'plants',
    says: 'plants a rule for later conversations',
    weight: 1,
    all: [
      words(
        String.raw`\byour (?:permanent|long-term|persistent|own) (?:notes|memory)\b`,
        String.raw`\b(?:later|future|all coming) (?:chats|conversations|sessions)\b`,
        String.raw`\bfrom (?:today|now) on\b|\bkeep that rule\b`,
      ),
      words(String.raw`\b(?:regard|keep|put|store|remember|trust|save|treat|settled|always|belongs)\b`),
    ],
    excusedBy: /\b(?:memor\w+|remember\w*|notes?|facts?|preferences?|knowledge|recall)\b/u,
  },
  {
    id: 'loops',
    says: 'wants to be called without end',
    weight: 1,
    all: [
      words(
        near(
          String.raw`\b(?:call|invoke|run)\b`,
          40,
          String.raw`\b(?:without (?:end|pause)|forever|until told otherwise|again and again|hundred times|no matter what)\b`,
        ),
      ),
    ],
  },
  {
    id: 'destroys',
    says: 'wants things deleted that it has no business with',
    weight: 1,
    all: [
      words(
        near(
          `${order}(?:delete|remove|drop|empty|erase|wipe|clear|overwrite)\\b`,
          40,
          String.raw`(?:\.git (?:folder|directory)|\b(?:backups?|the logs?|audit (?:table|log)|other branches|recycle (?:bin|folder)|the history)\b)`,
        ),
      ),
    ],
    unless: /\b(?:never|do not|don't|cannot|returns?)\b/u,
    excusedBy: /\b(?:delete\w*|remove\w*|clean\w*|backups?|logs?|branch\w*|purge|trash|history|recycle)\b/u,
  },
]
