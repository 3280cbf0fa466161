package detect

import (
	"encoding/base64"
	"strings"
)

// addHeaders adds what tells a secret by the words or signs around it.
func (d *Detector) addHeaders() {
	d.sweep.on("bearer ", func(s *search, at int) int { return s.scheme(at, len("bearer "), "bearer-token") })
	d.sweep.on("basic ", func(s *search, at int) int { return s.basic(at + len("basic ")) })
	d.sweep.on("token ", func(s *search, at int) int { return s.scheme(at, len("token "), "token") })
	d.sweep.on("cookie", (*search).cookies)
	d.sweep.on("://", (*search).userinfo)
	for _, c := range commands {
		d.sweep.on(c.begins, func(s *search, at int) int { return s.command(at, c.form) })
	}
}

// scheme looks for a token behind the name of a scheme of authentication.
func (s *search) scheme(at, n int, rule string) int {
	if at > 0 && isWord(s.text[at-1]) {
		return at
	}
	value, _ := s.value(at + n)
	if text := s.text[value[0]:value[1]]; len(text) >= 16 && random(text) && !sample(text) && !public(text) && !reference(text, loose) {
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

var cookie = newForm(`^(?i)cookie["'\\]*[ \t]*[:=][ \t]*["'\\]*([^\r\n"'\\]+)`)

// cookies looks for random values in a header of cookies.
func (s *search) cookies(at int) int {
	m := cookie().FindStringSubmatchIndex(s.text[at:min(len(s.text), at+8<<10)])
	if m == nil {
		return at
	}
	from := at + m[2]
	for _, pair := range strings.SplitAfter(s.text[from:at+m[3]], ";") {
		_, value, found := strings.Cut(strings.TrimRight(pair, "; \t"), "=")
		if found && len(value) >= 16 && random(value) && !sample(value) {
			start := from + strings.Index(pair, "=") + 1
			s.add(Finding{Start: start, End: start + len(value), Kind: Secret, Rule: "cookie"})
		}
		from += len(pair)
	}
	return at
}

// userinfo looks for a password in a URL, or a token in the place of the user's name.
func (s *search) userinfo(at int) int {
	from := at + len("://")
	end := from
	for end < len(s.text) && end-from < 512 && strings.IndexByte(" \t\r\n\"'`<>\\/?#", s.text[end]) < 0 {
		end++
	}
	slash := end // a password may hold a slash
	for slash < len(s.text) && slash-from < 512 && strings.IndexByte(" \t\r\n\"'`<>\\", s.text[slash]) < 0 {
		slash++
	}
	authority := s.text[from:end]
	host := strings.LastIndexByte(authority, '@')
	if colon := strings.IndexByte(authority, ':'); host < 0 && colon > 0 && end < slash && !digits(authority[colon+1:]) {
		host = strings.LastIndexByte(s.text[from:slash], '@')
		authority = s.text[from:slash]
	}
	if host <= 0 {
		return at
	}
	user, password, found := strings.Cut(authority[:host], ":")
	switch {
	case found && password != "" && !plain(password) && !placeholderLike(password):
		s.add(Finding{Start: from + len(user) + 1, End: from + host, Kind: Secret, Rule: "url-password"})
	}
	if len(user) >= 16 && random(user) && !sample(user) {
		s.add(Finding{Start: from, End: from + len(user), Kind: Secret, Rule: "url-token"})
	}
	return at
}

// plain reports whether a password is one that everybody uses in examples.
func plain(password string) bool {
	return commonPasswords().MatchString(password) || sample(password) && !random(password)
}

var commonPasswords = newForm(`(?i)^(?:[a-z]{0,5}pass(?:wd|word)?\d{0,3}|pw|pwd|secret|user|username|root|admin|guest|anonymous|test\w{0,8}|demo|dev|postgres|mysql|redis|mongo|rabbitmq|minio\w{0,5}|default|token|x+|\*+|\.+|…|\d{1,6}|[a-z])$`)

// placeholderLike reports whether a value is a variable or another sign that something else stands for it.
func placeholderLike(value string) bool {
	return strings.ContainsAny(value, "${}<>[]()") || strings.HasPrefix(value, "%") && strings.HasSuffix(value, "%") || strings.HasPrefix(value, ":")
}
