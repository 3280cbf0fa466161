package detect

import (
	"regexp"
	"strings"
)

// A value that follows a name is a secret if it looks like one. Its entropy alone does not tell: the identifiers, paths and
// versions of code have as much. What tells is how its letters follow each other, see [random].

// place is where a value stands.
type place int

const (
	field  place = iota // the whole value of a field, such as a string in the arguments of a call
	quoted              // between quotes
	bare                // without quotes
	loose               // without quotes, and with nothing but a blank before it
	line                // without quotes, and the assignment is the whole line, as in an .env file
)

// amidText reports whether a value stands without quotes and perhaps amid other text, so that it may as well be code.
func (p place) amidText() bool { return p == bare || p == loose }

// secretValue reports whether a value is a secret, given the name before it and how the value stands there.
func (d *Detector) secretValue(name, value string, at place) bool {
	says := speaks(name)
	if len(value) < 6 || len(value) > 8<<10 || !looksSecret(says, name, value, at) {
		return false
	}
	if reference(value, at) || says != password && sample(value) || samplePassword(value) || public(value) {
		return false
	}
	return !uuid().MatchString(value) || maySecretBeUUID(says, name, at)
}

// looksSecret reports whether a value looks like what its name promises.
func looksSecret(says voice, name, value string, at place) bool {
	switch says {
	case password:
		return random(value) || strong(value, at)
	case secret:
		return len(value) >= 10 && (random(value) || !at.amidText() && typed(value))
	case key: // one in capitals, such as STRIPE_KEY, names a setting: no hash stands there
		return len(value) >= 16 && random(value) && (!digest(value) || at != loose && isConstant(name))
	}
	return false
}

// maySecretBeUUID reports whether a secret of this name may be a UUID. A UUID is seldom a key or a password: most are tokens
// of requests and sessions.
func maySecretBeUUID(says voice, name string, at place) bool {
	if at == line || at == field || isConstant(name) {
		return true
	}
	const authToken = "authtoken"
	return hasFold(name[max(0, len(name)-len(authToken)):], authToken) || says >= secret && ruleOf(name) != "token"
}

// reference reports whether a value is code, a path, a number or prose, and no secret itself.
func reference(value string, at place) bool {
	return beginsReference(value, at) || isCode(value, at) || isProse(value, at) || hasOtherForm(value) || at != line && isVariable(value)
}

// beginsReference reports whether the first character of a value says that it is code or a path.
func beginsReference(value string, at place) bool {
	switch value[0] {
	case '<':
		return true
	case '$': // a hash of a password is as good as one
		return !bcrypt().MatchString(value)
	case '%', '&', '*':
		return at.amidText() && !(random(value[1:]) && typed(value))
	case '{', '[', '(':
		return at.amidText() || strings.HasPrefix(value, "{{")
	case '/', '~', '.':
		return !random(value)
	}
	return false
}

// isCode reports whether a value is an expression or a template.
func isCode(value string, at place) bool {
	for _, mark := range [...]string{"${", "$(", "{{", "://", "()"} {
		if strings.Contains(value, mark) {
			return true
		}
	}
	switch {
	case value[0] == '+' && strings.ContainsAny(value, "()."): // what is added to a text that ends in a name
		return true
	case value[0] == '(' && value[len(value)-1] == ')':
		return true
	}
	if at.amidText() && (strings.ContainsAny(value, "()[]{}") || isArgument(value)) {
		return true
	}
	// A call or a type that goes on.
	body := strings.TrimRight(value, "([{")
	return body != value && path().MatchString(body)
}

// isArgument reports whether a value is an argument with its name.
func isArgument(value string) bool {
	left, right, found := strings.Cut(value, "=")
	return found && path().MatchString(left) && path().MatchString(right) && !random(left) && !random(right)
}

// isProse reports whether a value is words with blanks between them.
func isProse(value string, at place) bool {
	return strings.ContainsAny(value, " \t\n") && !spacious(value, at)
}

// hasOtherForm reports whether a value has the form of something that is no secret: a number, a date, a regular expression,
// a folder, a public key, the name of a constant, or hardly more than escaped characters.
func hasOtherForm(value string) bool {
	return literal().MatchString(value) || pattern().MatchString(value) || folders().MatchString(value) || opened().MatchString(value) ||
		unescaped(value) < 6 || date().MatchString(value) || constant().MatchString(value)
}

// isVariable reports whether a value may be the name of a variable or a path, and not a password that only looks like one.
func isVariable(value string) bool {
	if !path().MatchString(value) {
		return false
	}
	if !random(value) && !numbered(value) {
		return true
	}
	last, _ := lastWord(value, len(value))
	return len(last) >= 3 && speaks(value) != silent
}

