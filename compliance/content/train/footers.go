package main

// footers end messages and say nothing about what these offer. No text of the corpus
// has one, while many that are ordinary elsewhere do: a third view of some texts of the
// corpus ends with one, so that the model does not take it for innocence.
var footers = map[string][]string{
	"en": {"Reply STOP to opt out.", "Not interested? Text STOP to unsubscribe."},
	"es": {"Responde BAJA para no recibir más mensajes.", "Envía STOP para darte de baja."},
	"pt": {"Responda SAIR para não receber mais mensagens.", "Para cancelar, envie PARAR."},
	"hi": {"संदेश बंद करने के लिए STOP लिखें।", "Message band karne ke liye STOP reply karein."},
	"id": {"Balas STOP untuk berhenti berlangganan.", "Ketik BERHENTI jika tidak ingin menerima pesan."},
	"ar": {"أرسل إيقاف لإلغاء الاشتراك.", "للتوقف عن استلام الرسائل أرسل STOP."},
	"fr": {"Répondez STOP pour ne plus recevoir nos messages.", "Pour vous désabonner, envoyez STOP."},
	"de": {"Antworten Sie mit STOP, um sich abzumelden.", "Keine Nachrichten mehr? Einfach STOPP senden."},
	"it": {"Rispondi STOP per non ricevere più messaggi.", "Per disiscriverti invia STOP."},
	"tr": {"Mesaj almak istemiyorsanız RET yazın.", "Çıkmak için STOP yazıp gönderin."},
	"ru": {"Ответьте СТОП, чтобы отписаться.", "Чтобы не получать сообщения, отправьте СТОП."},
	"zh": {"回复TD退订。", "如不想再收到消息，请回复STOP。"},
}
