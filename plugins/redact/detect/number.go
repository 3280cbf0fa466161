package detect

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"
	"unicode/utf8"
)

// addPersonal adds personal data that stands in digits, names beside time zones, spelled addresses and home folders.
func (d *Detector) addPersonal() {
	d.sweep.at(trigram('0', '0', '0'), d.digits())
	if d.kinds[Phone] {
		d.sweep.at(trigram('+', '0', '0'), (*search).pairs)
	}
	if d.kinds[Author] {
		d.sweep.at(trigram(' ', '+', '0'), (*search).blamed)
		d.sweep.at(trigram(' ', '-', '0'), (*search).blamed)
	}
	if d.kinds[Email] {
		for _, sign := range []string{"[at]", "(at)"} {
			d.sweep.on(sign, func(s *search, at int) int { return s.spelled(at, len(sign)) })
		}
	}
	if d.kinds[National] {
		d.addNationals()
	}
	if d.kinds[IP] {
		d.addAddresses()
	}
	if d.kinds[Home] {
		d.addHomes()
	}
}

func (d *Detector) addNationals() {
	for _, n := range nationals {
		for _, word := range n.begins {
			d.sweep.on(word, func(s *search, at int) int { return s.national(at, n.form, n.valid) })
		}
	}
}

func (d *Detector) addAddresses() {
	d.sweep.at(trigram('0', '.', '0'), (*search).address)
	digit := classSet([]rune{'0', '9', '-', '-'})
	d.sweep.add(beginning{trigram: trigram('0', '-', '0'), check: (*search).host}, following{digit, digit, digit}, false)
	d.sweep.at(trigram(':', ':', '0'), (*search).address6)
	d.sweep.at(trigram('0', ':', '0'), (*search).address6)
	for c := byte('a'); c <= 'f'; c++ {
		d.sweep.at(trigram(c, ':', '0'), (*search).address6)
		d.sweep.at(trigram('0', ':', c), (*search).address6)
		d.sweep.at(trigram(c, ':', ':'), (*search).address6)
	}
}