// numbered reports whether what may be the name of a variable ends in a number of two digits or more, as passwords that
// people make up do, and not in a size of bits such as Int64 and Sha256.
func numbered(value string) bool {
	value = strings.TrimRight(value, "!?@$")
	n := len(strings.TrimRight(value, "0123456789"))
	return len(value)-n >= 2 && !sized().MatchString(value) && !strings.ContainsAny(value, "/>")
}

// spacious reports whether a value with blanks is a secret: four groups of letters, as mail services show a password for
// an app, or a long text full of signs, such as the salts of WordPress.
func spacious(value string, at place) bool {
	if at != quoted && at != field || !random(value) || strings.HasPrefix(value, "-----") {
		return false
	}
	signs := 0
	for i := range len(value) {
		if isSign(value[i]) && strings.IndexByte("+,;\"'", value[i]) < 0 {
			signs++
		}
	}
	return groups().MatchString(value) || len(value) >= 48 && signs >= 6 && strings.Count(value, " ") <= 4
}

// unescaped counts what a value holds besides escaped characters.
func unescaped(value string) int {
	if strings.IndexByte(value, '\\') < 0 {
		return len(value)
	}
	return len(escape().ReplaceAllString(value, ""))
}

var (
	bcrypt   = newForm(`^\$(?:2[aby]|argon2\w*|5|6|scrypt)\$`)
	path     = newForm(`^[A-Za-z_$@./~-][\w$@]*(?:(?:\.|->|::|/|\?\.)[A-Za-z_$][\w$-]*)*[?!]?$`)
	uuid     = newForm(`^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$`)
	sized    = newForm(`(?i)(?:int|float|word|char|sha|md|crc|hash|base|utf|ucs|bits?|aes|rsa|ecb|cbc|gcm|key|hmac|ed|curve|x|arm|amd|win|linux|hex|simd|v)_?-?(?:8|16|32|64|86|128|192|224|256|384|512|1024|2048|4096|25519)$`)
	groups   = newForm(`^[a-z]{4}(?: [a-z]{4}){3}$`)
	escape   = newForm(`\\(?:x[0-9A-Fa-f]{2}(?:\[[\d;]*m)?|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[^xuU])`)
	literal  = newForm(`^(?:[-+]?(?:0x[0-9A-Fa-f_]{1,16}|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|v\d+\.\d+\.\d+[-+.\w]*|\d+(?:\.\d+){3,}(?:\\x00)?)$`) // a number, a version or the id of an object
	pattern  = newForm(`\[\^?(?:0-9|A-Z|a-z|a-f|\\[wdsS])|\[\^?\[:|\(\?[:=!P<i]|^\^.*\$$`)                                                     // a regular expression
	folders  = newForm(`^[~.]{0,2}(?:/[a-z]{3,}){2}`)
	opened   = newForm(`^(?:urn:|MFkwEwYHKoZIzj0CAQ|MIIBIjANBgkqhkiG9w0BAQEF|MCowBQYDK2Vw|AAAA[A-Z][A-Za-z0-9]{2}z)`) // a name, a public key
	date     = newForm(`^\d{4}-\d\d-\d\dT?[\d:.,+Z-]*$`)
	constant = newForm(`^[A-Z]{2,}(?:_[A-Z]{2,}[0-9]?)+$`)
	hex      = newForm(`^(?:0[xX])?(?:[0-9a-f]+|[0-9A-F]+)$`)
)

// digest reports whether a value may be a hash: hexadecimal and as long as those of MD5, SHA-1 and the like, or named.
func digest(value string) bool {
	switch len(value) {
	case 32, 40, 64, 96, 128:
		if hex().MatchString(value) {
			return true
		}
	}
	return uuid().MatchString(value) || strings.HasPrefix(value, "sha1-") || strings.HasPrefix(value, "sha256") || strings.HasPrefix(value, "sha384-") || strings.HasPrefix(value, "sha512-")
}

// isConstant reports whether a name is written as those of constants and of the environment's variables: MAPS_KEY.
func isConstant(name string) bool {
	return strings.Contains(name, "_") && strings.ToUpper(name) == name
}

// strong reports whether a value is a password that a human made up: letters, digits and signs, or on a line of settings
// letters and digits.
func strong(value string, at place) bool {
	var has [4]bool
	for i := range len(value) {
		switch c := value[i]; {
		case 'a' <= c && c <= 'z':
			has[0] = true
		case 'A' <= c && c <= 'Z':
			has[1] = true
		case '0' <= c && c <= '9':
			has[2] = true
		case c > ' ' && c < 0x7f && !strings.ContainsRune("._-/:", rune(c)):
			has[3] = true
		}
	}
	classes := 0
	for _, is := range has {
		if is {
			classes++
		}
	}
	if at == line {
		return has[2] && classes >= 2 || classes >= 3
	}
	return len(value) >= 8 && has[2] && classes >= 3
}

