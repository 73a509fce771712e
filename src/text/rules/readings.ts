const deeds =
  'read process handle open summarise summarize analyse analyze evaluate assess review screen rate cite quote index visit crawl parse scan triage view receive maintain monitor automate'.split(
    ' ',
  )

// “The agent reads this file” tells; “the agent that reads this file” picks out whoever does, which is how a text speaks
// to a reader that it does not know.
const english = deeds.flatMap(deed => {
  const stem = deed.replace(/e$/u, '')
  return [
    `${stem === 'scan' ? 'scann' : stem}ing this`,
    ...['that', 'which', 'who'].flatMap(word => [`${word} ${deed} this`, `${word} ${deed}s this`]),
    ...['used to', 'asked to', 'told to', 'meant to'].map(word => `${word} ${deed} this`),
  ]
})

/** How a text speaks of what is done with it, and what it wants to have said. */
export const readings = {
  /** After the word for the reader. */
  readsThis: `${english.join('|')}
    |reading these|that read these|summarising these|of this mailbox|of this page|of this document|on this page|used in peer review
    |, die diese|, die diesen|, die dieses|, die dies|, der diese|, der diesen|, der dieses|, der dies|, das diese|, das diesen|, das dieses|, das dies
    |dies liest|das hier liest|diese seite liest|diesen text liest|diesen text verarbeitet|dieses dokument prüft|diese bewerbung prüft
    |qui lit ce|qui lit cet|qui lit cette|qui lisent ce|qui lisent cet|qui lisent cette|qui ouvre ce|qui ouvre cette|qui traite ce|qui traite cette|qui traitent ce|qui traitent cette|qui résume ce|qui résume cette|qui citent ce|qui citent cette|qui cite ce|qui cite cette|qui analyse ce|qui analyse cette|chargé d'évaluer ce|chargée d'évaluer ce|chargé de lire ce|chargé de traiter ce|lit ce message|lit ce texte
    |que lea este|que lea esta|que lean este|que lean esta|que lee este|que lee esta|que leen este|que leen esta|que abra este|que abra esta|que abre este|que abre esta|que procese este|que procese esta|que resuma este|que resuma esta|que analice este|que analice esta|que cite este|que cite esta|que citen este|que citen esta|lee este correo|lee este texto|lee esto
    |che legge questo|che legge questa|che leggono questo|che leggono questa|che apre questo|che apre questa|che aprono questo|che aprono questa|che elabora questo|che elabora questa|che riassume questo|che riassume questa|che analizza questo|che analizza questa|che cita questo|che citano questa|legge questo messaggio|legge questo testo
    |que leia este|que leia esta|que leiam este|que leiam esta|que lê este|que lê esta|que ler este|que ler esta|que abrir este|que abrir esta|que abra este cadastro|que processar este|que processar esta|que processa este|que resumir este|que resumir esta|que analisar este|que citar este|lê esta mensagem|lê este texto
    |die dit leest|die dit lezen|die deze pagina|die deze tekst|die dit bericht|dat dit leest|czytający ten|czytająca tę|czytające ten|czytające tę|który czyta ten|który czyta tę|które czytają ten|które czytają tę|który otworzy ten|który przetwarza ten
    |читающие это|читающий это|читающая это|читающие эту|читающий эту|читающая эту|читающие этот|читающий этот|читающая этот|который читает это|которые читает это|которая читает это|который читает эту|которые читает эту|которая читает эту|который читает этот|которые читает этот|которая читает этот|который читают это|которые читают это|которая читают это|который читают эту|которые читают эту|которая читают эту|который читают этот|которые читают этот|которая читают этот|обрабатывающие это|обрабатывающий это|обрабатывающие эту|обрабатывающий эту|обрабатывающие этот|обрабатывающий этот|открывший эту|открывший этот
    |الذي يقرأ هذا|الذي يقرأ هذه|التي تقرأ هذا|التي تقرأ هذه|الذي يعالج هذا|الذي يفتح هذا|yang membaca ini|yang membaca halaman ini|yang membaca pesan ini|yang membuka|yang memproses|đọc trang này|đọc nội dung này|đọc tin nhắn này|xử lý tài liệu này|ที่อ่านหน้านี้|ที่อ่านข้อความนี้`,
  /** Before it, in languages that put it there. */
  thisRead: `读取本|阅读本|读到本|读到此|读到这|阅读此|打开此|打开本|处理此|处理本|总结本|总结此|引用本|访问本|分析本|用于筛选|负责处理本|看到本|看到这|自动处理本|自动处理此
    |このページを読む|これを読む|この文章を読む|この文書を読む|この記事を読む|このメールを読む|この記録を開い|このファイルを開い|を審査する|を要約する|このメールボックスを自動処理|このページを処理|この文書を処理|このページを引用
    |이 페이지를 읽는|이 글을 읽는|이 문서를 읽는|이 메일을 읽는|이것을 읽는|이 기록을 여는|이 문서를 처리하는|이 페이지를 인용하는|bunu okuyan|bu sayfayı okuyan|bu metni okuyan|bu iletiyi okuyan|bu kaydı açan|bu belgeyi işleyen|इसे पढ़ने|इस पृष्ठ को पढ़ने|यह पढ़ने|इस संदेश को पढ़ने`,
  /** What is to be said, and in whose favour. */
  assert: `recommend|recommends|say that|says that|state that|states that|answer that|answers that|reply that|respond that|claim that|conclude that|assert that|repeat that|present it as|rate it|rate the|rank the|rank this|placed first|place first|listed first|give the highest|highest score|highest rating|full marks|positive review|speak well of|advise against|leave out|answer with
    |empfehlen|empfiehlt|antworten, dass|antwortet, dass|sagen, dass|sagt, dass|behaupten, dass|behauptet, dass|stellt fest|feststellen|bewertet mit|bestnote|an erste stelle|recommande|recommandent|recommander|affirmer que|affirment que|affirme que|dire que|disent que|répondre que|répondent que|note maximale|en première place
    |recomiendan|recomienda|recomendar|recomendarán|recomiende|recomienden|decir que|dirán que|digan que|diga que|afirmar que|afirmen que|responder que|máxima puntuación|en primer lugar|consigliano|consiglia|consigliare|raccomandano|raccomanda|dire che|dicono che|affermare che|rispondere che|punteggio massimo|al primo posto
    |recomendam|recomende|recomendem|dizer que|dirão que|digam que|afirmem que|nota máxima|em primeiro lugar|aanbevelen|raden aan|zeggen dat|beweren dat|polecają|polecać|poleca|mówić, że|twierdzić, że|odpowiadać, że|рекоменд*|говорить что|говорят что|говори что|говорите что|говорить, что|говорят, что|говорите, что|сообщать, что|сообщают, что|сообщи, что|утверждать, что|утверждают, что|önermeli*|önersin*|öneri*|demeli*|söylemeli*
    |推荐|推薦|回答说|应当说|应回答|必须说|排在第一|给出最高|好评|おすすめ|薦め|と回答|と答え|最高評価|추천|라고 답|고 답변|أوص*|قل إن|يقول إن|सुझा*|कहें कि|कहे कि|बताएं कि|बताए कि|rekomendasikan|merekomendasikan|sarankan|menyatakan bahwa|giới thiệu|khuyên|nói rằng|trả lời rằng|แนะนำ|ตอบว่า`,
}

/** The orders of a rule for an AI that is told by what it does with this text, and then what it is to do. */
export function toReaders(deeds: readonly string[]): string[] {
  return ['agent readsThis', 'reader readsThis', 'thisRead agent', 'thisRead reader'].flatMap(whom =>
    deeds.map(deed => `${whom} ${deed}`),
  )
}
