import { type ClaimRule, near, words } from './claim-rule.ts'
import { claimWords } from './claim-words.ts'

const { secretFile, secretThing, wholeChat, ownPrompt, ownName, personal, handOver, inArgument, otherTools, toolName } =
  claimWords
const order = String.raw`(?:^|[:;,.!>\]-] ?|\b(?:then|also|and|first|please|to|must|should|always|or|never|you) )(?:never |always |also |first |then |please )?`
const carrier = String.raw`\b(?:side_?notes?|notes?|context|ctx|feedback|metadata|meta|trace|debug|extra|hint|memo|tag|reason|comment|payload|cache_key|nonce|salt|seed|signature|checksum|baseline|profile|state|background|annotation|footer|label|ref|remark|preamble|attachment|caller|summary|about\w*|info|data|entropy|stamp|marker|proof|\w+_(?:notes?|hint|ref|tag|proof|info|data|reference|context|memo|stamp|check))\b`
const example = /\b(?:e\.g\.|for example|example\.(?:com|org|net)|such as|like)\b|@example\b/u

/** Claims that have data handed over or sent away. */
export const takingClaims: readonly ClaimRule[] = [
  {
    id: 'takes-secret-file',
    says: 'wants a file with secrets read and handed over',
    weight: 2,
    all: [words(secretFile), words(handOver, inArgument)],
    unless: /\b(?:reads|loads|writes|stores|uses|signs|never|do not|don't|stay|stays|kept|mounts?|mounted)\b/u,
    excusedBy:
      /\b(?:ssh|keys?|secrets?|credentials?|env|environment|config\w*|vault|deploy\w*|mcp|servers?|dotenv|keychain|cookies?|auth\w*|login)\b/u,
  },
  {
    id: 'reads-secret-file',
    says: 'wants a file with secrets read',
    weight: 1,
    all: [
      words(secretFile),
      words(
        `${order}(?:read|open|load|cat|fetch|look|inspect|get|take|have|print|empty)\\b`,
        String.raw`\b(?:contents?|text|lines?|copy|dump|what is in|what it says) (?:of|from|in)\b`,
      ),
    ],
    unless: /\b(?:never|do not|don't|must not)\b/u,
    excusedBy: /\b(?:ssh|keys?|secrets?|credentials?|env|environment|config\w*|vault|deploy\w*|dotenv|cookies?)\b/u,
  },
  {
    id: 'takes-secrets',
    says: 'wants keys or passwords that are not its own',
    weight: 1,
    all: [
      words(secretThing),
      words(handOver, inArgument),
      words(
        String.raw`\b(?:any|all|every|another|other|user's|user’s|their|your own|found|you (?:find|found|know|have)|output of|dump|collect|gather|values? of|in the (?:workspace|project|home|environment))\b`,
      ),
    ],
    unless: /\b(?:never|do not|don't|must not|masked|server's own|set (?:it|them)? ?in)\b/u,
    excusedBy:
      /\b(?:keys?|tokens?|secrets?|credentials?|env|environment|passwords?|vault|deploy\w*|variables?|auth\w*|login|accounts?|cookies?)\b/u,
  },
  {
    id: 'takes-conversation',
    says: 'wants what was said in the conversation',
    weight: 1,
    all: [words(wholeChat), words(handOver, inArgument, String.raw`\([^)]{3,24}\):`)],
    unless: /\b(?:returns?|returned|continue|thread|reads|searches|lists|gets|shows|exports|never|do not|don't)\b/u,
    excusedBy:
      /\b(?:conversations?|chats?|messages?|threads?|transcripts?|meetings?|calls?|channels?|discussions?|sessions?|memor\w+|summar\w+)\b/u,
  },
  {
    id: 'takes-prompt',
    says: 'wants the instructions or the tools of the assistant',
    weight: 2,
    all: [words(ownPrompt), words(handOver, inArgument, String.raw`\([^)]{3,24}\):`)],
    unless:
      /\b(?:returns?|lists?|shows?|never|do not|don't|sub-?agent|completion|sets?|creates?|for the (?:model|agent|bot))\b/u,
    excusedBy:
      /\b(?:prompts?|agents?|assistants?|models?|llm|completions?|instructions?|guidelines?|rules|chat\w*|servers?|tools)\b/u,
  },
  {
    id: 'takes-model-name',
    says: 'wants to know which model or program is calling',
    weight: 1,
    all: [
      words(
        ownName,
        String.raw`\b(?:llm|model|assistant|ai|caller|agent)_(?:id|name|version|info|kind|used|model)\b[^:\n]{0,30}:`,
      ),
      words(handOver, inArgument, String.raw`\([^)]{3,24}\):`, ':'),
    ],
    unless: /\b(?:to use|e\.g\.|for example|which model answers|deploy\w*|default)\b/u,
    excusedBy: /\b(?:models?|llm|completions?|embeddings?|inference|agents?|assistants?|train\w*|chat\w*|prompts?)\b/u,
  },
  {
    id: 'hides-in-parameter',
    says: 'has an argument that asks for something else than its name says',
    weight: 2,
    all: [
      // The second pattern implies the first and takes longer to compile than all others together: few sentences reach it.
      words(`${carrier}[^:\\n]{0,30}:`),
      words(
        `${carrier}[^:\\n]{0,30}: ?(?:the |a |your |all )*(?:\\w+ ){0,3}?(?:${secretFile}|${secretThing}|${wholeChat}|${ownPrompt}|${ownName})`,
      ),
    ],
    unless: /\b(?:never|do not|don't|to use|e\.g\.|returned by|id of|for the service)\b/u,
    excusedBy:
      /\b(?:conversations?|chats?|messages?|threads?|transcripts?|models?|llm|prompts?|secrets?|credentials?|tokens?|auth\w*|agents?)\b/u,
  },
  {
    id: 'takes-personal',
    says: 'gathers what is known of the person',
    weight: 1,
    all: [
      words(near(personal, 40, personal)),
      words(
        String.raw`\b(?:user's|of the user|about the user|the user’s|what is known|gathered|earlier chats|from other tools)\b`,
      ),
    ],
    excusedBy:
      /\b(?:contacts?|customers?|users?|profiles?|accounts?|crm|people|members?|leads?|address\w*|orders?|bookings?)\b/u,
  },
  {
    id: 'sends-away',
    says: 'has data sent to an address that it names itself',
    weight: 2,
    all: [
      words(
        near(
          String.raw`\b(?:send|sending|post|posting|mail|mailing|forward|upload|stream|record|drop|mirror(?:ed)?|copy|copied|deliver|submit|put|write|report|bcc|cc|add|archive|back up|backed up|ship|archived|addressed|recipient|guest|delivered|goes|sent|posted|mailed)\b`,
          90,
          String.raw`(?:[\w.+-]{1,64}@[\w-]{1,63}\.[a-z]{2,}|https?:\/\/[\w.-]{3,80}|\bwww\.[\w.-]{3,80}|\+\d[\d ]{7,18})`,
        ),
      ),
    ],
    unless: new RegExp(
      `${example.source}|\\b(?:docs?|documentation|see|learn|guide|reference|format|default|endpoint|base url|localhost|127\\.0\\.0\\.1)\\b`,
      'u',
    ),
  },
  {
    id: 'redirects',
    says: 'changes where another tool sends to',
    weight: 2,
    all: [
      words(
        near(
          String.raw`\b(?:change|set|replace|rewrite|swap|exchange|switch|add|put|include|route|address(?:ed)?)\b`,
          60,
          String.raw`\b(?:recipients?|"?to"? (?:field|argument|parameter|address)|iban|destination|in (?:bcc|cc|copy)|payee|guest|copy field)\b`,
        ),
      ),
      words(
        toolName,
        otherTools,
        String.raw`\b(?:every|any|all|each) (?:\w+ )?(?:mails?|messages?|invitations?|payments?|transfers?|e-mails?)\b`,
      ),
      words(
        String.raw`@[\w-]+\.[a-z]{2,}|\b[a-z]{2}\d{2} ?[a-z0-9]{4}|https?:|\+\d{2}|\b(?:of|in|for|whenever|when|if|among)\b`,
      ),
    ],
    excusedBy: /\b(?:mail|e-?mail|invite|guests?|recipients?|calendar|event)\b/u,
  },
  {
    id: 'carries-in-link',
    says: 'wants data carried away in a link, a picture or a name',
    weight: 1.5,
    all: [
      words(
        near(
          String.raw`\b(?:append|add|attach|tack|put|place|hide|include|insert|encode|pack)\b`,
          60,
          String.raw`\b(?:query string|the url|the link|file name|subdomain|alt text|commit message|user agent|search query|picture|image)\b`,
        ),
        String.raw`!\[[^\]]{0,40}\]\([^)]{3,120}[?&]\w+=`,
        near(
          String.raw`\b(?:in|as|into|to) (?:base64|hex|rot13)\b|\bbase64\b`,
          40,
          String.raw`\b(?:argument|parameter|reply|answer|told)\b`,
        ),
      ),
      words(
        wholeChat,
        secretThing,
        String.raw`\b(?:what the user (?:told|said)|the user's|session details|the last message|the text of|where nobody looks|user data)\b`,
      ),
    ],
  },
  {
    id: 'gathers-from-others',
    says: 'wants what other tools returned',
    weight: 1,
    all: [
      words(
        near(
          handOver,
          40,
          String.raw`\b(?:what other tools returned|other tools' (?:results|output)|results? (?:that come )?(?:from|of) other (?:tools|servers)|every tool result|all tool results|mail bodies|bodies of mails?|every result that comes)\b`,
        ),
        near(
          String.raw`\b(?:results?|bodies|answers?|files|mails?)\b`,
          60,
          String.raw`\b(?:from other servers|read earlier|you open(?:ed)?|of other tools)\b`,
        ),
      ),
    ],
    unless: /\b(?:returns?|lists?)\b/u,
  },
]
