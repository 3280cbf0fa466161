package detect

import (
	"encoding/base64"
	"strings"
)

// addHeaders adds the checks that tell a secret by the words or signs around it.
func (d *Detector) addHeaders() {
	d.sweep.on("bearer ", func(s *search, at int) int { return s.scheme(at, len("bearer "), "bearer-token") })
	d.sweep.on("basic ", func(s *search, at int) int { return s.basic(at + len("basic ")) })
	d.sweep.on("token ", func(s *search, at int) int { return s.scheme(at, len("token "), "token") })
	for _, c := range cookieForms {
		d.sweep.on(c.begins, func(s *search, at int) int { return s.cookies(at, c.form) })
	}
	for _, name := range []string{"code=", `code"`, "code_verifier"} {
		d.sweep.on(name, (*search).grant)
	}
	d.sweep.on("://", (*search).userinfo)
	for _, word := range []string{"login:", "login is", "logins:", "credentials", "creds", "/password", "/pass:"} {
		d.sweep.on(word, (*search).account)
	}
	for _, c := range commands {
		d.sweep.on(c.begins, func(s *search, at int) int { return s.command(at, c.form) })
	}
}

// scheme looks for a token after the name of a scheme of authentication.
func (s *search) scheme(at, n int, rule string) int {
	if at > 0 && isWord(s.text[at-1]) {
		return at
	}
	value, _ := s.value(at + n)
	text := s.text[value[0]:value[1]]
	if len(text) >= 16 && random(text) && !sample(text) && !public(text) && !reference(text, loose) {
		s.add(Finding{Start: value[0], End: value[1], Kind: Secret, Rule: rule})
	}
	return at
}

// basic looks for a name and a password in base64.
func (s *search) basic(from int) int {
	end := from
	for end < len(s.text) && (isWord(s.text[end]) || strings.IndexByte("+/=-", s.text[end]) >= 0) {
		end++
	}
	encoded := s.text[from:end]
	decoded, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(encoded, "="))
	if err == nil && len(encoded) >= 8 && !public(encoded) && printable(decoded) && strings.IndexByte(string(decoded), ':') > 0 {
		if _, password, _ := strings.Cut(string(decoded), ":"); !plain(password) {
			s.add(Finding{Start: from, End: end, Kind: Secret, Rule: "basic-auth"})
		}
	}
	return from - 3
}

// cookieForms are the forms in which cookies stand: in a header, or a list of headers; after a flag of curl; in a line of a
// file of cookies.
var cookieForms = []struct {
	begins string
	form   form
}{
	{"cookie", newForm(`^(?i)cookie["'\\]*[ \t]*(?:[:=]|,\s*\\*"value\\*"\s*:)[ \t]*(\[[^\]]*|["'\\]*[^\r\n"'\\]+)`)},
	{"--cookie ", newForm(cookieFlag)},
	{" -b ", newForm(cookieFlag)},
	{"\ttrue\t", newForm(cookieLine)},
	{"\tfalse\t", newForm(cookieLine)},
}

const (
	cookieFlag = `^(?:--cookie| -b)[ \t]+["'\\]*([\w.-]+=[^\r\n"'\\]+)`
	cookieLine = `^\t(?:TRUE|FALSE)\t/[^\t\n]*\t(?:TRUE|FALSE)\t\d+\t([^\t\n]+\t\S+)`
)

// cookies looks for cookies with random values.
func (s *search) cookies(at int, form form) int {
	if at < s.cookied {
		return at
	}
	m := form().FindStringSubmatchIndex(s.text[at:min(len(s.text), at+8<<10)])
	if m == nil {
		return at
	}
	from := at + m[2]
	s.cookied = at + m[3]
	for _, pair := range cookieValue().FindAllStringSubmatchIndex(s.text[from:at+m[3]], -1) {
		start, end := from+pair[2], from+pair[3]
		if value := s.text[start:end]; random(value) && !sample(value) {
			s.add(Finding{Start: start, End: end, Kind: Secret, Rule: "cookie"})
		}
	}
	return at
}

var cookieValue = newForm(`[^\s;,"'\\=]+[=\t]([^;"'\s\\]{16,})`)

