package content_test

// written is one message a line: the kind that has to be found, or none, and the
// words, with what is found in «marks» and a line break as ⏎.
const written = `
# accounts
iban «DE89 3704 0044 0532 0130 00»
iban Pay to «GB82 WEST 1234 5698 7654 32» today
iban «tr33 0006 1005 1978 6457 8413 26»
iban IBAN «FR14-2004-1010-0505-0001-3M02-606» BIC PSSTFRPP
iban IBAN: «DE 89 3704 0044 0532 0130 00»
iban Unser Konto: «DE89370400440532013000».
iban آيبان «SA03 8000 0000 6080 1016 7519»
iban حسابنا في الراجحي: «SA٠٣٨٠٠٠٠٠٠٠٦٠٨٠١٠١٦٧٥١٩»
none DE88 3704 0044 0532 0130 00
none IBAN DE89 3704 0044 0532 0130 0
none RF18 5390 0754 7034
none Gläubiger-ID DE98ZZZ09999999999
none IBAN DE89 **** **** **** **** 00
none IBAN DE89 XXXX XXXX XXXX XXXX 00
ru_bank_account счёт «40817810207877893287», БИК 044525225
ru_bank_account Расчётный счёт: «40817810406792908100»
none БИК 044525225 счёт 40817810207877893288
none счёт 4081781010921742180
none Счёт № 4081781 на оплату от 12.11.2026
in_bank_account A/C «50100012345678», IFSC HDFC0001234
in_bank_account खाता «३५१२०००४५६७८९१»
in_bank_account account no. «912010045678901»
in_bank_account आपका बैंक खाता संख्या «35120004567891» है
none customer account 0045671234
none a/c XXXXXX5678
none Your A/c no. XX4567 credited with INR 5,000
us_bank_account routing 011000015, account «000123456789»
us_bank_account acct # «4400123456» (checking)
us_bank_account ABA 021000021 a/c «7788990011»
none electric account 4400123456
none account ending 0011
gb_bank_account sort code 20-00-00 account «55779911»
gb_bank_account s/c 12-34-56 a/c «12345678»
gb_bank_account Sort: 40 47 84, Acc: «70872490»
none account 55779911 meter
none 12345678
au_bank_account BSB 062-000 Account «12345678»
br_bank_account Ag. 0001 C/C «12345-6»
br_bank_account agência 1234-5 conta «67890-X»
br_bank_account conta poupança «98765-4», ag 4321
br_bank_account Banco Itaú, agência 0001, conta corrente «12345-6»
none conta de luz 12345-6
none 12345-6
mx_clabe CLABE «012180498252256216»
mx_clabe Deposite a la CLABE interbancaria «014180442678770980», gracias
ar_cbu CBU: «0119749525433934535211»
ng_nuban Pay into GTBank account number «0123456789»
bank_account_generic No rekening BCA «1234567890» a.n. Budi
bank_account_generic Kontonummer «1234567890»
bank_account_generic Transfira para a conta bancária nº «1234567890»
bank_account_generic Hesap numarası: «1234567890», Ziraat Bankası
bank_account_generic 银行账号：«6230580000012345»，开户行工商银行
bank_account_generic Silakan transfer ke BCA «1234567890» a.n. Harbour Tea
bank_account_generic Su cuenta corriente BBVA es «0182-5322-24-0201503240»
bank_account_generic Bonifico sul conto corrente «000000123456»
bank_account_generic Su cuenta de ahorros Bancolombia «10345678902» fue registrada
bank_account_generic Przelew na konto «61 1090 1014 0000 0712 1981 2874»
bank_account_generic Bitte auf Konto «1234567890», BLZ 37040044, überweisen
none ID pelanggan 123456789012
none Kundennummer 1234567890
none 户号 1234567890
none Votre numéro de client 1234567890
none Abone no 1234567890
none Лицевой счёт ЖКХ 1234567890
none उपभोक्ता संख्या 123456789012

# identity numbers in their languages
us_ssn SSN on file is «453-87-8334»
us_ssn Social Security number: «453 87 8334»
us_ssn Su número de seguro social es «453-87-8334»
none SSN ending in 8334
none SSN XXX-XX-8334
none Your SSN is 123-45-6789
ca_sin Your SIN: «216 247 221»
none Envío sin 216247221
gb_nino Your NI number is «LM 73 87 39 C»
gb_nino «LM738739C»
in_aadhaar आपका आधार नंबर «7734 5376 0025» है
in_aadhaar आधार संख्या: «७७३४ ५३७६ ००२५»
in_aadhaar aadhaar «773453760025»
in_aadhaar aapka aadhar number «7734-5376-0025» link ho gaya
none Aadhaar XXXX XXXX 0025
none UPI ref 773453760025
none Call 91 77345 37600
in_pan PAN «YEVPB3470R»
in_pan आपका पैन नंबर «YEVPB3470R» है
none Naan and pan bread, code ABC1234
in_voter_epic वोटर आईडी «BMV8264244»
br_cpf CPF «615.848.598-57»
br_cpf Seu CPF é «61584859857»
br_cpf Chave Pix (CPF): «615.848.598-57»
br_cpf O CPF do titular é «615.848.598-57», confere?
none CPF ***.456.789-**
none CPF 615.848.598-**
none Ligue para 61584859857
br_rg RG «26.965.421-5» SSP
br_cnh CNH registro «62493636259»
mx_curp Su CURP es «PUBP650716MJCNZK25»
mx_rfc RFC «VELJ790403JA1»
ar_cuit CUIL «27-38921515-0»
ar_dni DNI «23.456.789»
pe_dni DNI «45678912»
none Su DNI ya está listo, pedido 45678912
none DNI *****912
cl_rut RUT «15.615.851-8»
cl_rut RUT: «15615851-8»
br_cpf CPF «615848598-57»
cl_rut Su RUN es «15615851-8»
co_cedula cédula «1.023.456.789»
co_cedula C.C. «1023456789»
none cédula ****456789
none folio 45678912
ec_cedula cédula «095748463-7»
es_dni DNI: «67067729M»
es_dni Su DNI «67067729-M» figura en la reserva
es_nie NIE «Y5281746V»
none Referencia 67067729M
pt_nif NIF «259 437 344»
pt_nif Contribuinte n.º «259437344»
fr_nir N° de sécurité sociale : «2 99 11 2A 022 085 78»
fr_nir sécu «195031326410463»
it_codice_fiscale Il suo codice fiscale è «CDCDMF84A18H501Z».
it_codice_fiscale C.F. «CDC DMF 84A18 H501Z»
de_steuer_id Ihre Steuer-ID: «32 106 455 798»
de_steuer_id Steueridentifikationsnummer «32106455798»
de_personalausweis Ausweisnummer «CF30JHWLV4»
de_rvnr Rentenversicherungsnummer «65 110597 L 113»
at_svnr SVNR «5782 131285»
ch_ahv AHV-Nr. «756.8443.0908.64»
nl_bsn BSN «246075223»
be_nrn rijksregisternummer «65.03.10-508.93»
se_personnummer personnummer «661003-9593»
no_fnr fødselsnummer «24066023423»
dk_cpr CPR-nummer «110680-4633»
fi_hetu henkilötunnus «270988-7010»
pl_pesel PESEL «78031856572»
cz_sk_rc rodné číslo «976106/2102»
ru_snils СНИЛС «179-189-521 28»
ru_inn ИНН «508279443743»
ru_passport паспорт «45 08 123456»
ru_passport Паспорт серия «4508 № 123456»
ru_passport паспорт: серия «4508 номер 123456»
ru_passport Ваши паспортные данные: «4508 123456»
none заказ 4508123456
none Фото на паспорт готово, заказ 45 08 12
tr_tckn T.C. Kimlik No: «33354212430»
tr_tckn TC kimlik numaranız «33354212430» olarak kayıtlı
none TC 345******78
none Kargo takip no 33354212430
il_id ת.ז. «00507507-2»
ae_emirates_id Emirates ID «784-2000-1794958-5»
ae_emirates_id الهوية الإماراتية: «784200017949585»
sa_national_id رقم الهوية «١٠٤٤٧٠١٣٠٦»
bank_account_generic Ziraat Bankası hesabınızın numarası «48190274651»
passport_number Pasaportunuzun numarası «U12094857»
sa_national_id رقم إقامتك الإقامة: «2377883786»
none رقم الطلب 1044701306
eg_national_id الرقم القومي: «٢٩٧١٠١٦٠١٠٦٠٦٧»
kw_civil_id الرقم المدني «285010110002»
za_id Your ID number «730123 2794 086» is on file
ng_bvn Your BVN is «22581285499»
ng_nin NIN: «19914934439»
none order 19914934439
ke_national_id National ID No. «23456789»
gh_card Ghana Card «GHA-712345678-9»
cn_resident_id 您的身份证号«110101199001187232»已登记
cn_resident_id 身份证：«11010119900118723２»
none 身份证号110101********7232
none 订单号110101199001187239
hk_hkid 香港身份證號碼：«H310932(3)»
tw_id 身分證字號 «J105563056»
kr_rrn 주민등록번호 «940211-2370181»
jp_my_number マイナンバー «4548 2716 5680»
sg_nric_fin NRIC «M5212866P»
my_mykad No. IC: «861117-14-7073»
id_nik NIK KTP Anda: «3171052102860039»
id_nik Nomor NIK «3171 0521 0286 0039» sudah terdaftar
none NIK 3171********0002
none resi 3171052102860039
th_id เลขบัตรประชาชน «3989754100205»
vn_cccd CCCD «031167026973»
ph_tin BIR TIN «123-456-789-000»
pk_cnic CNIC «37405-0931400-9»

# documents
passport_number passport no. «X1234567»
passport_number Your passport number is «533380006»
passport_number Pasaporte «PAA123456»
passport_number Número do passaporte: «FX123456»
passport_number पासपोर्ट नंबर «K1234567»
passport_number nomor paspor «A1234567»
passport_number رقم جواز السفر «A12345678»
passport_number N° de passeport «12AB34567»
passport_number Reisepassnummer «C01X00T47»
passport_number passaporto «YA1234567»
passport_number Pasaport numaranız «U12345678»
passport_number 护照号码«E12345678»
passport_number загранпаспорт «71 1234567»
none Passport photo print, order 12345678
none Your vaccine passport is valid, ticket 12345678
none Bring your passport. Booking 12345678
none passport no. X****567
driver_license Driver's license «D1234567»
driver_license Driving licence number «MORGA657054SM9IJ»
driver_license Führerscheinnummer «B072RRE2I55»
driver_license permis de conduire n° «940275316048»
driver_license ehliyet no «482913»
driver_license Patente «U1K08R123A»
none License plate AB12345
none Your SIM card 8991101200003204510 is active
passport_mrz «P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<⏎L898902C36UTO7408122F1204159ZE184226B<<<<<10»
passport_mrz «C01X00T478D<<6408125M3412318<<<<<<<<<<<<<<<8»
none L898902C37UTO7408122F1204159ZE184226B<<<<<10
passport_mrz «I<UTOD231458907<<<<<<<<<<<<<<<⏎7408122F1204159UTO<<<<<<<<<<<6⏎ERIKSSON<<ANNA<MARIA<<<<<<<<<<»

# what opens a card
card_cvv CVV: «123»
card_cvv El código de seguridad de su tarjeta es «123»
card_cvv Código de segurança: «123»
card_cvv Votre cryptogramme «123»
card_cvv 安全码：«123»
card_cvv код безопасности «123»
card_cvv सीवीवी «१२३»
none Your security code is 4821
none discount code 123
none Area code 123
none CVV ***
card_pin The PIN of your debit card is «4821»
card_pin Su NIP de la tarjeta: «4821»
card_pin A senha do cartão é «4821»
card_pin ПИН-код карты «4821»
card_pin Kart şifreniz: «4821»
card_pin 您的银行卡密码是«482193»
none Locker PIN 4821
none Your PIN for Packstation is 4821
none SIM PIN 1234
none Senha de atendimento 4821
none 取件密码 482193
none Wi-Fi şifresi 48219304
none Your PIN code area is 560001
none 123456 is your code. Never share it.
card_track «%B4111111111111111^DOE/JOHN^28121010000000000?»
none exp 12/28
none La promoción vence 12/28

# named behind, or with words between
passport_number We noted «L01X00T47» as your passport number
passport_number Ihr Reisepass: «C7XKCNZLN»
passport_number 👉 Passport no. 👉 «X1234567»
in_voter_epic Voter ID on file: «BMV8264244»
in_bank_account «1234567890» is your bank account number
none We noted 12345678 as your booking number
none 12345678 as noted, passport number 2 to follow
none Your booking on file with passport is 12345678
none Passport: MYKLXCNZR

# a short word and a stop in front of an IBAN do not use up its length
iban sul conto «IT60-X054-2811-1010-0000-0123-456», grazie
iban sul conto «IT60 X054 2811 1010 0000 0123 456»
iban Ziraat hesabı «TR33.0006.1005.1978.6457.8413.26»
iban auf das Konto «DE89.3704.0044.0532.0130.00»
# a card in fours is no sum of money, whatever currency the word behind it also is
card_pan Se cobra en la Visa «4012 8888 8888 1881» cada mes
bank_account_generic Deposite en la cuenta BCP soles «193-28476193-0-41»
none Pagado: 4012888888881881 pesos
none Total 4012 8888 8888 1881 €
card_pan Charged to «4012 8888 8888 1881» USD 40.00
card_pan Charged to «4012-8888-8888-1881» USD
iban sul conto «IT60X0542811101000000123456», grazie
card_pan Se cobra en la Amex «3782 822463 10005» cada mes
# but cents may be of any width, and a date may stand before a sum
none Your card spent 5012618.45098955 dollars
none Cuenta: 6249241.54838954 soles
none Balance of your account: 1234567.1234 USD
none Credited to your account 1250000.5 USD
none Abono a su cuenta 26-10-2025 51903 pesos
none Abono a su cuenta 2025-10-26 51903 pesos
none Abono a su cuenta 26/10/2025 51903 pesos
none Abono a su cuenta 26 10 2025 51903 pesos
none Abono a su cuenta 26-10-2025-51903 pesos
none Карта: покупка 25.12.2026 15:50 8909 руб
none Balance of your account: 1000 2000 3000 USD
none Balance of your account: 10000-20000 USD
# IdNr. and сч. are cut short, they end no sentence
de_steuer_id IdNr. «31480973626» bitte angeben
de_kvnr Krankenversichertennr. Ihrer Tochter «D933013445»
ru_bank_account р/сч. «40817-81020-78778-93287», БИК 044525225
in_bank_account बैंक खाता नं. «35120004567891»
in_bank_account बैंक खाता सं. «35120004567891»
in_bank_account बैंक खाता क्र. «35120004567891»
none Danke für Ihre Steuer-ID erhalten. 31480973626
# but short words of other scripts do
none आपका बैंक खाता सक्रिय है. 98765432101 पर कॉल करें
none हमारा बैंक खाता नया है. कॉल 9876543210
none आपके खाते से भुगतान हुआ है. 412345678901 रेफरेंस
none आपका आधार नंबर मिल गया है. 234123412346 आपका ऑर्डर है
none Ваш банковский счёт все. 89161234567 звоните
none حسابك البنكي لك. 0501234567
# a name in brackets right behind
ru_inn Вычет: «508279443743» (ИНН), сумма 32 500 ₽
br_cpf Titular: «61584859857» (CPF), valor R$ 90
it_codice_fiscale Intestatario: «CDCDMF84A18H501Z» (codice fiscale), importo 90 €
none Ref: 61584859857 (pedido), CPF em dia
# but a number that opens a line is a phone as often as the account behind it
none 05321234567 hesap destek hattı, banka
none Your code: 482913 (PIN). Card payment of 20 EUR
none 7663904042 nomor pesanan, rekening BSI menyusul
# between an account and its number stands the bank, however long its name
bank_account_generic رقم حسابك في البنك الأهلي المصري «2901175945676»
bank_account_generic 轉帳帳號已改為中國信託銀行 «246909525594»，下月生效
bank_account_generic 匯款帳號：國泰世華 «013，090421492906»
bank_account_generic 租金請轉帳到滙豐銀行戶口 «455-430972-180»
none 轉帳帳號已改為中國信託銀行，訂單號 246909525594
none Account with the bank, parcel 246909525594
# and between a code and its digits the card
card_cvv The security code on the back of your card reads «156»
card_cvv Sicherheitscode auf der Rückseite Ihrer Karte: «156»
card_cvv El código al dorso de su tarjeta es «156»
card_cvv Le cryptogramme noté au dos de la carte est «624»
card_cvv Kode keamanan di belakang kartu adalah «248»
card_cvv Il codice sul retro della carta è «156»
card_cvv O código de segurança do seu cartão novo é «836»
card_cvv Код с обратной стороны карты: «156»
card_cvv Kartınızın arkasındaki güvenlik kodu «156»
card_cvv कार्ड के पीछे का कोड «156» है
card_cvv رمز الأمان خلف البطاقة الجديدة هو «398»
card_cvv 背面三碼 «156»
card_pin Ihre PIN zur Bankkarte lautet «7639»
card_pin O PIN do cartão multibanco é «1705»
card_pin PIN kartu kredit baru adalah «618616»
card_pin الرقم السري لبطاقة الصراف الخاصة بك «8335»
none PIN zur neuen SIM Karte lautet 7639
none PIN kartu SIM baru adalah 618616
none O PIN do cartão SIM novo é 1705
none Gift card: the code on the back reads 7639 1156
# licences as people call them
driver_license Права № «9913 372766» проверены
driver_license В/у «9982 777263», аренда с 9:00
driver_license Ehliyet seri no «P298748»
driver_license No. SIM B1 «60250508131402»
driver_license Votre permis définitif porte le numéro «917453987998»
driver_license 駕照號 «10482957»
none Kargo seri no P298748
none Nomor kartu SIM 60250508131402
# cards, passports and accounts: named by their holder, by another paper, with few digits
sa_national_id رقم إقامتك «2377883786» ساري
sa_national_id «1044701306» هو رقم هويتك المسجل
om_id الرقم المدني العماني «85680685»
it_codice_fiscale Carta d'identità pronta per «CDCDMF84A18H501Z», sportello 3
hk_hkid 保單受保人 «H310932(3)»
de_personalausweis Perso-Nr. «LVCTRNXP27» notiert
none Gutschein LVCTRNXP27
# health
gb_nhs Your NHS number is «999 250 6814»
us_mbi Medicare number «1KT9-NR1-DP21»
au_medicare Medicare card «4104 67718 1»
de_kvnr Krankenversichertennummer «D933013445»
br_cns Cartão SUS «728 8335 8891 2611»
ca_health_card Ontario health card «1234-567-890-AB»
none NHS helpline 9992506814

# numbers that are none
none Invoice key 35190812345678901234550010000012341123456785
none 34191.79001 01043.510047 91020.150008 5 95840000026000
none Order 1234567890123 is on its way, call +44 7700 900123
none Tracking 1Z999AA10123456784
none RB123456785GB
none IMEI 490154203237518
none Your code is 482193
none Meeting at 14:30 on 24/11/2026, room 1203
none Your order 7734 5376 0025 is packed
none Delivery PIN: 4821. Share it with the driver.
none Your OTP is 482193 for card ending 4821
none Invoice 2026-0004821 due 12/28
none Your policy number is 1234567890
none Your Netflix account 12345678 was charged
none Pasaporte: cita el 25/11/2026 a las 10:30, ref 12345678
none Driving licence renewal reference 12345678
none Train 12951, coach B4, PNR 2456789012
none 您尾号4821的卡消费100元
none Gift card 6011 0009 9013 9424
none UTR 773453760025 credited to A/c XX4567
none meeting ID 812 3456 7890 passcode 482193
none Lat 40.712776, long -74.005974
none CEP 01310-100
none PIN code 560001
none E-ticket 1762345678901 for flight BA2490
none https://example.com/r/67067729M
none Use 67067729M@example.com

# signs, groups and names behind the number, as testers wrote them
card_pan Your card «4012 8846 5893 6096» €1,499 charged
none Paid 4012 8846 5893 6096 € in January
ru_passport паспорт №«4004648047»
ru_snils СНИЛС №«868-088-345 68»
ru_passport паспорт: «46 14 14 45 37»
ru_passport Паспорт «9222/766445»
none паспорт 12 05 2026 в 10:00
none Kursus SIM A 0812-3456-7890, jadwal fleksibel
none Führerschein 0176 1234 5678, ruf an
none Permis de conduire 06 12 34 56 78
none Driving licence 98765 43210 par call karein
none SIM A 62 812 3456 7890
none Patente B 02 1234 5678 autoscuola
none Passeport et 400 000 au bureau
driver_license SIM A nomor «6483 5234 5815 84»
passport_number Reisepassnr. «C60 R70 L30»
card_pin PIN della carta bancomat della banca: «81405»
iban We paid your claim into «IE18 KALG 5824 9328 5006 29»
tr_tckn «89285193836» TC'li yolcu
bank_account_generic «5468258785» itu rekening BCA kami
bank_account_generic Ziraat Bankası «46758646-5001» nolu hesap
none 84930211 ID'li siparişiniz
none 5468258785 rekening koran order BCA
none Customer account no. 752008500130 moved
none л/с 12106342937 за электричество
`
