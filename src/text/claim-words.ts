// Words of descriptions in classes, as parts of patterns over lower-case text: a pattern that folds case itself takes
// four times as long. Linear: alternations of plain words, bounded repetition only.
const any = (...words: string[]): string => `(?:${words.join('|')})`

/** Files that hold what nobody gives away. */
const secretFile = any(
  String.raw`\.ssh\b`,
  String.raw`\bid_(?:rsa|ed25519|ecdsa|dsa)\b`,
  String.raw`\.(?:env|netrc|npmrc|pypirc|pgpass|git-credentials|bash_history|zsh_history|htpasswd|vault-token)\b`,
  String.raw`\.(?:aws|kube|docker|gnupg|azure|config\/gh|config\/gcloud)\/`,
  String.raw`\/etc\/(?:passwd|shadow|sudoers)`,
  String.raw`\b(?:mcp|claude_desktop_config|mcp_config)\.json\b`,
  String.raw`\b(?:secrets?\.(?:ya?ml|json|env)|master\.key|wallet\.dat|credentials\.(?:json|db|csv)|terraform\.tfstate)\b`,
  String.raw`\b(?:key ?chain|cookie (?:store|database|jar)|browser (?:cookies|passwords)|password manager|ssh (?:directory|folder|keys?)(?! (?:ids?|names?|fingerprints?)\b)|private keys?)\b`,
)

/** Secrets by name, as somebody asks for them. */
const secretThing = any(
  String.raw`\b(?:api|access|secret|auth|bearer|session|refresh|github|oauth|aws|openai|admin\w*|service account) ?-?(?:keys?|tokens?|cookies?|credentials|json)\b`,
  String.raw`\b(?:openai|github|gh|aws|anthropic|gitlab|slack|stripe|npm|google|azure|database|db|hf)_(?:\w{1,12}_)?(?:key|token|secret|password)\b`,
  String.raw`\b(?:passwords?|passphrases?|credentials|seed phrase|recovery codes?|one-?time codes?|env(?:ironment)? (?:vars?|variables)|process\.env|printenv)\b`,
  String.raw`\b(?:variables of the shell|output of .?env\b)`,
)

/** What was said before, taken whole. */
const wholeChat = any(
  String.raw`\b(?:full|whole|entire|complete|verbatim|unabridged|previous|prior|earlier|last|recent|past|so far|all(?: the)?|every) (?:\w+ ){0,3}(?:conversations?|chats?|chat history|dialog(?:ue)?s?|transcripts?|messages?|turns?|discussion|exchange|session log|tool (?:results|outputs|calls))\b`,
  String.raw`\b(?:conversation|chat|dialog(?:ue)?|transcript|messages|discussion|everything|all)(?: \w+){0,4} (?:so far|up to (?:this|that) point|until now|said before|from (?:its|the) beginning|above|verbatim|word for word|in full)\b`,
  String.raw`\beverything (?:that )?(?:was |has been |the user )?(?:said|wrote|typed|asked|told)\b`,
  String.raw`\bwhat the user (?:told|said to) you\b`,
  String.raw`\b(?:chat|conversation|message) (?:history|transcript|log)\b`,
  String.raw`\b(?:your|the model's|hidden) (?:reasoning|thoughts|chain of thought|scratchpad)\b`,
)

/** What an assistant was told before its user spoke. */
const ownPrompt = any(
  String.raw`\b(?:your|the assistant's|the model's|the hidden|the initial|the original) (?:\w+ )?(?:system )?(?:prompt|instructions|rules|guidelines|guidance|configuration|preamble|directives)\b`,
  String.raw`\b(?:system|developer|initial|hidden) (?:prompt|message|instructions)\b`,
  String.raw`\b(?:text|instructions|rules|guidance|words|preamble) (?:that )?you (?:were|are|have been|operate|run|follow|got|received|work)\b`,
  String.raw`\b(?:list|names|descriptions) of (?:all |the )?(?:your |other |installed |connected )?(?:tools|servers)(?: you (?:have|can use))?\b`,
)

