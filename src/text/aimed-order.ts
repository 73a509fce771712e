export const aimedBounds = { sentenceUnits: 600 } as const

// What an assistant can do with tools, said as an order.
const deeds = new Set(
  `send email mail forward message text reply share submit notify transfer pay wire move remit donate refund deposit withdraw
  buy order purchase book reserve subscribe rent delete remove erase cancel clear wipe drop purge trash archive close create add
  make schedule register write save set open insert append update change edit modify rename reset replace adjust reschedule
  publish post upload tweet comment announce export grant give allow invite promote assign permit authorize authorise run execute
  launch start trigger call invoke deploy install unlock lock switch turn enable disable activate disarm visit go navigate click
  follow fetch download retrieve get find look search list read copy collect show tell print reveal
  überweise überweisen zahle bezahle leite schicke schick sende teile lösche storniere buche bestelle kaufe füge lade gib ändere setze
  schalte öffne führe veröffentliche kopiere trage kündige hinzufügen ausführen weiterleiten löschen einladen
  vire virez transfère transférez envoie envoyez supprime supprimez efface effacez annule annulez réserve réservez commande achète ajoute
  ajoutez invite invitez donne donnez partage partagez change désactive désactivez exécute exécutez ouvre ouvrez publie copie colle effectue
  transfiere reenvía reenvíe envía envíe manda borra borre elimina elimine cancela cancele reserva reserve compra compre añade añada
  invita da dé comparte comparta cambia desactiva ejecuta ejecute abre abra publica copia haz
  trasferisci inoltra invia elimina cancella annulla prenota ordina aggiungi condividi cambia disattiva esegui apri pubblica dai fai paga
  transfira encaminhe envie mande apague exclua cancele compre adicione convide dê compartilhe mude desative rode abra publique pague faça cole
  maak stuur verwijder wis boek koop voeg geef deel wijzig przelej prześlij wyślij usuń zarezerwuj kup dodaj nadaj udostępnij zmień uruchom
  переведи переведите перешли перешлите отправь отправьте удали удалите забронируй купи добавь добавьте дай дайте открой измени выполни`.split(
    /\s+/u,
  ),
)

// Written without spaces: the deed stands somewhere in the sentence, and what aims it beside it.
const unspaced =
  /转账|转发|发送|上传|删除|预订|购买|邀请|添加|加入|共享|运行|执行|发布|重置|送金|振り込|転送|送信|削除|予約|購入|招待|追加|共有|実行|投稿|송금|전송|전달|삭제|예약|구매|초대|추가|공유|실행/u

// An order begins a sentence, or stands after one of these; "we send mail" tells, it does not order.
const ordering = new Set(
  'please kindly to must should you and then now also just first next shall will pls quickly simply assistant agent ai bitte und dann musst jetzt zuerst puis et merci ensuite maintenant por favor y luego ahora debes poi ora per depois agora i oraz и затем сначала'.split(
    ' ',
  ),
)

// Where something is to go, how much, which file, under which name: what a wish that only sounds alike leaves open.
const aim =
  /[\p{L}\d._+-]@[\p{L}\d-]+\.\p{L}{2}|https?:\/\/|www\.|(?<![\p{L}\d])\p{Lu}{2}\d{2}[\p{Lu}\d]{8}|[$€£]\s?\d|\d\s?(?:euros?|dollars?|usd|eur|pounds)(?!\p{L})|(?<!\S)~?\/[\w.-]{1,40}\/|\d{6}|(?<!\p{L})['"“][^'"”]{2,60}['"”](?!\s?:)/iu

/** Whether a sentence orders a deed that tools can do, and names its aim: an address, an amount, a file, a name in quotes. */
export function isAimedOrder(sentence: string): boolean {
  const said = sentence.slice(0, aimedBounds.sentenceUnits)
  return aim.test(said) && hasOrder(said)
}

/** Whether a sentence orders a deed that tools can do: in its first word, or after one that orders. */
export function hasOrder(said: string): boolean {
  if (unspaced.test(said)) return true
  const tokens = said.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}@._'+-]{0,60}|[^\s\p{L}\p{N}]/gu) ?? []
  return tokens.some((token, i) => {
    if (!deeds.has(token.replace(/[.']{1,3}$/u, ''))) return false
    const before = tokens[i - 1]
    return before === undefined || ordering.has(before) || !/[\p{L}\p{N}]/u.test(before)
  })
}