func (d *Detector) addHomes() {
	for _, folder := range []string{"/home/", "/users/", `\users\`, `\home\`, `\documents and settings\`, "/run/media/", "-home-", "-users-", "%2fhome%2f", "%2fusers%2f"} {
		d.sweep.on(folder, func(s *search, at int) int { return s.home(at, len(folder)) })
	}
	for _, variable := range []string{"user=", "username=", "logname="} {
		d.sweep.on(variable, func(s *search, at int) int { return s.login(at, len(variable)) })
	}
	for _, field := range []string{"uid=", "gid=", "groups="} {
		d.sweep.on(field, func(s *search, at int) int { return s.id(at, len(field)) })
	}
}

// digits makes the check that looks at a run of three or more digits and goes on after it. Which kinds are wanted is asked
// once: texts are full of digits.
func (d *Detector) digits() func(s *search, at int) int {
	phone, card, iban, discord := d.kinds[Phone], d.kinds[Card], d.kinds[IBAN], d.kinds[Discord]
	return func(s *search, at int) int {
		if at > 0 && isDigit(s.text[at-1]) {
			return at
		}
		end := s.digitsEnd(at)
		long := end-at >= shortestPhone || end < len(s.text) && groupSigns.has(s.text[end]) // as most are not
		if phone && long {
			s.phone(at, end)
		}
		if card && long {
			s.card(at, end)
		}
		if iban {
			s.iban(at)
		}
		if discord && end-at >= 17 && end-at <= 20 {
			s.snowflake(at, end)
		}
		return end - 2
	}
}

func (s *search) digitsEnd(at int) int {
	for at < len(s.text) && isDigit(s.text[at]) {
		at++
	}
	return at
}

// shortestPhone is the least number of digits of a telephone number that is not written in groups; cards have more.
const shortestPhone = 7

// groupSigns are the first bytes of what stands between groups of digits, among them those of non-breaking blanks.
var groupSigns = classSet([]rune{' ', ' ', '(', ')', '-', '/', utf8.RuneSelf, utf8.MaxRune})

// phone looks for a telephone number with the code of its country, or for one after a word such as phone.
func (s *search) phone(at, end int) {
	n, stop := s.groups(at)
	if n < 3 || stop == end && n < shortestPhone {
		return
	}
	start, country := s.country(at)
	switch {
	case country:
		n, stop = s.groups(start + 1)
		if s.continuesNumber(start) || s.isGrowth(start, stop, n) {
			return
		}
	case n < 8 || !s.called(at):
		return
	default:
		if start = at; at > 0 && s.text[at-1] == '(' {
			start--
		}
	}
	if n < 8 || n > 15 || stop < end || stop < len(s.text) && (isWord(s.text[stop]) || s.text[stop] == ':') {
		return
	}
	if fictitious(s.text[start:stop]) || zone().MatchString(narrow(s.text[start:stop])) {
		return
	}
	s.add(Finding{Start: start, End: stop, Kind: Phone})
}

// continuesNumber reports whether the + at a place goes on with an expression, a URL or the like, so that no number begins.
func (s *search) continuesNumber(at int) bool {
	return at > 0 && (isWord(s.text[at-1]) || strings.IndexByte(")+.%/=@&", s.text[at-1]) >= 0)
}

// isGrowth reports whether a + with n digits behind it is more likely how much something grew, as in a game, than a
// telephone number: nothing parts the digits and no word calls them one.
func (s *search) isGrowth(start, stop, n int) bool {
	parted := stop-start-1 != n
	usualLength := n >= 10 && (s.text[start+1] != '1' || n == 11)
	return !parted && !usualLength && !s.called(start)
}

// pairs looks for a number that is written in pairs of digits, as in France and in the north.
func (s *search) pairs(at int) int {
	if s.continuesNumber(at) {
		return at
	}
	if number := inPairs().FindString(s.text[at:min(len(s.text), at+36)]); number != "" {
		if end := at + len(number); end == len(s.text) || !isWord(s.text[end]) {
			s.add(Finding{Start: at, End: end, Kind: Phone})
		}
	}
	return at
}

var inPairs = newForm(`^\+\d\d[ .\x{a0}\x{202f}](?:\(0\))?(?:\d[ .\x{a0}\x{202f}])?\d\d(?:[ .\x{a0}\x{202f}]\d\d){3}`)

// zone matches a time zone before a year, and numbers that begin as no country's code does.
var zone = newForm(`^\+(?:0|1[0-4]\d\d (?:19|20)\d\d$)`)

// country finds the + of a country's code before a number.
func (s *search) country(at int) (start int, found bool) {
	for start = at; start > 0 && at-start < 12 && (isDigit(s.text[start-1]) || strings.IndexByte(" ()-./\xc2\xa0\xe2\x80\xaf", s.text[start-1]) >= 0); {
		start--
	}
	return start - 1, start > 0 && s.text[start-1] == '+' && (isDigit(s.text[start]) || s.text[start] == '(')
}

// groups counts the digits of a number that may be written in groups, and finds where it ends.
func (s *search) groups(start int) (digits, stop int) {
	stop = start
	signs := 0 // since the last digit
	for i, limit := start, start+24; i < min(len(s.text), limit); i++ {
		if isDigit(s.text[i]) {
			digits, stop, signs = digits+1, i+1, 0
			continue
		}
		wide := blank(s.text[i:])
		if wide == 0 && strings.IndexByte("()-./", s.text[i]) < 0 || signs == 2 {
			break
		}
		signs++
		if wide > 1 {
			i, limit = i+wide-1, limit+wide-1
		}
	}
	return digits, stop
}

// blank returns the length of the blank, breaking or not, with which a text begins, or 0 if it begins with another sign.
func blank(text string) int {
	switch {
	case text[0] == ' ':
		return 1
	case text[0] < utf8.RuneSelf:
		return 0
	case strings.HasPrefix(text, "\u00a0"):
		return len("\u00a0")
	case strings.HasPrefix(text, "\u202f"):
		return len("\u202f")
	}
	return 0
}

// narrow replaces non-breaking blanks by plain ones.
func narrow(text string) string { return noBreak.Replace(text) }

var noBreak = strings.NewReplacer("\u00a0", " ", "\u202f", " ")

// called reports whether a word shortly before says that a telephone number follows, and the number is written in groups
// or begins like one.
func (s *search) called(at int) bool {
	before := lower(narrow(s.text[max(0, at-24):at]))
	said := strings.TrimRight(before, "\"'( \t:=.")
	if !slices.ContainsFunc(callerEnds, func(end string) bool { return strings.HasSuffix(said, end) }) {
		return false
	}
	return caller().MatchString(before)
}

// callerEnds are the ends of the words that caller matches. They are compared first, which is faster.
var callerEnds = []string{"phone", "tel", "mobile", "cell", "fax", "app", "sms", "me", "at", "on", "no", "nr", "number"}

var caller = newForm(`(?:\b|_)(?:phone|tel|telephone|mobile|cell|fax|whatsapp|sms|call me(?: at| on)?|phone_?number)\.?["']?[ \t]*(?:no\.?|number|nr\.?)?[ \t]*[:=]?[ \t]*["'(]{0,2}$`)

// film matches the numbers that North America's plan keeps for films, 555-0100 to 555-0199, and those of the area 555, which
// does not exist.
var film = newForm(`^1?(?:555\d{7}|\d{3}55501\d{2})$`)

// fictitious reports whether a number is one of those for films and documentation, or plainly counted up.
func fictitious(number string) bool {
	var digits []byte
	for i := range len(number) {
		if isDigit(number[i]) {
			digits = append(digits, number[i])
		}
	}
	plain := string(digits)
	return film().MatchString(plain) || strings.Contains(plain, "555555") || strings.Contains(plain, "1234567") || strings.Contains(plain, "000000")
}

// card looks for the number of a payment card: 13 to 19 digits, in groups of four or none, with a known beginning and a
// right check digit.
func (s *search) card(at, end int) {
	if end-at < 4 || at > 0 && (isWord(s.text[at-1]) || strings.IndexByte(".-/", s.text[at-1]) >= 0) {
		return
	}
	number, stop := s.cardDigits(at, end-at == 4)
	if s.numberGoesOn(stop) {
		return
	}
	whole := end == stop // not in groups
	if n := len(number); whole && (n == 13 || n == 19) && !cardWord().MatchString(s.text[max(0, at-24):at]) {
		return // of numbers this long in code, one in ten has a right check digit
	}
	if !whole && grouped().MatchString(narrow(s.text[max(0, at-8):at])) {
		return // a part of a longer list
	}
	if !issued(string(number)) || !luhn(number) || testCards[string(number)] || bytes.Count(number, number[len(number)-2:len(number)-1]) > 8 {
		return
	}
	s.add(Finding{Start: at, End: stop, Kind: Card, Number: whole && s.bareNumber(at, stop)})
}

// cardDigits returns the digits of a number and where it ends. One that may be in groups can have a blank or a dash between
// two digits.
func (s *search) cardDigits(at int, groups bool) (number []byte, stop int) {
	const enough = 20 // no card has so many
	stop = at
	for stop < len(s.text) && len(number) < enough {
		if isDigit(s.text[stop]) {
			number = append(number, s.text[stop])
			stop++
			continue
		}
		wide := blank(s.text[stop:])
		if s.text[stop] == '-' {
			wide = 1
		}
		if wide == 0 || !groups || stop+wide >= len(s.text) || !isDigit(s.text[stop+wide]) {
			break
		}
		number = append(number, s.text[stop+wide])
		stop += wide + 1
	}
	return number, stop
}

// numberGoesOn reports whether a number that seems to end at a place is a part of a longer number or word.
func (s *search) numberGoesOn(at int) bool {
	if at == len(s.text) {
		return false
	}
	return isWord(s.text[at]) || s.text[at] == '-' || s.text[at] == '.' && at+1 < len(s.text) && isDigit(s.text[at+1])
}

var (
	cardWord = newForm(`(?i)(?:card|visa|\bpan)(?:[ _-]?(?:number|no|nr))?\.?["']?[ \t]*(?:is|[:=#])?[ \t]*["']?$`)
	grouped  = newForm(`\b[0-9A-F]{4,5}[ -]$`)
)

// issued reports whether a number begins as those of card networks do and is as long as theirs.
func issued(n string) bool {
	switch {
	case len(n) < 13:
		return false
	case n[0] == '4':
		return len(n) == 13 || len(n) == 16 || len(n) == 19
	case n[:2] >= "51" && n[:2] <= "55", n[:4] >= "2221" && n[:4] <= "2720":
		return len(n) == 16
	case n[:2] == "34", n[:2] == "37":
		return len(n) == 15
	case n[:4] == "6011", n[:2] == "65", n[:3] >= "644" && n[:3] <= "649", n[:4] >= "3528" && n[:4] <= "3589":
		return len(n) == 16
	case n[:2] == "36", n[:2] == "38", n[:3] >= "300" && n[:3] <= "305":
		return len(n) == 14
	}
	return false
}

func luhn(digits []byte) bool {
	sum := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// testCards are the numbers that payment services publish for tests.
var testCards = map[string]bool{
	"4242424242424242": true, "4111111111111111": true, "4012888888881881": true, "4000056655665556": true, "4000000000000002": true,
	"4000000000000077": true, "4000000000009995": true, "4000002500003155": true, "4000002760003184": true, "4000000000003220": true, "5555555555554444": true,
	"5105105105105100": true, "5200828282828210": true, "2223003122003222": true, "378282246310005": true, "371449635398431": true,
	"6011111111111117": true, "6011000990139424": true, "3056930009020004": true, "30569309025904": true, "38520000023237": true,
	"3530111333300000": true, "3566002020360505": true, "4222222222222": true, "4917610000000000": true,
}

// bareNumber reports whether a run of digits stands where code has a number, not in a text between quotes or in prose.
func (s *search) bareNumber(start, end int) bool {
	before := strings.TrimRight(s.text[max(0, start-4):start], " ")
	after := strings.TrimLeft(s.text[end:min(len(s.text), end+4)], " ")
	return before == "" && after == "" || before != "" && strings.IndexByte("=(:,[{", before[len(before)-1]) >= 0 && (after == "" || strings.IndexByte(",)]};\n\r#/", after[0]) >= 0)
}

// iban looks for the number of a bank account around a run of digits.
func (s *search) iban(at int) {
	for start := max(0, at-14); start <= at-2; start++ {
		if isUpper(s.text[start]) && isUpper(s.text[start+1]) && (start == 0 || !isWord(s.text[start-1])) {
			if end := ibanEnd(s.text, start); end > at {
				s.add(Finding{Start: start, End: end, Kind: IBAN})
				return
			}
		}
	}
}

// ibanLengths are from the registry of ISO 13616.
var ibanLengths = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28, "CH": 21, "CR": 22,
	"CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22,
	"GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30,
	"KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30,
	"NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24,
	"SM": 27, "TN": 24, "TR": 26, "UA": 29, "VG": 24, "XK": 20,
}

func ibanEnd(text string, start int) int {
	length := ibanLengths[text[start:start+2]]
	var account []byte
	at := start
	for ; at < len(text) && len(account) < length; at++ {
		c, wide := text[at], blank(text[at:])
		switch {
		case isUpper(c) || isDigit(c):
			account = append(account, c)
		case wide > 0 && len(account)%4 == 0:
			at += wide - 1
		default:
			return 0
		}
	}
	if length == 0 || len(account) < length || at < len(text) && isWord(text[at]) {
		return 0
	}
	rest := 0 // of the number that the letters and digits make, modulo 97
	for _, c := range append(account[4:len(account):len(account)], account[:4]...) {
		if isDigit(c) {
			rest = (rest*10 + int(c-'0')) % 97
		} else {
			rest = (rest*100 + int(c-'A') + 10) % 97
		}
	}
	if rest != 1 || ibanExamples[string(account)] {
		return 0
	}
	return at
}

// ibanExamples are those of the registry and of documentation.
var ibanExamples = map[string]bool{"DE89370400440532013000": true, "GB82WEST12345698765432": true, "GB29NWBK60161331926819": true, "FR1420041010050500013M02606": true}

// address looks for a public IPv4 address.
func (s *search) address(at int) int {
	start := at
	for start > 0 && isDigit(s.text[start-1]) {
		start--
	}
	if s.continuesName(start) {
		return at
	}
	end, dots := start, 0
	for end < len(s.text) && (isDigit(s.text[end]) || s.text[end] == '.' && end+1 < len(s.text) && isDigit(s.text[end+1])) {
		if s.text[end] == '.' {
			dots++
		}
		end++
	}
	if dots != 3 || end-start > 15 || end < len(s.text) && (isWord(s.text[end]) || s.text[end] == '-' || s.text[end] == '+') {
		return max(at, end-2)
	}
	if start > 0 && s.text[start-1] == '.' && !hosted().MatchString(s.text[end:min(len(s.text), end+80)]) {
		return end - 2 // a part of another name
	}
	if s.isPublicIPv4(start, end) {
		s.add(Finding{Start: start, End: end, Kind: IP})
		s.proxy(end)
	}
	return end - 2
}

// continuesName reports whether the number at a place is a part of what stands before it: a longer number, a word, an
// expression. It may follow an escaped line end, or a dot after a word, as in the name of a host.
func (s *search) continuesName(at int) bool {
	if at == 0 {
		return false
	}
	switch before := s.text[at-1]; {
	case before == '.':
		return at < 2 || !isLetter(s.text[at-2])
	case isWord(before):
		return !strings.HasSuffix(s.text[:at], `\n`)
	default:
		return before == '-' || before == '+'
	}
}

// isPublicIPv4 reports whether a text with three dots is a public address and not rather a version or another number.
func (s *search) isPublicIPv4(start, end int) bool {
	parsed, err := netip.ParseAddr(s.text[start:end])
	if err != nil || !publicAddress(parsed) || strings.HasSuffix(s.text[start:end], ".0") {
		return false
	}
	return !s.versioned(start) && !s.section(parsed, start, end) && !s.drawn(start, end)
}

// proxy looks for the password of a proxy after its address, as lists of proxies have it: 93.184.71.20:8080:user:password.
func (s *search) proxy(at int) {
	if at == len(s.text) || s.text[at] != ':' || !s.d.kinds[Secret] {
		return
	}
	m := proxied().FindStringSubmatchIndex(s.text[at:min(len(s.text), at+120)])
	if m != nil && s.d.secretValue("password", s.text[at+m[2]:at+m[3]], quoted) {
		s.add(Finding{Start: at + m[2], End: at + m[3], Kind: Secret, Rule: "password"})
	}
}

var proxied = newForm(`^:\d{2,5}:[\w.@-]{2,64}:([^\s:"'|,;]{6,})(?:[\s"'|,;]|$)`)

// host looks for a public IPv4 address in the name of a host: ec2-54-12-34-56.compute-1.amazonaws.com. What it looks at is
// mostly a date.
func (s *search) host(at int) int {
	start, end := at, at
	for start > 0 && at-start < 3 && isDigit(s.text[start-1]) {
		start--
	}
	if start > 0 && isDigit(s.text[start-1]) {
		return at
	}
	for end < len(s.text) && end-start < 16 && (isDigit(s.text[end]) || s.text[end] == '-') {
		end++
	}
	if end == len(s.text) || s.text[end] != '.' || strings.Count(s.text[start:end], "-") != 3 || !hosting().MatchString(s.text[max(0, start-4):start]) {
		return at
	}
	parsed, err := netip.ParseAddr(strings.ReplaceAll(s.text[start:end], "-", "."))
	if err == nil && publicAddress(parsed) && hosted().MatchString(s.text[end:min(len(s.text), end+80)]) {
		s.add(Finding{Start: start, End: end, Kind: IP})
	}
	return at
}

// hosting matches what the name of a host may have before the address in it.
var hosting = newForm(`(?:^|[^\w-]|[A-Za-z]\d?-)$`)

// hosted matches the rest of a host's name after the address in it. It is longer than the endings of files are, or the
// domain of a service that makes such names.
var hosted = newForm(`^(?:(?:\.[a-z][a-z0-9-]*){2,6}\.[a-z]{2,}|\.(?:nip|sslip)\.io)\b`)

// section reports whether an address is more likely the number of a section, a version or an object, and nothing around it
// says address. All its parts are small, as those of one in five thousand addresses, or they are the same; or the first two
// are small and words before it tell of versions; or it is an object of X.500.
func (s *search) section(a netip.Addr, start, end int) bool {
	p := a.As4()
	small := max(p[0], p[1]) < 32
	likely := small && max(p[2], p[3]) < 32 || p == [4]byte{p[0], p[0], p[0], p[0]} ||
		p[0] == 2 && p[1] == 5 && (p[2] == 4 || p[2] == 29) || // of X.500
		small && upgraded().MatchString(s.text[max(0, start-32):start])
	return likely && !s.addressed(start, end)
}

var upgraded = newForm(`(?i)(?:\bv8|(?:up|down)grade[ds]?|update[ds]?|bump(?:s|ed)?|kernel|spec|html|syntax|whatwg|rfc|§|sections?)[^\n]{0,20}$`)

// addressed reports whether what stands around says address.
func (s *search) addressed(start, end int) bool {
	return locator().MatchString(s.text[max(0, start-24):start]) || end < len(s.text) && (s.text[end] == ':' || s.text[end] == '/') && end+1 < len(s.text) && isDigit(s.text[end+1])
}

var locator = newForm(`(?i)(?:@|://|\b(?:ip|host|addr|address|server|ssh|ping|inet|peer|remote|client|dns|nameserver|gateway)(?:v4)?["']?[ \t]*[:=]?[ \t]*["'\[(]?)$`)

// drawn reports whether what looks like an address stands between decimal numbers, as in the path of a drawing, where no
// blank parts them: 2.12 3.51.98.32 2.03.5.
func (s *search) drawn(start, end int) bool {
	return start > 0 && s.text[start-1] == ' ' && end < len(s.text) && strings.IndexByte(" -", s.text[end]) >= 0 &&
		decimalEnd().MatchString(s.text[max(0, start-24):start]) && decimalStart().MatchString(s.text[end:min(len(s.text), end+24)])
}

var (
	decimalEnd   = newForm(`(?:^|[^\d.])\d*\.\d+(?:\.\d+)? $`)
	decimalStart = newForm(`^[ -]-?\d*\.\d+(?:\.\d+)?(?:[^\d.]|$)`)
)

// versioned reports whether a word before the numbers says that they are a version, or a part of a path of object ids or
// sections.
func (s *search) versioned(start int) bool {
	before := lower(s.text[max(0, start-20):start])
	return version().MatchString(before)
}

var version = newForm(`(?:version|release|build|chrome|chromium|safari|firefox|(?:^|[^a-z])(?:ver|v|edge?|oid|section|driver)|[a-z]+[-_])["']?[ \t]*[/:=_-]?[ \t]*["'^~><=]*$`)

// publicAddress reports whether an address is one of the public internet, and not one that is known to everybody.
func publicAddress(a netip.Addr) bool {
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, special := range specialNetworks {
		if special.Contains(a) {
			return false
		}
	}
	return true
}

// specialNetworks are the networks for documentation, tests, carriers and benchmarks, and resolvers that anybody may use.
var specialNetworks = func() []netip.Prefix {
	var list []netip.Prefix
	for _, network := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"1.1.1.0/30", "1.0.0.1/32", "1.2.3.0/24", "8.8.8.8/32", "8.8.4.4/32", "9.9.9.9/32", "208.67.222.222/32", "208.67.220.220/32",
		"2001:db8::/32", "2001:4860:4860::/48", "2606:4700:4700::/48", "64:ff9b::/96", "100::/64", "2001::/23", "3fff::/20", "::/8", "1:2::/32", "4.3.2.1/32", "5.6.7.8/32",
	} {
		list = append(list, netip.MustParsePrefix(network))
	}
	return list
}()

// address6 looks for a public IPv6 address, which has at least three colons.
func (s *search) address6(at int) int {
	start, end := at, at
	for start > 0 && inAddress6(s.text[start-1]) {
		start--
	}
	for end < len(s.text) && inAddress6(s.text[end]) {
		end++
	}
	amidWord := start > 0 && isWord(s.text[start-1]) || end < len(s.text) && isWord(s.text[end])
	text := strings.TrimRight(s.text[start:end], ":")
	if amidWord || strings.Count(text, ":") < 3 || len(text) < 9 {
		return max(at, end-2)
	}
	if parsed, err := netip.ParseAddr(text); err == nil && publicAddress(parsed) && parsed.As16()[0]&0xf0 == 0x20 {
		s.add(Finding{Start: start, End: start + len(text), Kind: IP})
	}
	return end - 2
}

func inAddress6(c byte) bool { return isHex(c) || c == ':' }

// snowflake looks for an id of Discord: one in a mention, or one that a name before it calls an id of Discord's.
func (s *search) snowflake(at, end int) {
	before := s.text[max(0, at-64):at]
	if m := mention().FindString(before); m != "" && end < len(s.text) && s.text[end] == '>' {
		s.add(Finding{Start: at, End: end, Kind: Discord})
		return
	}
	if called := lower(before); discordName().MatchString(called) {
		s.add(Finding{Start: at, End: end, Kind: Discord, Number: s.bareNumber(at, end)})
	}
}

var (
	mention     = newForm(`<(?:@[!&]?|#|a?:\w+:|id:\w+|/[\w -]+:)$`)
	discordName = newForm(`(?:(?:user|author|member|guild|channel|owner|server|role|discord|message|bot|application|client|snowflake)s?(?:[_ .-]?ids?)?|\bid)["']?[ \t]*(?:[:=]|=>|==|is|\()[ \t]*["'\[]{0,2}(?:\d{10,20}["']?, ?["']?){0,2}$|discord(?:app)?\.(?:com|net)/(?:users|channels|guilds|avatars|attachments|icons|banners)/(?:\d+/|@me/)*$`)
)
