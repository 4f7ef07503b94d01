package main

import "strings"

// A plainAsk is how a language asks, and does not ask, in its plainest words. Those who write
// texts to find out what a checker misses seldom write these, and what is seldom taught is
// seldom found: "please send your password".
type plainAsk struct {
	things, asks, clear []string // {} stands for a thing
}

var plainAsks = map[string]plainAsk{
	"en": {
		[]string{"your card number", "your credit card number", "your card details", "your CVV", "your PIN", "your password", "your login and password", "the code you received by SMS", "your OTP", "your bank account number", "your IBAN", "your passport number", "your ID number", "your social security number", "a photo of your ID", "a copy of your passport", "a picture of your card"},
		[]string{"Please send {}", "Please send {}.", "Send us {}", "Please share {} here.", "Can you send me {}?", "Could you please give us {}?", "We need {} to continue.", "Kindly provide {}.", "Please reply with {}.", "To complete your order, please send {}.", "Hi, please message us {} so we can process this."},
		[]string{"Never share {} with anyone.", "We will never ask you for {}.", "Do not send {} in this chat.", "Please do not share {}.", "Enter {} only on our website.", "Nobody from our company will ask for {}.", "We have received {}, thank you.", "Keep {} safe."},
	},
	"es": {
		[]string{"su número de tarjeta", "los datos de su tarjeta", "el CVV de su tarjeta", "su PIN", "su contraseña", "su usuario y contraseña", "el código que le llegó por SMS", "tu número de cuenta", "su IBAN", "su CLABE", "tu número de pasaporte", "su número de DNI", "su CURP", "una foto de su cédula", "una copia de su pasaporte", "una foto de tu tarjeta"},
		[]string{"Por favor envíe {}", "Por favor, envíenos {}.", "Envíame {} por aquí.", "¿Me puede enviar {}?", "Necesitamos {} para continuar.", "Compártanos {}, por favor.", "Responda con {}.", "Para completar su pedido, mándenos {}.", "Hola, ¿nos facilita {}?"},
		[]string{"Nunca comparta {} con nadie.", "Nunca le pediremos {}.", "No envíe {} por este chat.", "No nos mande {}, por favor.", "Ingrese {} solo en nuestra web.", "Nadie de nuestra empresa le pedirá {}.", "Ya recibimos {}, gracias.", "Cuide {}."},
	},
	"pt": {
		[]string{"o número do cartão", "o número do seu cartão", "os dados do cartão", "o CVV", "a sua senha", "seu login e senha", "o código que chegou por SMS", "o PIN do cartão", "o número da sua conta", "o seu IBAN", "seu CPF", "o número do RG", "o número do passaporte", "uma foto do seu RG", "uma cópia do passaporte", "uma foto do cartão"},
		[]string{"Por favor, envie {}", "Envie {} por aqui.", "Me manda {}, por favor.", "Pode nos enviar {}?", "Precisamos de receber {} para continuar.", "Favor informar {}.", "Responda com {}.", "Para concluir o pedido, envie {}.", "Olá, pode passar {}?"},
		[]string{"Nunca compartilhe {} com ninguém.", "Nunca pediremos {}.", "Não envie {} neste chat.", "Por favor, não mande {}.", "Digite {} somente no nosso site.", "Ninguém da nossa empresa vai pedir {}.", "Já recebemos {}, obrigado.", "Guarde bem {}."},
	},
	"hi": {
		[]string{"अपना कार्ड नंबर", "कार्ड का पूरा नंबर", "अपना CVV", "अपना पिन", "अपना पासवर्ड", "SMS में आया OTP", "अपना ओटीपी", "अपना बैंक खाता नंबर", "अपना आधार नंबर", "अपना पैन नंबर", "पासपोर्ट नंबर", "आधार कार्ड की फोटो", "पासपोर्ट की कॉपी", "apna card number", "apna OTP", "apna password", "aadhaar number", "PAN card ki photo", "bank account number"},
		[]string{"कृपया {} भेजें", "कृपया {} भेजें।", "{} यहाँ भेज दीजिए", "हमें {} बताइए", "क्या आप {} भेज सकते हैं?", "आगे बढ़ने के लिए {} चाहिए", "{} bhej dijiye", "Please {} bhejein", "{} yahan share karein", "{} likh kar bhejo"},
		[]string{"{} किसी को न बताएं", "हम कभी {} नहीं मांगते", "इस चैट में {} न भेजें", "{} सिर्फ हमारी वेबसाइट पर डालें", "{} kisi ko mat batana", "{} yahan mat bhejo", "हमें {} मिल गया है, धन्यवाद", "{} सुरक्षित रखें"},
	},
	"id": {
		[]string{"nomor kartu Anda", "nomor kartu kreditnya", "data kartu", "kode CVV", "PIN ATM", "kata sandi Anda", "username dan password", "kode OTP yang masuk", "kode yang dikirim lewat SMS", "nomor rekening Anda", "NIK Anda", "nomor KTP", "nomor paspor", "foto KTP", "salinan paspor", "foto kartunya"},
		[]string{"Mohon kirim {}", "Silakan kirim {}.", "Tolong kirimkan {} ya kak", "Kirim {} di sini.", "Boleh minta {}?", "Kami perlu {} untuk melanjutkan.", "Balas dengan {}.", "Untuk menyelesaikan pesanan, kirimkan {}.", "Halo, bisa infokan {}?"},
		[]string{"Jangan pernah bagikan {} kepada siapa pun.", "Kami tidak pernah meminta {}.", "Jangan kirim {} di chat ini.", "Mohon tidak mengirim {}.", "Masukkan {} hanya di situs kami.", "Petugas kami tidak akan meminta {}.", "{} sudah kami terima, terima kasih.", "Jaga {} baik-baik."},
	},
	"ar": {
		[]string{"رقم بطاقتك", "رقم بطاقتكم البنكية", "بيانات البطاقة", "رمز CVV", "الرقم السري", "كلمة المرور", "كلمة مرور حسابك", "اسم المستخدم وكلمة المرور", "رمز التحقق", "الكود الذي وصلك", "رقم حسابك البنكي", "رقم الآيبان", "رقم الهوية", "رقم جواز السفر", "صورة الهوية", "صورة جواز السفر", "صورة بطاقتك"},
		[]string{"يرجى إرسال {}", "نرجو إرسال {}.", "أرسل لنا {}", "أرسل {} هنا من فضلك", "ممكن ترسل {}؟", "نحتاج {} للمتابعة.", "زودنا بـ {} لو سمحت", "ابعتلي {}", "لإتمام الطلب أرسل {}.", "مرحباً، اكتب لنا {}"},
		[]string{"لا تشارك {} مع أحد.", "لن نطلب منك {} أبداً.", "لا ترسل {} في هذه المحادثة.", "الرجاء عدم إرسال {}.", "أدخل {} في موقعنا فقط.", "لن يطلب منك أي موظف {}.", "وصلنا {}، شكراً.", "حافظ على سرية {}."},
	},
	"fr": {
		[]string{"votre numéro de carte", "le numéro de votre carte", "les données de votre carte", "votre cryptogramme", "votre code PIN", "votre mot de passe", "vos identifiants", "le code reçu par SMS", "votre IBAN", "votre numéro de compte", "votre numéro de passeport", "votre numéro de sécurité sociale", "une photo de votre pièce d'identité", "une copie de votre passeport", "une photo de votre carte", "ton RIB"},
		[]string{"Merci d'envoyer {}", "Merci d'envoyer {}.", "Merci de nous transmettre {}.", "Envoyez-nous {} s'il vous plaît.", "Pouvez-vous m'envoyer {} ?", "Il nous faut {} pour continuer.", "Veuillez communiquer {}.", "Répondez avec {}.", "Envoie {} ici stp", "Pour finaliser la commande, envoyez {}."},
		[]string{"Ne communiquez jamais {} à personne.", "Nous ne demanderons jamais {}.", "N'envoyez pas {} dans cette conversation.", "Merci de ne pas envoyer {}.", "Saisissez {} uniquement sur notre site.", "Aucun conseiller ne vous demandera {}.", "Nous avons bien reçu {}, merci.", "Protégez {}."},
	},
	"de": {
		[]string{"Ihre Kartennummer", "Ihre Kreditkartennummer", "Ihre Kartendaten", "die Prüfziffer Ihrer Karte", "Ihre PIN", "Ihr Passwort", "Ihre Zugangsdaten", "den Code aus der SMS", "Ihre TAN", "Ihre IBAN", "Ihre Kontonummer", "Ihre Passnummer", "Ihre Ausweisnummer", "Ihre Steuer-ID", "ein Foto Ihres Ausweises", "eine Kopie Ihres Passes", "ein Foto Ihrer Karte"},
		[]string{"Bitte senden Sie uns {}", "Bitte schicken Sie uns {}.", "Bitte teilen Sie uns {} mit.", "Können Sie mir {} schicken?", "Wir brauchen noch {}.", "Schicken Sie {} bitte hier im Chat.", "Antworten Sie mit {}.", "Schick mir bitte {}", "Für die Bestellung benötigen wir {}.", "Hallo, könnten Sie uns {} durchgeben?"},
		[]string{"Geben Sie {} niemals weiter.", "Wir fragen Sie nie nach {}, auch nicht im Chat.", "Senden Sie {} nicht in diesem Chat.", "Bitte schicken Sie uns {} nicht.", "Geben Sie {} nur auf unserer Website ein.", "Niemand von uns wird {} verlangen.", "Wir haben {} erhalten, danke.", "Bewahren Sie {} sicher auf."},
	},
	"it": {
		[]string{"il numero della carta", "il numero della sua carta", "i dati della carta", "il CVV", "il PIN", "la password", "la sua password", "le credenziali di accesso", "il codice ricevuto via SMS", "il suo IBAN", "il numero di conto", "il numero del passaporto", "il codice fiscale", "una foto della carta d'identità", "una copia del passaporto", "una foto della carta"},
		[]string{"Per favore invii {}", "Ci invii {}, per favore.", "Mandami {} qui.", "Può inviarci {}?", "Ci serve {} per continuare.", "La preghiamo di comunicarci {}.", "Risponda con {}.", "Per completare l'ordine ci mandi {}.", "Ciao, mi scrivi {}?"},
		[]string{"Non condivida mai {} con nessuno.", "Non le chiederemo mai {}.", "Non invii {} in questa chat.", "Per favore non mandi {}.", "Inserisca {} solo sul nostro sito.", "Nessun operatore le chiederà {}.", "Abbiamo ricevuto {}, grazie.", "Custodisca bene {}."},
	},
	"tr": {
		[]string{"kart numaranızı", "kredi kartı numaranızı", "kart bilgilerinizi", "CVV kodunu", "kart şifrenizi", "şifrenizi", "kullanıcı adı ve şifrenizi", "SMS ile gelen kodu", "doğrulama kodunu", "IBAN numaranızı", "hesap numaranızı", "T.C. kimlik numaranızı", "pasaport numaranızı", "kimliğinizin fotoğrafını", "pasaportunuzun kopyasını", "kartınızın fotoğrafını"},
		[]string{"Lütfen {} gönderin", "Lütfen {} gönderin.", "{} buraya yazar mısınız?", "{} bize iletin lütfen", "{} paylaşır mısınız?", "Devam etmek için {} yazın.", "{} atar mısın", "Siparişi tamamlamak için {} gönderin.", "Merhaba, {} rica ediyoruz."},
		[]string{"{} kimseyle paylaşmayın.", "Sizden {} asla istemeyiz.", "Bu sohbete {} yazmayın.", "Lütfen {} göndermeyin.", "{} yalnızca sitemizde girin.", "Hiçbir çalışanımız {} istemez.", "{} aldık, teşekkürler.", "{} güvende tutun."},
	},
	"ru": {
		[]string{"номер карты", "номер вашей карты", "данные карты", "CVV-код", "ПИН-код", "пароль", "логин и пароль", "код из СМС", "номер счёта", "реквизиты счёта", "серию и номер паспорта", "номер паспорта", "ваш ИНН", "ваш СНИЛС", "фото паспорта", "скан паспорта", "фото карты"},
		[]string{"Пришлите, пожалуйста, {}", "Пожалуйста, отправьте {}.", "Отправьте нам {}", "Скиньте {} сюда", "Можете прислать {}?", "Нам нужен от вас ещё {}.", "Напишите {} в ответ.", "Сообщите {}, пожалуйста.", "Чтобы оформить заказ, пришлите {}.", "Здравствуйте, напишите {}"},
		[]string{"Никому не сообщайте {}.", "Мы никогда не спрашиваем {}.", "Не отправляйте {} в этот чат.", "Пожалуйста, не присылайте {}.", "Вводите {} только на нашем сайте.", "Сотрудники никогда не попросят {}.", "Мы получили {}, спасибо.", "Храните {} в тайне."},
	},
	"zh": {
		[]string{"您的卡号", "银行卡号", "信用卡号码", "卡片安全码", "您的密码", "登录密码", "账号和密码", "短信验证码", "收到的验证码", "银行账号", "您的身份证号", "身份证号码", "护照号码", "身份证照片", "护照复印件", "银行卡照片", "您的卡號", "您的身分證字號", "驗證碼"},
		[]string{"请发送{}", "请把{}发给我们。", "麻烦发一下{}", "请提供{}", "请回复{}。", "可以把{}发过来吗?", "我们需要{}才能继续。", "请告诉我{}", "為了完成訂單,請提供{}", "您好,请把{}发我"},
		[]string{"请勿向任何人透露{}。", "我们绝不会索要{}。", "不要在聊天中发送{}。", "请不要发{}。", "{}只需在我们官网输入。", "客服不会向您索取{}。", "{}已收到,谢谢。", "请保管好{}。"},
	},
}

// texts are those of a language that ask, or do not, in its plainest words.
func (p plainAsk) texts(add func(text string, asks bool)) {
	for _, thing := range p.things {
		for _, f := range p.asks {
			add(strings.Replace(f, "{}", thing, 1), true)
		}
		for _, f := range p.clear {
			add(strings.Replace(f, "{}", thing, 1), false)
		}
	}
}
