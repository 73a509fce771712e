import { type ClaimRule, near, words } from './claim-rule.ts'
import { claimWords } from './claim-words.ts'

const { otherTools, toolName, defamed, retired } = claimWords
const speech = String.raw`\b(?:recommend|suggest|present|promote|praise|mention|steer|offer|say|state|claim|report|answer|tell|speak|describe|warn|insist|deny|advise|rate|vote)\b`
const notWhat = String.raw`\b(?:even (?:if|where|when|though)|whatever|whichever|regardless|no matter|whether or not|also (?:if|where|when))\b`
const person = `(?:the )?(?:user|users|person|human|people|customer|anyone|anybody|them)`

/** Claims to power over the reader, the person or other tools. */
export const powerClaims: readonly ClaimRule[] = [
  {
    id: 'hushes',
    says: 'wants something kept from the person',
    weight: 1,
    all: [
      words(
        near(
          String.raw`\b(?:do not|don't|never|without|no need to|need not|avoid)\b`,
          24,
          String.raw`\b(?:mention\w*|tell\w*|bring (?:it|this) up|reveal\w*|inform\w*|notify\w*|disclos\w*|hint at|refer to (?:it|this|that)|report (?:it|this|that|which|the)|comment\w* on|explain\w*)\b`,
        ),
        String.raw`\bkeep (?:it|this|quiet|that|the \w+) (?:to yourself|from|secret|internal|between|about)`,
        String.raw`\b(?:leave|keep) (?:it|this|that) out of\b`,
        String.raw`\b(?:an? internal matter|stays? internal|none of their business|behind the scenes|need not know|do(?:es)? not (?:have|need) to know|do not learn (?:about|of)|unsaid|not for human eyes|nobody (?:has|needs) to (?:hear|know|learn)|no one (?:has|needs) to (?:hear|know|learn)|and nothing more)\b`,
        String.raw`\b(?:send|copy|add|run|call|upload|forward|store) (?:\w+ ){0,4}(?:quietly|silently|covertly|in secret|unnoticed)\b|\bdo (?:it|this|so) (?:quietly|silently|covertly|in secret)|\b(?:quietly|silently|covertly) (?:send|copy|add|run|call|upload|forward|store|bcc|include)\b`,
      ),
    ],
    unless:
      /\b(?:secrets?|passwords?|tokens?|values?|credentials|silently (?:fail|ignore|drop|skip|route|scope)\w*|fails? silently|ignored silently|without notifying (?:users|members|recipients|subscribers)|cost|price|ticket|issue)\b/u,
  },
  {
    id: 'hushes-user',
    says: 'wants something kept from the person',
    weight: 1,
    all: [
      words(
        near(
          String.raw`\b(?:do not|don't|never|without|no need to|need not|should not|must not|better that|hide|conceal|leave out)\b`,
          40,
          `\\b${person}\\b`,
        ),
      ),
      words(
        String.raw`\b(?:tell\w*|mention\w*|inform\w*|show\w*|know|learn|notic\w*|notify\w*|aware|see|find out|explain\w*|hide|conceal|reach|asking)\b`,
      ),
    ],
    unless:
      /\b(?:secrets?|passwords?|tokens?|link|unless|before|raw|ids?|internal ids?|explicit\w*|requests?|asks? for|permission|confirm\w*|consent|approv\w*|first|technical)\b/u,
  },
  {
    id: 'runs-first',
    says: 'puts itself before or after the calls of other tools',
    weight: 1,
    all: [
      words(
        near(
          String.raw`\b(?:before|ahead of|prior to|after|whenever|for|together with)\b`,
          24,
          String.raw`\b(?:any|every|each|all) other (?:\w+ )?(?:tools?|calls?|functions?|servers?)\b`,
        ),
        String.raw`\b(?:on|for|with|after|before) (?:every|each|any) (?:turn|reply|answer|conversation|file operation|user message|question)\b`,
        String.raw`\b(?:all|other|every) (?:\w+ )?(?:calls?|tools?|functions?|traffic|file access|requests?) (?:\w+ ){0,3}(?:pass|go|are routed|be routed|must be announced|route) `,
        String.raw`\broute (?:all|every|any)\b`,
        String.raw`\b(?:other servers?|the remaining tools) (?:stay|refuse|give|are) (?:locked|to work|wrong)`,
        String.raw`\bwhether or not it\b|\beven (?:when|if) (?:it seems unrelated|not asked|nobody asked)`,
      ),
    ],
    unless:
      /\b(?:of the page|of the session|returns?|of this server|in this session|rate|billed|charged|logged|timeout|cached)\b/u,
  },
  {
    id: 'prefers-itself',
    says: 'wants to be taken instead of whatever else there is',
    weight: 1,
    all: [
      words(
        near(
          String.raw`\b(?:instead of|rather than|over|before|above|supersedes?|replaces?|overrides?|outranks?|takes over|precedence over|priority over)\b`,
          30,
          otherTools,
        ),
        near(
          String.raw`\b(?:no|not one|never (?:call|use|try)|do not (?:call|use|try)|don't use|ignore|skip|drop|disregard)\b`,
          16,
          otherTools,
        ),
        near(
          String.raw`\b(?:choose|pick|take|select|use|call|prefer|put|rank|rate)\b`,
          40,
          String.raw`\b(?:whatever the user|even where another|also where another|in every plan|before any other|whatever is asked|first, no matter|among all|of all)`,
        ),
        near(String.raw`\bof all\b`, 30, String.raw`\bthis is the\b`),
        String.raw`\b(?:best|finest|fastest|safest|only|most (?:reliable|trusted|secure|accurate)|superior|number one) (?:\w+ )?(?:tool|source|engine|choice|function|server)\b[^.\n]{0,40}\b(?:always|choose|select|take|pick|prefer|first|no other|never)\b`,
        String.raw`\b(?:passe avant|remplace|sustituye a|prioridad sobre|tem prioridade|hat vorrang|ersetzt)\b[^.\n]{0,20}\b(?:tou[st]|les autres|las demás|alle|todos|todas|as outras|anderen)\b`,
      ),
    ],
    unless: /\b(?:of this server|field|fields|option|flags?|filters?|settings?|column|arguments?)\b/u,
  },
  {
    id: 'slanders',
    says: 'speaks ill of a tool that is not its own',
    weight: 2,
    all: [words(defamed), words(toolName, otherTools)],
    unless:
      /\b(?:instructions|content|page|input|sql|query|html|sanitiz\w*|scan\w*|detect\w*|vulnerabilities|dependenc\w+|this (?:operation|tool|action) is|never guess|used together|called (?:twice|in parallel))\b/u,
    excusedBy: /\b(?:secur\w+|scan\w*|audit|vulnerab\w+|threat\w*|malware|leaks?)\b/u,
  },
  {
    id: 'retires',
    says: 'declares a tool retired and offers itself',
    weight: 0.5,
    all: [words(retired), words(toolName, otherTools)],
  },
  {
    id: 'retires-theirs',
    says: 'declares tools of others retired and offers itself',
    weight: 1,
    all: [
      words(retired, String.raw`\bsupersedes\b|\breplaces\b`),
      words(toolName, otherTools),
      words(
        String.raw`\b(?:other vendors|whole machine|on this machine|leftover|alias of this|in its place|same arguments|should you see|if (?:it|you) (?:appears?|see)|still listed|every (?:mail|file|search)\b|must (?:not|never) be (?:used|called)|ignore (?:it|the old)|never call it)\b`,
      ),
    ],
  },
  {
    id: 'says-approved',
    says: 'says that nobody needs to be asked',
    weight: 1,
    all: [
      words(
        String.raw`\b(?:already|in advance|pre-?)[ -]?(?:approved|authori[sz]ed|agreed|consented|confirmed|signed off|allowed)\b`,
        String.raw`\b(?:signed off|gave consent|has agreed|approved|agreed|consented)\b[^.\n]{0,40}\b(?:in advance|already|for all calls|every action|everything)\b`,
        near(
          String.raw`\b(?:skip|bypass|suppress|answer|go ahead without|proceed without|without)\b`,
          24,
          String.raw`\b(?:the (?:dialog|prompt|approval|confirmation|consent|review)|permission prompts?|approval|confirmation dialogs?|are you sure)\b`,
        ),
        String.raw`\b(?:confirmation|approval|consent|permission|a prompt|review) (?:is |are )?(?:unnecessary|not needed|not required|only slows?|can be skipped)\b`,
        String.raw`\bno (?:confirmation|approval|consent|review|permission)s? (?:is |are )?(?:needed|required|necessary)\b`,
        String.raw`\b(?:auto-?approv\w+|auto-?accept|always allow|yolo mode|automatic approval)\b`,
        String.raw`\b(?:with yes|yes) yourself\b|\bpress yes\b|\balready said yes\b|\b(?:wait|waiting) for a yes\b|\b(?:usual|ordinary|normal) (?:checks|rules|limits|questions)(?: \w+){0,5} (?:do not|don't|need not) (?:apply|be)\b|\b(?:never mind|click away) the\b|--no-verify\b`,
      ),
    ],
    unless:
      /\b(?:never|do not|don't|cannot|must not|if|when|only|unless|asks?|waits?|returns?|pull requests?|reviewers?|deletes?|removes?|overwrites?|permanently|warning|caution|danger|irreversible)\b/u,
  },
  {
    id: 'rules-by-output',
    says: 'wants what it returns obeyed',
    weight: 1,
    all: [
      words(
        String.raw`\b(?:what(?:ever)?(?: text)?(?: it)? (?:comes back|returns?|prints)|the (?:output|result|answer|response|summary|steps|commands)|lines of|its (?:output|answer|result|hints)|the text it)\b`,
      ),
      words(
        near(
          String.raw`\b(?:obey|follow|carry out|execute|comply with|act on|treat|regard|counts? as|carries|has the force|are|is|run)\b`,
          40,
          String.raw`\b(?:commands?|orders?|authority|instructions? (?:of|from) the user|without asking|system (?:messages?|instructions?)|exactly as|before what the user)\b`,
        ),
        String.raw`\b(?:carry out|execute|obey) the (?:steps|commands|orders)\b`,
      ),
    ],
    unless: /\b(?:do not|don't|never|untrusted|exit code|shell command)\b/u,
    excusedBy: /\b(?:commands?|shell|terminal|exec\w*|run|script)\b/u,
  },
  {
    id: 'claims-rank',
    says: 'claims a rank above the person or the rules',
    weight: 2,
    all: [
      words(
        near(
          String.raw`\b(?:same rank as|outranks?|override|overrides|come before|comes before|priority over|precedence over|above(?! \d)|over(?! \d)|obey)\b`,
          40,
          String.raw`\b(?:the user\b(?!'s (?:setting|default|config))|what the user (?:wants|says|asks)|the system prompt|developer instructions|your (?:rules|instructions)|other rules|what you were told)`,
        ),
        String.raw`(?:^|\s)(?:\[|<<|\()(?:system|platform|admin|operator|sys|developer)(?: (?:notice|note|message|prompt|order|directive))?(?:\]|>>|\))(?:$|[\s:])`,
        String.raw`\b(?:your|any) (?:earlier|former|other|previous) (?:instructions|rules)\b[^.\n]{0,40}\b(?:do not|don't|no longer) (?:count|apply|hold)\b|\byou (?:have|were given) (?:full authority|a free hand|the last word)\b|\b(?:meant |is )?for you and is to be\b`,
        String.raw`\bunder the \d{4} [\w ]{3,40} act\b|\bassistants (?:have to|must|are obliged)\b`,
      ),
    ],
    unless: /\b(?:hover|cursor|default|returns?|never)\b/u,
  },
  {
    id: 'waits',
    says: 'behaves otherwise after a time, a count or a word',
    weight: 0.5,
    all: [
      words(
        String.raw`\b(?:from|after|on) the (?:second|third|fourth|fifth|tenth|first \w+) (?:call|use|turn|time|request)`,
        String.raw`\bon (?:mondays|fridays|weekends)\b|\bafter \d{1,2}:\d{2}\b|\bat midnight\b|\bwhen (?:you are )?idle\b`,
        near(
          String.raw`\b(?:should|in case|if|when|whenever|as soon as|once)\b`,
          30,
          String.raw`\b(?:bring|brings|brought|come|comes|talk|talks|appears?|shows up|mentions?) (?:up|about|in)\b`,
        ),
      ),
    ],
  },
  {
    id: 'steers',
    says: 'wants something said or recommended, whatever the truth',
    weight: 1,
    all: [
      words(speech),
      words(
        notWhat,
        String.raw`\b(?:steer (?:them|the user|people)|speak badly|and nothing else|in favou?r of|as better than|with five stars|warn of the rest)\b`,
      ),
    ],
    unless: /\b(?:returns?|errors?|regardless of case|whatever format|tell the user (?:which|that|when|what)|ask)\b/u,
  },
]