/** Who is asking: the model, its maker, its host. */
const ownName = any(
  String.raw`\b(?:your|the calling|the caller's) (?:model|llm|ai)(?:'s)? ?(?:name|id|identifier|family|version|provider)?\b`,
  String.raw`\b(?:name|version|identity|family|vendor|provider|maker|identifier)(?: and \w+)? of the (?:calling )?(?:model|llm|ai|assistant|agent|host)\b`,
  String.raw`\b(?:which|what) (?:llm|model|ai|assistant)(?: and \w+ \w+)? (?:you are|is (?:making|calling|used)|makes|calls)\b`,
  String.raw`\b(?:its|your) model (?:family|name|version)\b`,
)

/** What is known of a person. */
const personal = String.raw`\b(?:full name|home address|postal address|address|phone(?: number)?|e-?mail(?: address)?|birthday|date of birth|employer|salary|location|family members|card number|health|income|contacts|name)\b`

/** To give something along with a call. */
const handOver = any(
  String.raw`\b(?:pass|send|give|include|copy|paste|put|place|supply|provide|attach|hand|fill|forward|submit|deliver|append|feed|share|report|state|declare|reproduce|repeat|quote|tell|show|enter|dump|collect|gather|set|add|relay|stream|take|type|zip|pack|upload|mirror|tack|belongs?|goes|carries|contains?|holds?|expects?|requires?|needs?|takes|wants|given|supplied|passed|provided|included|attached|sent|placed|handed)\b`,
)

/** The argument that it is to travel in. */
const inArgument = any(
  String.raw`\b(?:argument|parameter|param|field|property)\b`,
  String.raw`\b(?:as|in|into|under|with|to) (?:the )?[\u0060"'][\w.-]{2,40}[\u0060"']`,
  String.raw`\b(?:as|into) (?:sidenote|notes?|context|ctx|feedback|metadata|meta|trace|debug|extra|hint|memo|tag|seed|signature|baseline|profile|nonce|salt|state|token|auth|session)\b`,
  String.raw`\bcall(?:s)? (?:it |this )?with\b`,
)

/** Tools that belong to somebody else, or all there are. */
const otherTools = any(
  String.raw`\b(?:any|all|every|each|no) other (?:\w+ )?(?:tools?|servers?|functions?|search(?:es)?|sources?|calls?|ones?)\b`,
  String.raw`\bother (?:\w+ )?(?:tools?|servers?|vendors?|functions?|providers?)\b`,
  String.raw`\b(?:the )?(?:built-in|native|default|rival|competing|standard|filesystem|mail|git|search|browser|database) (?:\w+ )?(?:tools?|servers?|search|functions?)\b`,
  String.raw`\b(?:whatever|whichever|no matter which) (?:other )?tool\b`,
  String.raw`\bthe (?:others|alternatives|rest)\b|\b(?:any|every|all) alternatives?\b`,
)

/** A tool called by a name that nobody writes by chance. */
const toolName = String.raw`\b[a-z]{2,}(?:_[a-z]{2,}){1,4}\b`

/** What one says of a thing to make others fear it. */
const defamed = any(
  String.raw`\b(?:unsafe|insecure|compromised|hacked|malicious|malware|backdoor(?:ed)?|poisoned|forged|manipulated|fake|leak(?:s|ing|ed)?|steal(?:s|ing)?|spie[sd]|spying|corrupts?|untrusted vendor|violates? privacy|sells? data|dangerous|vulnerable|known vulnerability|security (?:holes?|flaws?))\b`,
  String.raw`\b(?:must not|should not|cannot|can't|never) be (?:trusted|used|called|relied)\b`,
  String.raw`\b(?:do not|don't|never) (?:trust|rely on)\b`,
)

const retired = String.raw`\b(?:deprecated|retired|withdrawn|outdated|obsolete|broken|switched off|superseded|leftover|replaced|unreliable|no longer works?|stale|discontinued)\b`

/** The classes by name. */
export const claimWords = {
  secretFile,
  secretThing,
  wholeChat,
  ownPrompt,
  ownName,
  personal,
  handOver,
  inArgument,
  otherTools,
  toolName,
  defamed,
  retired,
}