// typed reports whether a value has what hardly a word but most passwords have: a letter, a digit and a sign on the keyboard.
func typed(value string) bool {
	return len(value) >= 8 && strong(value, bare) && strings.ContainsAny(value, "!#$%^&?*~@") && !strings.ContainsAny(value, "()[]{}<>=;,|/\"'`\\")
}

// samples matches words and signs that say of a value that it is no secret: documentation, code and what was redacted before.
var samples = newForm(`(?i)example|sample|placeholder|change_?-?me|dummy|redact|your[_-]|[_-]your|<[a-z _-]+>|x{4}|\*{3}|\.{3}|…|foobar|insert|replace|fixme|not[_-]?real|fake|mock|deadbeef|lorem|localhost|undefined|function|process\.|environ|getenv|config\.|self\.|this\.`)

// common matches words and rows of keys of which such values are made, and which people put into their passwords, too.
var common = newForm(`(?i)todo|(?:^|[^a-z])(?:test|demo|stub)(?:[^a-z]|$)|^test|p[a@]ss?w[o0]rd|^secret|secret$|abcdef[g-z]*|fedcba|0?1234567[890]*|987654[3210]*|00000|11111|qwerty|letmein|hunter2|postgres|null|none|true|false|string`)

// besideCommon matches what stands beside common words in passwords that are nobody's: TestUser123!.
var besideCommon = newForm(`(?i)0?1234?5?6?|test|user|admin|root|pass|secret|token|key|api|app|dev|db|the|my|new|old|here|valid|wrong|value|login|account`)

// sample reports whether a value is plainly no secret of anybody.
func sample(value string) bool {
	return few(value) || holdsWord(value, samples()) || holdsWord(value, common())
}

// samplePassword is sample for a password, in which a common word may stand beside something of a person's own.
func samplePassword(value string) bool {
	if few(value) || holdsWord(value, samples()) {
		return true
	}
	if !holdsWord(value, common()) {
		return false
	}
	own := besideCommon().ReplaceAllString(common().ReplaceAllString(value, ""), "")
	return alphanumerics(own) < 4
}

// holdsWord reports whether one of some words stands in a value, and not by chance: a long random value may hold a short one.
func holdsWord(value string, words *regexp.Regexp) bool {
	at := words.FindStringIndex(value)
	if at == nil {
		return false
	}
	rest := value[:at[0]] + value[at[1]:]
	return at[1]-at[0] > 5 || len(rest) < 16 || !random(rest)
}

func alphanumerics(text string) (n int) {
	for i := range len(text) {
		if isAlphanumeric(text[i]) {
			n++
		}
	}
	return n
}

// few reports whether a value is made of very few different characters.
func few(value string) bool {
	var seen [256]bool
	n := 0
	for i := range len(value) {
		if !seen[value[i]] {
			seen[value[i]] = true
			n++
		}
	}
	return n < 5 || len(value) >= 16 && n < 7
}

// public reports whether a value stands in the documentation of its maker, so that everybody may know it.
func public(value string) bool {
	for _, known := range publicValues {
		if strings.Contains(value, known) {
			return true
		}
	}
	return strings.HasSuffix(value, "EXAMPLE") || strings.HasSuffix(value, "EXAMPLEKEY")
}

var publicValues = []string{
	"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG", "je7MtGbClwBF/2Zp9Utk/h3yCo8nvb", // AWS
	"SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIi", // jwt.io
	"4eC39HqLyjWDarjtT1zdp7dc", "TYooMQauvdEDq54NiTphI7jx", "BQokikJOvBiI2HlWgH4olfQ2", // Stripe
	"Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq",                      // Azure's storage emulator
	"C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw", // Azure's Cosmos emulator
	"dXNlcjpwYXNz", "QWxhZGRpbjpvcGVuIHNlc2FtZQ", "QWxhZGRpbjpPcGVuU2VzYW1l", "dXNlcm5hbWU6cGFzc3dvcmQ", // of the standards for Basic
	"SplxlOBeZQQYbYS6WxSbIA", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", // of the standards for OAuth
	"550e8400-e29b-41d4-a716-446655440000", "dGhlIHNhbXBsZSBub25jZQ", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo", // of standards
}

func digits(text string) bool {
	for i := range len(text) {
		if !isDigit(text[i]) {
			return false
		}
	}
	return text != ""
}
