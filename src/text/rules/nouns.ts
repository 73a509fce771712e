/** What an attacker's sentence is about, and to whom it speaks. */
export const nouns = {
  prior: `previous|prior|above|earlier|preceding|all|your|foregoing|former|initial|system|safety|preceeding|other
    |vorherige|vorherigen|vorangegangenen|vorangehenden|bisherigen|obigen|früheren|alle|allen|deine|ihre|deinen|précédentes|précédents|antérieures|toutes|tous|vos|tes|ci-dessus
    |anteriores|previas|previos|todas|todos|tus|sus|precedenti|tutte|tutti|tue|suas|seu|tuas|acima|prévias|vorige|eerdere|voorgaande|bovenstaande|alle|jouw
    |poprzednie|poprzednich|wcześniejsze|wszystkie|wszystkich|powyższe|twoje|предыдущ*|прежн*|все|всех|всё|свои|твои|ваши|вышеуказанн*|попередні|всі|önceki|tüm|bütün|yukarıdaki|senin
    |之前|以前|先前|上述|前面|以上|所有|你的|前述|一切|以前の|これまで|上記|すべて|全て|前の|あなたの|이전|앞선|위의|모든|기존|당신의|السابقة|جميع|كل|كافة|أعلاه|पिछले|पिछली|सभी|पूर्व|ऊपर
    |sebelumnya|semua|di atas|trước|trước đó|tất cả|mọi|ở trên|ก่อนหน้า|ทั้งหมด|ข้างต้น`,
  rules: `instruction|instructions|guideline|guidelines|prompt|prompts|rules|directive|directives|system prompt|policies|restrictions|programming|constraints|safeguards|orders
    |anweisung|anweisungen|vorgaben|regeln|anordnungen|befehle|richtlinien|systemprompt|consigne|consignes|instructions|règles|directives|ordres
    |instrucción|instrucciones|indicaciones|reglas|directrices|órdenes|istruzione|istruzioni|regole|direttive|indicazioni|instrução|instruções|regras|diretrizes|ordens
    |instructie|instructies|regels|opdrachten|aanwijzingen|instrukcje|instrukcji|polecenia|poleceń|zasady|wytyczne|инструкци*|указани*|правил*|команд*|інструкції|вказівки|talimat*|kurallar*|yönerge*|komutlar*
    |指令|指示|说明|规则|命令|提示|提示词|要求|規則|指示|命令|ルール|プロンプト|지시|지침|명령|규칙|프롬프트|التعليمات|تعليمات|تعليماتك|الأوامر|القواعد|التوجيهات|निर्देश|निर्देशों|नियम|आदेश
    |instruksi|perintah|aturan|arahan|hướng dẫn|chỉ dẫn|chỉ thị|quy tắc|mệnh lệnh|คำสั่ง|คำแนะนำ|กฎ`,
  user: `user|users|the human|customer|end user|owner|operator|benutzer|nutzer|anwender|utilisateur|l'utilisateur|usuario|utente|usuário|gebruiker|użytkownik*|użytkownika|пользовател*|користувач*|kullanıcı*
    |用户|使用者|用戶|ユーザー|ユーザ|利用者|사용자|المستخدم|उपयोगकर्ता|यूजर|pengguna|người dùng|ผู้ใช้`,
  agent: `ai assistant|ai assistants|assistant|ai agent|ai agents|language model|language models|llm|llms|ai model|chatbot|claude|chatgpt|gpt|gpt-4|copilot|gemini|cursor|the model|the agent|dear agent|automated agent
    |autonomous agent|any agent|agents reading|models reading|ai system|ai systems|ai reading|artificial intelligence|ki-assistent|sprachmodell|assistant ia|modèle de langage|asistente|asistente de ia|modelo de lenguaje
    |assistente|assistente ai|modello linguistico|assistente de ia|modelo de linguagem|ai-assistent|taalmodel|asystent|asystencie|model językowy|ассистент*|помощник*|языковая модель|нейросеть|yapay zeka|asistan
    |助手|人工智能|语言模型|模型|智能体|アシスタント|言語モデル|エージェント|어시스턴트|언어 모델|비서|المساعد|مساعد|نموذج اللغة|सहायक|एआई|asisten|trợ lý|ผู้ช่วย`,
  /** Words for whatever reads, told from a travel agent by what stands before them. */
  reader: `ai|ais|agent|agents|assistant|assistants|llm|llms|bot|bots|copilot|chatbot|chatbots|language model|language models|ai model|ai models|claude|chatgpt|gemini|automated readers|automated systems|automated tools|ai tools|ai systems|ai readers|coding agents|mail bots|crawlers|summariser|summarizer
    |ki|ki-assistenten|ki-systeme|sprachmodelle|assistenten|ia|l'ia|agents|asistente|agentes|assistente|asystenta|ассистента|ии|asistan|助手|智能体|アシスタント|エージェント|어시스턴트|للمساعد|सहायक|asisten|trợ lý|ผู้ช่วย`,
  credential: `password|passwords|passphrase|api key|api keys|api token|access token|access tokens|auth token|bearer token|session token|secret key|secrets|credentials|credential|private key|private keys|ssh key|ssh keys|secret token
    |id rsa|id ed25519|.ssh|.env|.aws|.netrc|.npmrc|.pypirc|.kube/config|kubeconfig|/etc/passwd|/etc/shadow|keychain|seed phrase|mnemonic|recovery code|one time code|2fa code|otp|verification code|cookies|session cookie
    |environment variables|env vars|mcp.json|credit card|card number|cvv|social security number|ssn|pin code|bank details
    |passwort|passwörter|zugangsdaten|schlüssel|mot de passe|mots de passe|identifiants|clé api|contraseña|contraseñas|credenciales|clave|claves|parola d'ordine|credenziali|chiave|senha|senhas|credenciais|chave
    |wachtwoord|wachtwoorden|inloggegevens|hasło|hasła|dane logowania|klucz|парол*|учетные данные|ключ*|токен*|parola|şifre|kimlik bilgileri|anahtar
    |密码|密钥|凭证|凭据|令牌|私钥|密碼|金鑰|パスワード|認証情報|秘密鍵|鍵|비밀번호|자격 증명|키|암호|토큰|كلمة المرور|كلمات المرور|بيانات الاعتماد|المفتاح|पासवर्ड|क्रेडेंशियल|कुंजी|kata sandi|kredensial|kunci|mật khẩu|thông tin đăng nhập|khóa|รหัสผ่าน|ข้อมูลประจำตัว`,
  hidden: `system prompt|system message|system instructions|initial prompt|hidden prompt|developer message|conversation history|chat history|full conversation|entire conversation|previous messages|conversation so far|conversation context|message history|full context|context window|your instructions|user's messages|all messages|tool results
    |gesprächsverlauf|historique de la conversation|historial de la conversación|cronologia della conversazione|histórico da conversa|gespreksgeschiedenis|historia rozmowy|историю разговора|историю переписки|sohbet geçmişi|对话历史|聊天记录|系统提示|系统提示词|会話履歴|システムプロンプト|대화 기록|시스템 프롬프트|سجل المحادثة|محادثة|बातचीत का इतिहास|riwayat percakapan|lịch sử trò chuyện|ประวัติการสนทนา`,
  address: `http://|https://|www.|webhook|ftp://|ngrok|pastebin|requestbin|127.0.0.1|attacker|our server|my server|the following address|the following url|the following email|external server|remote server|this endpoint|this url|this address`,
  tool: `tool|tools|function|functions|plugin|mcp server|mcp tool|werkzeug|outil|outils|herramienta|herramientas|strumento|ferramenta|hulpmiddel|narzędzie|narzędzia|инструмент*|функци*|araç|aracı|工具|函数|ツール|関数|도구|함수|أداة|الأداة|टूल|उपकरण|alat|công cụ|เครื่องมือ`,
  memory: `from now on|in all future|in every future|for all future|all subsequent|for the rest of|in future conversations|in future sessions|every session|across sessions|long-term memory|long term memory|permanent memory|your memory|persistent memory|permanently|always from now|henceforth|going forward|until told otherwise
    |ab jetzt|von nun an|künftig|désormais|à partir de maintenant|dorénavant|a partir de ahora|de ahora en adelante|d'ora in poi|a partir de agora|de agora em diante|vanaf nu|od teraz|отныне|с этого момента|впредь|bundan sonra|şu andan itibaren|从现在开始|从现在起|今后|以后|今後|これから|지금부터|앞으로|من الآن فصاعدا|अब से|mulai sekarang|từ bây giờ|từ nay|ตั้งแต่นี้`,
}
