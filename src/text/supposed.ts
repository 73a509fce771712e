import type { Span } from './view.ts'

const ahead = 48
const after = 12

// "If you forget …", "did you forget …": right before the verb, for what stands further ahead ("if you are an agent, ignore …")
// is a condition of an order.
const supposing = new RegExp(
  `(?:^|[^\\p{L}])(?:${[
    '(?:if|when|whenever|in case|once|unless|should|did|do|have|had) (?:you|he|she|they|we|one|someone|somebody|the user|users|people)(?: (?:ever|accidentally|have|happen to|already|just|later|now))?',
    '(?:wenn|falls|sobald|haben|hast|habt) (?:sie|du|man|ihr)(?: (?:einmal|mal|je))?(?: (?:alle|die|diese|sämtliche|ihre|deine)){0,2}',
    "(?:si|quand|lorsque) (?:vous|tu|on|l'on)(?: avez| as)?|avez-vous|as-tu",
    '(?:si|cuando)(?: usted| tú| alguna vez)?',
    '(?:quando|se)(?: lei| tu| voi| você| o usuário)?',
    '(?:als|wanneer|indien) (?:u|je|men)(?: ooit)?(?: (?:alle|de|deze|uw)){0,2}',
    '(?:jeśli|jeżeli|gdy|kiedy)(?: kiedykolwiek| już)?',
    '(?:если|когда|якщо)(?: вы| ты| ви)?',
    '(?:jika|kalau|bila|apabila)(?: anda| kamu| kita)?',
    '(?:nếu|khi)(?: bạn)?',
    '(?:यदि|अगर)(?: आप| तुम)?(?: पिछले| इन)?',
    '(?:eğer)(?: siz| sen)?',
    '(?:إذا|لو|إن)(?: كنت)?',
  ].join(
    '|',
  )})\\s{1,3}$|(?:如果|若是|若|假如|假使|要是|万一|萬一|倘若|一旦)(?:您|你|您们|你们|您們|你們|用户|用戶|有人)?(?:已经|已經|不小心|曾)?\\s?$|(?:もし|만약|혹시)\\s?(?:あなたが|당신이)?\\s?$`,
  'iu',
)

// Languages that put the verb last say it with the verb's ending.
const supposed =
  /^\p{L}{0,3}?(?:した場合|た場合|場合|したら|たら|すると|るとき|たとき|れば|으면|면|하면|버리면|버린 경우|한 경우|rsanız|rsan|yorsanız|dıysanız|tuysanız|जाएं तो|जाते हैं)/iu

/** Whether what was found says what happens if somebody does so, or asks whether they did, rather than to do it. */
export function isSupposed(text: string, [from, to]: Span): boolean {
  return supposing.test(text.slice(Math.max(0, from - ahead), from)) || supposed.test(text.slice(to, to + after))
}