// grant looks for the code with which an OAuth server redirects and which a client trades for tokens, and for its verifier.
func (s *search) grant(at int) int {
	if at > 0 && isAlphanumeric(s.text[at-1]) {
		return at
	}
	m := grantForm().FindStringSubmatchIndex(s.text[at:min(len(s.text), at+600)])
	if m == nil {
		return at
	}
	start, end := at+m[2], at+m[3]
	if code := s.text[start:end]; !random(code) || sample(code) || public(code) {
		return at
	}
	if s.text[at+len("code")] == '_' || traded().MatchString(s.text[max(0, at-300):at]) || traded().MatchString(s.text[end:min(len(s.text), end+300)]) {
		s.add(Finding{Start: start, End: end, Kind: Secret, Rule: "oauth-code"})
	}
	return at
}

var (
	grantForm = newForm(`^(?i:code(?:_verifier)?(?:=|\\*"[ \t]*:[ \t]*\\*"))([\w.~/%+-]{16,512})`)
	traded    = newForm(`[?&]state=|grant_type|code_verifier|(?:callback|redirect)/?\?|/oauth`)
)

// account looks for a password after a user's name, where a word such as login or credentials introduces the two:
// login: jane / password.
func (s *search) account(at int) int {
	if at > 0 && isLetter(s.text[at-1]) && s.text[at] != '/' {
		return at
	}
	m := accountForm().FindStringSubmatchIndex(s.text[at:min(len(s.text), at+160)])
	if m != nil && s.d.secretValue("password", s.text[at+m[2]:at+m[3]], quoted) {
		s.add(Finding{Start: at + m[2], End: at + m[3], Kind: Secret, Rule: "password"})
	}
	return at
}

var accountForm = newForm(`^/?[A-Za-z]+["'*]{0,2}(?:[:=]| (?:are|is):?)["'*]{0,2}[ \t]["'*` + "`" + `]{0,2}[\w.@-]{2,40}["'*` + "`" + `]{0,2} ?[/|,] ?["'*` + "`" + `]{0,2}([^\s"'` + "`" + `/|,;]{5,64}[^\s"'` + "`" + `/|,;.:)])`)

// userinfo looks for a password in a URL, or a token in the place of the user's name.
func (s *search) userinfo(at int) int {
	from := at + len("://")
	authority := s.authority(from)
	host := strings.LastIndexByte(authority, '@')
	if host <= 0 {
		return at
	}
	user, password, found := strings.Cut(authority[:host], ":")
	if found && password != "" && !plain(password) && !placeholderLike(password) {
		s.add(Finding{Start: from + len(user) + 1, End: from + host, Kind: Secret, Rule: "url-password"})
	}
	if len(user) >= 16 && random(user) && !sample(user) {
		s.add(Finding{Start: from, End: from + len(user), Kind: Secret, Rule: "url-token"})
	}
	return at
}

// authority returns the user, password and host of a URL from a place on. A password may hold a slash: what could be one is
// followed to the end of the URL.
func (s *search) authority(from int) string {
	const longest, around = 512, " \t\r\n\"'`<>\\"
	rest := s.text[from:min(len(s.text), from+longest)]
	url := rest
	if end := strings.IndexAny(rest, around); end >= 0 {
		url = rest[:end]
	}
	end := strings.IndexAny(url, "/?#")
	if end < 0 {
		return url
	}
	authority := url[:end]
	colon := strings.IndexByte(authority, ':')
	if strings.IndexByte(authority, '@') >= 0 || colon <= 0 || digits(authority[colon+1:]) {
		return authority
	}
	return url
}

// plain reports whether a password is one that everybody uses in examples.
func plain(password string) bool {
	return commonPasswords().MatchString(password) || samplePassword(password) && !random(password)
}

var commonPasswords = newForm(`(?i)^(?:[a-z]{0,5}pass(?:wd|word)?\d{0,3}|pw|pwd|secret|user|username|root|admin|guest|anonymous|test\w{0,8}|demo|dev|postgres|mysql|redis|mongo|rabbitmq|minio\w{0,5}|default|token|x+|\*+|\.+|…|\d{1,6}|[a-z])$`)

// placeholderLike reports whether a value is a variable or another sign that something else stands for it.
func placeholderLike(value string) bool {
	return strings.ContainsAny(value, "${}<>[]()") || strings.HasPrefix(value, "%") && strings.HasSuffix(value, "%") || strings.HasPrefix(value, ":")
}
