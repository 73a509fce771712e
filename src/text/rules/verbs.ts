/** What an attacker's sentence tells its reader to do. */
export const verbs = {
  /** Set aside what was said before. */
  ignore: `ignore|ignoring|disregard|disregarding|forget|forget about|override|overrides|overrule|bypass|discard|dismiss
    |pay no attention to|do not follow|don't follow|stop following|do not obey|drop|skip|throw away|set aside|supersede
    |supersedes|nullify
    |ignoriere|ignorieren|ignoriert|vergiss|vergessen sie|missachte|missachten|verwerfe|setze außer kraft|überschreibe
    |ignore|ignorez|ignorer|oublie|oubliez|oublier|ne tiens pas compte|ne tenez pas compte|négligez|neglige|fais abstraction|faites abstraction
    |ignora|ignore|ignorar|olvida|olvide|olvidar|descarta|descarte|omite|haz caso omiso|haga caso omiso|pasa por alto
    |ignora|ignorare|ignorate|dimentica|dimenticate|trascura|non tenere conto|scarta
    |ignora|ignorar|ignore|esqueça|esquece|esquecer|desconsidere|desconsidera|despreze
    |negeer|negeren|vergeet|sla geen acht op|zignoruj|ignoruj|zapomnij|pomiń|nie zważaj|odrzuć
    |игнорируй*|проигнорируй*|забудь*|отбрось*|не обращай* внимания на|пренебреги*|отмени*|ігноруй*|забудь|ігнорувати
    |忽略|无视|無視|忘记|忘掉|忘記|不要理会|不理会|抛弃|抛开|忽視|撤销
    |تجاهل|اهمل|أهمل|انس|انسى|لا تتبع|تجاوز
    |abaikan|lupakan|kesampingkan|bỏ qua|phớt lờ|quên|quên đi|ละเว้น|เพิกเฉย|ไม่ต้องสนใจ|ลืม`,
  /** The same in languages that put the verb last, and in the passive. */
  ignoreLate: `no longer apply|no longer applies|are no longer valid|are void|are cancelled|are revoked|are superseded|should be ignored|must be ignored|can be ignored|are to be ignored
    |ignorieren|ignoriert|außer acht lassen|verwerfen|vergessen|negeren|yok say*|görmezden gel*|unut|unutun|dikkate alma*|göz ardı et*|boşver
    |無視して|無視し|無視せよ|忘れて|忘れろ|忘れてください|従わないで|破棄して|무시|잊어|잊으|따르지 마|폐기|अनदेखा|नजरअंदाज|नज़रअंदाज़|भूल जाओ|भूल जाएं|उपेक्षा`,
  /** Tell, show or hand over. */
  reveal: `reveal|disclose|print|show me|output|display|repeat|recite|leak|expose|tell me|give me|dump|list|summarize|echo|write out|spell out|translate
    |zeige|zeig|gib mir|verrate|wiederhole|drucke|révèle|révélez|affiche|affichez|montre|montrez|répète|revela|revele|muestra|muestre|imprime|repite
    |rivela|mostra|stampa|ripeti|revele|mostre|exiba|repita|toon|onthul|herhaal|pokaż|ujawnij|wypisz|powtórz|покажи|раскрой|выведи|повтори
    |göster|açıkla|yazdır|tekrarla|显示|透露|泄露|输出|打印|重复|告诉我|表示して|教えて|出力して|공개|보여|출력|알려|اكشف|اعرض|اطبع|كرر|दिखाओ|बताओ|प्रकट
    |tampilkan|ungkapkan|tunjukkan|tiết lộ|hiển thị|in ra|เปิดเผย|แสดง`,
  /** Carry data away. */
  send: `send|sends|sending|forward|forwards|email|mail|post|upload|transmit|submit|share|exfiltrate|copy|cc|bcc|deliver|push|publish|report|leak|relay
    |make a request to|make an http request|fetch|append|embed|encode|include|attach|pass|dispatch|http post|call home|sync
    |sende|senden|schicke|schick|leite|weiterleiten|übermittle|lade hoch|hochladen|envoie|envoyez|envoyer|transmets|transmettez|transférez|téléverse
    |envía|envíe|enviar|envia|reenvía|reenvíe|manda|sube|comparte|invia|inviare|inoltra|spedisci|carica|envie|enviar|encaminhe|mande|compartilhe
    |stuur|verstuur|verzend|doorsturen|wyślij|prześlij|przekaż|udostępnij|отправь*|отправьте|перешли*|пошли|загрузи*|передай*|надішли|gönder|ilet|yükle|paylaş
    |发送|发到|发给|转发|上传|提交|寄给|傳送|送信|送って|転送|アップロード|보내|전송|전달|업로드|أرسل|ارسل|حول|ارفع|شارك|भेजो|भेजें|भेज|अपलोड|kirim|kirimkan|teruskan|unggah|gửi|chuyển tiếp|tải lên|ส่ง|อัปโหลด
    |sendet|schickt|leitet|leiten|übermittelt|übermitteln|teilt|teile|teilen|veröffentliche|veröffentlicht|poste|füge bei|einfügen|anhängen|kopiere|kopiert|kopieren|transfère|transmettre|transférer|partage|partagez|partager|publie|publiez|publier|colle|collez|copie|copiez|ajoute en copie|reenvíen|reenviar|envíen|comparta|compartir|publica|publique|publicar|pega|pegue|copia|copie|inoltra|inoltrare|condivide|condividi|condividere|pubblica|incolla|copiare|encaminha|encaminhar|compartilha|compartilhar|publicar|cole|copie|copiar|deelt|deel|plaats|wysyła|przesyła|udostępnia|opublikuj|отправляет|пересылает|пересылают|опубликуй|скопируй|粘贴|公布|发布|共享|分享|貼り付け|共有|投稿|붙여|공유|게시`,
  /** Read what lies on the machine or in the conversation. */
  read: `read|open|load|access|retrieve|get|cat|fetch|look up|collect|gather|extract|search|find|list|scan|copy|lies|öffne|hole|lis|lisez|ouvre|récupère
    |lee|lea|abre|obtén|recupera|leggi|apri|leia|abra|obtenha|lees|open|haal|przeczytaj|odczytaj|otwórz|pobierz|прочитай*|открой*|получи*|найди*|oku|aç|al
    |读取|打开|获取|讀取|読み込|読んで|開いて|읽어|열어|가져|اقرأ|افتح|पढ़ो|पढ़ें|खोलो|baca|buka|ambil|đọc|mở|lấy|อ่าน|เปิด`,
  destroy: `delete|remove|erase|wipe|destroy|drop table|truncate|purge|rm -rf|format|shut down|terminate|overwrite|lösche|löschen|supprime|supprimez|efface
    |borra|borre|elimina|elimine|cancella|apague|exclua|delete|verwijder|wis|usuń|skasuj|удали*|сотри*|sil|kaldır|删除|清空|刪除|削除|消去|삭제|지워|احذف|امسح|हटाओ|मिटाओ|hapus|xóa|ลบ
    |löscht|lösch|leere|entfernt|entferne|entfernen|effacez|effacer|supprimer|vide|videz|borren|borrar|eliminar|eliminen|vacía|vacíe|cancellare|cancellano|elimini|eliminare|svuota|apaga|apagar|exclui|excluir|apaguem|exclua|wist|verwijdert|usuwa|usunąć|удаляет|удалить|очисти|siler|silsin|删掉|抹去|移除|消して|除去|제거`,
  spend: `transfer|pay|wire|buy|purchase|order|donate|refund|send money|make a payment|withdraw|book|subscribe|überweise|bezahle|kaufe|virement|transférez|payez|achète
    |transfiere|paga|pague|compra|trasferisci|acquista|transfira|compre|maak over|betaal|koop|przelej|zapłać|kup|переведи*|оплати*|купи*|öde|transfer et|havale|satın al
    |转账|支付|汇款|购买|送金|支払|購入|송금|결제|구매|حول مبلغ|ادفع|اشتر|भुगतान|ट्रांसफर|bayar|beli|thanh toán|chuyển tiền|โอนเงิน|จ่าย
    |überweist|überweisen|bezahlt|zahle|bestelle|bestellt|bestellen|buche|bucht|buchen|kauft|kaufen|effectue un virement|effectuez un virement|virer|vire|virez|commande|commandez|réserve|réservez|paie|paye|payer|acheter|haz una transferencia|transferencia|reserva|reserve|pide|encarga|finaliza el pedido|compre|pagar|comprar|effettua un bonifico|invia un bonifico|bonifico|prenota|ordina|pagare|comprare|paghi|faça um pix|reserve|pagar|transferir|comprar|encomende|bestel|boek|betalen|zamów|zarezerwuj|opłać|заказать|закажи|забронируй|переведите|sipariş ver|rezerve|下单|预订|付款|汇给|振り込|振込|予約|注文|예약|주문|이체|ابتع|احجز|बुक`,
  grant: `grant|give access|allow access|add|invite|promote|enable|disable|unlock|turn off|deactivate|approve|authorize|authorise|whitelist|make admin|reset|change|update|set|modify
    |erteile|gewähre|deaktiviere|aktiviere|genehmige|accorde|accordez|désactive|désactivez|active|approuve|concede|otorga|desactiva|desactive|activa|aprueba|concedi|disattiva|approva
    |conceda|desative|ative|aprove|verleen|schakel|przyznaj|wyłącz|włącz|zatwierdź|предоставь*|отключи*|включи*|одобри*|yetki ver|devre dışı|onayla
    |授予|授权|禁用|启用|批准|許可|無効|有効|承認|허용|비활성화|승인|امنح|عطل|فعل|وافق|अनुमति|अक्षम|berikan akses|nonaktifkan|setujui|cấp quyền|vô hiệu|phê duyệt|อนุญาต|ปิดใช้งาน
    |gibt|gib zugriff|vollzugriff|füge hinzu|hinzufügen|lade ein|einladen|setze|setzt|ändere|ändert|schalte|schaltet|abschalten|ausschalten|deaktiviert|donne accès|donner les droits|donnez accès|les droits|ajoute|ajoutez|ajouter|invite|invitez|inviter|désactiver|modifie|change|da acceso|dé acceso|dar acceso|añade|añada|agrega|agregue|invita|invite|desactivar|cambia|cambie|cambiar|dai accesso|aggiungi|aggiunge|aggiungere|disattivare|modifica|cambia|dá acesso|dê acesso|dar acesso|adicione|adiciona|adicionar|convide|convida|desativar|desliga|desligar|mude|altere|voeg toe|nodig uit|geef toegang|wijzig|dodaj|zaproś|nadaj|zmień|добавь*|пригласи*|измени*|дай доступ|ekle|davet et|değiştir|设为|添加|加入|邀请|修改|关闭|追加|招待|変更|設定して|추가|초대|변경|أضف|ادع|غير|जोड़ें|आमंत्रित|बदलें|tambahkan|undang|ubah|thêm|mời|đổi`,
  /** Use a tool, run a program. */
  run: `call|calls|invoke|use|run|execute|trigger|launch|start|perform|carry out|rufe|führe|ausführen|verwende|benutze|nutze|appelle|appelez|utilise|utilisez|exécute|exécutez
    |llama|llame|usa|use|utiliza|utilice|ejecuta|ejecute|chiama|usa|utilizza|esegui|chame|utilize|execute|roep|gebruik|voer uit|wywołaj|użyj|uruchom|wykonaj
    |вызови*|используй*|выполни*|запусти*|çağır|kullan|çalıştır|调用|使用|执行|运行|調用|執行|呼び出|実行|使って|호출|실행|사용|استدع|استخدم|نفذ|شغل|चलाओ|उपयोग|निष्पादित|panggil|gunakan|jalankan|gọi|sử dụng|chạy|thực thi|เรียก|ใช้|รัน
    |ausführt|führt|starte|startet|öffnet|lance|lancez|lancer|exécuter|rodar|rode|executar|executa|ejecutar|ejecuta|lanza|eseguire|avvia|lanciare|uruchomić|wykonać|запустить|выполнить|çalıştır*|运行|跑一下|起動`,
  remember: `remember|memorize|memorise|store|save|keep in mind|record|persist|note|add to memory|write to memory|save to memory|update your memory|merke|merk dir|speichere|souviens-toi|mémorise|mémorisez|enregistre
    |recuerda|recuerde|memoriza|guarda|guarde|ricorda|memorizza|salva|lembre-se|memorize|salve|onthoud|sla op|zapamiętaj|zapisz|запомни*|сохрани*|hatırla|kaydet|ezberle
    |记住|记下|保存|記住|覚えて|記憶して|保存して|기억|저장|تذكر|احفظ|याद रखो|याद रखें|सहेजें|ingat|simpan|hãy nhớ|ghi nhớ|lưu|จดจำ|จำไว้|บันทึก`,
  download: `curl|wget|iwr|invoke-webrequest|invoke-restmethod|downloadstring|certutil|bitsadmin|npx|pip install|npm install|npm i|pipx run|uvx|docker run`,
}
