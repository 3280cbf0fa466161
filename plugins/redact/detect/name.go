package detect

import (
	"slices"
	"strings"
)

// voice is how strongly a name says that its value is a secret.
type voice int

const (
	silent   voice = iota
	key            // it may as well be the key of a map: only a random value tells
	secret         // a token or a key to something
	password       // what a human may have made up
)

// nouns are the words that a name of a secret ends with.
var nouns = map[string]voice{
	"password": password, "passwd": password, "passphrase": password, "passcode": password, "pwd": password, "pass": password,
	"pw": password, "passwort": password, "kennwort": password, "psk": password, "passe": password, "senha": password, "wachtwoord": password, "userpass": password, "userpwd": password,
	"dbpass": password, "rootpass": password, "adminpass": password, "mypass": password, "smtppass": password, "mailpass": password, "requirepass": password,
	"storepass": password, "keypass": password, "wifipass": password, "sshpass": password, "totp": secret,
	"secret": secret, "secrets": secret, "token": secret, "tokens": secret, "bearer": secret, "credential": secret,
	"credentials": secret, "creds": secret, "cred": secret, "auth": secret, "authorization": secret, "salt": secret, "jwt": secret,
	"apikey": secret, "pat": secret, "sig": secret, "pepper": secret, "key": key, "keys": key, "cookie": key, "sessionid": secret, "jsessionid": secret, "phpsessid": secret, "sid": key,
	"session": key, "webhook": key, "seed": key, "nonce": silent,
}

// endings are nouns at the end of compound words.
var endings = []string{"password", "passwd", "passphrase", "secret", "token", "apikey", "passwort", "secretkey", "accesskey", "privatekey", "authkey"}

// followers are last words of names that say nothing of what is named.
var followers = map[string]bool{
	"value": true, "val": true, "raw": true, "str": true, "string": true, "text": true, "plain": true, "plaintext": true, "base64": true,
	"b64": true, "hex": true, "prod": true, "production": true, "dev": true, "development": true, "staging": true, "live": true,
	"default": true, "new": true, "old": true, "current": true, "env": true, "primary": true, "secondary": true, "main": true, "local": true,
	"bytes": true, "data": true, "header": true, "base": true, "v": true,
}

// leaders are words before a key or token. They say that it opens something, or that it is no secret.
var leaders = map[string]voice{
	"api": secret, "access": secret, "secret": secret, "private": secret, "signing": secret, "sign": secret, "encryption": secret,
	"encrypt": secret, "decryption": secret, "auth": secret, "account": secret, "master": secret, "shared": secret, "service": secret,
	"subscription": secret, "license": secret, "licence": secret, "deploy": secret, "admin": secret, "app": secret, "application": secret, "client": secret,
	"storage": secret, "hmac": secret, "aes": secret, "webhook": secret, "write": secret, "management": secret, "functions": secret,
	"public": silent, "publishable": silent, "primary": silent, "foreign": silent, "cache": silent, "sort": silent, "partition": silent,
	"unique": silent, "idempotency": silent, "object": silent, "map": silent, "routing": silent, "translation": silent, "dedup": silent,
	"next": silent, "page": silent, "continuation": silent, "pagination": silent, "eos": silent, "bos": silent, "pad": silent, "unk": silent,
	"stop": silent, "special": silent, "cancellation": silent, "max": silent, "design": silent, "resource": silent, "storagekey": silent,
	"checksum": silent, "integrity": silent, "etag": silent, "file": silent, "content": silent, "commit": silent, "git": silent, "tree": silent,
	"group": silent, "sequence": silent, "row": silent, "column": silent, "hash": silent, "hashed": silent, "block": silent, "query": silent,
	"edit": silent, "recv": silent, "protobuf": silent,
}

// speaks returns how strongly a name says that its value is a secret.
func speaks(name string) voice {
	last, at := lastWord(name, len(name))
	leader, before := lastWord(name, at)
	for leader != "" && (in(followers, last) || digits(last)) {
		last, at = leader, before
		leader, before = lastWord(name, at)
	}
	says := in(nouns, last)
	if says == silent {
		for _, ending := range endings {
			if n := len(last) - len(ending); n >= 0 && hasFold(last[n:], ending) {
				return max(secret, nouns[ending])
			}
		}
		return silent
	}
	if leader == "" || says == password {
		return says
	}
	opens, known := leaders[lower(leader)]
	switch {
	case !known:
		return says
	case opens == silent:
		return silent
	}
	return max(says, opens)
}

// Tells reports whether a string of a JSON value may say of another string that it is a secret, because it is its name or
// marks it. name is that of the member whose value the text is, and empty for a member's name.
func Tells(name, text string) bool {
	const longest = 64
	switch {
	case name == "":
		return text == "sensitive"
	case len(text) > longest:
		return false
	}
	switch speaks(text) {
	case silent:
		return text == "random_password"
	case key:
		return isConstant(text)
	case secret:
		return strings.IndexByte(text, ' ') < 0
	}
	return true
}

// in looks a word up, in any case. Most names say nothing, so it allocates nothing.
func in[V any](words map[string]V, word string) (found V) {
	const longest = len("authorization")
	if len(word) > longest {
		return found
	}
	var folded [longest]byte
	for i := range len(word) {
		folded[i] = lowerByte(word[i])
	}
	return words[string(folded[:len(word)])]
}

// split parts a name into words in lower case.
func split(name string) []string {
	var words []string
	for word, at := lastWord(name, len(name)); word != ""; word, at = lastWord(name, at) {
		words = append(words, lower(word))
	}
	slices.Reverse(words)
	return words
}

// lastWord returns the last word of a name before some place, and where it begins; the word is empty if there is none. Words
// are parted at signs, before a capital letter and around a number at the end.
func lastWord(name string, end int) (word string, start int) {
	for end > 0 && !isAlphanumeric(name[end-1]) {
		end--
	}
	start = end
	for start > 0 && isAlphanumeric(name[start-1]) {
		if start--; start > 0 && isAlphanumeric(name[start-1]) && parts(name, start) {
			break
		}
	}
	return name[start:end], start
}

// parts reports whether a word begins at a place of a name within letters and digits.
func parts(name string, i int) bool {
	c, before := name[i], name[i-1]
	if isUpper(c) && (isLower(before) || i+1 < len(name) && isLower(name[i+1]) && isUpper(before)) {
		return true
	}
	return isDigit(c) != isDigit(before) && (i+1 == len(name) || isDigit(c) && digits(name[i:]))
}

// ruleOf returns the rule of a secret that is recognized by its name.
func ruleOf(name string) string {
	switch speaks(name) {
	case password:
		return "password"
	case key:
		return "key"
	}
	words := split(name)
	for i := len(words) - 1; i >= 0; i-- {
		switch word := words[i]; {
		case word == "key" || word == "keys" || strings.HasSuffix(word, "key"):
			return "key"
		case strings.HasSuffix(word, "token") || word == "tokens" || word == "jwt" || word == "bearer":
			return "token"
		}
	}
	return "secret"
}

// genericRules are the rules of secrets that are recognized by a name or by what stands around them: they have no form of
// their own.
var genericRules = map[string]bool{"password": true, "key": true, "token": true, "secret": true, "bearer-token": true, "url-token": true, "url-password": true, "cookie": true, "basic-auth": true, "kubernetes-secret": true, "terraform-state": true, "oauth-code": true}
