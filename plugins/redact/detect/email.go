package detect

import (
	"strings"

	"golang.org/x/net/publicsuffix"
)

// ats looks at every @ of the text: for addresses, and for the names of users in prompts.
func (s *search) ats() {
	for at := 0; ; at++ {
		next := strings.IndexByte(s.text[at:], '@')
		if next < 0 {
			return
		}
		at += next
		if s.d.kinds[Email] {
			s.email(at)
		}
		if s.d.kinds[Home] {
			s.prompt(at)
			s.comment(at)
		}
	}
}

func (s *search) email(at int) {
	start, end := s.localStart(at), s.domainEnd(at)
	if start == at || end-at < 5 {
		return
	}
	if inUserinfo(s.text[max(0, start-160):start]) || s.foundUpTo(at) {
		return
	}
	local, domain := lower(s.text[start:at]), lower(s.text[at+1:end])
	if nobody(local) || !registrable(domain) || s.isCallOrRemote(end) {
		return
	}
	s.add(Finding{Start: start, End: end, Kind: Email})
	if s.d.kinds[Author] {
		s.author(start, end)
	}
	s.accountPassword(end)
}

// foundUpTo reports whether something that was found ends at a place.
func (s *search) foundUpTo(at int) bool {
	for _, f := range s.found[s.noted:] {
		if s.foundEnds == nil {
			s.foundEnds = map[int]bool{}
		}
		s.foundEnds[f.End] = true
	}
	s.noted = len(s.found)
	return s.foundEnds[at]
}

// localStart returns where the part of an address before the @ at a place begins; it is the place itself if there is none.
func (s *search) localStart(at int) int {
	start := at
	for start > 0 && at-start < 64 {
		if isWord(s.text[start-1]) || strings.IndexByte(".+-%", s.text[start-1]) >= 0 {
			start--
		} else if start > 1 && accented(s.text[start-2:]) {
			start -= 2
		} else {
			break
		}
	}
	for start < at && !isWord(s.text[start]) && !accented(s.text[start:]) {
		start++
	}
	return s.afterEscape(start, at)
}

// domainEnd returns where the domain of an address after the @ at a place ends: after its last letter of ASCII.
func (s *search) domainEnd(at int) int {
	end := at + 1
	for end < len(s.text) && end-at < 254 {
		if isLetter(s.text[end]) || isDigit(s.text[end]) || s.text[end] == '.' || s.text[end] == '-' {
			end++
		} else if accented(s.text[end:]) {
			end += 2
		} else {
			break
		}
	}
	for end > at && !isLetter(s.text[end-1]) {
		end--
	}
	return end
}

// isCallOrRemote reports whether what looks like an address and ends at a place is a call, or a remote of git.
func (s *search) isCallOrRemote(end int) bool {
	if end == len(s.text) {
		return false
	}
	return s.text[end] == '(' || s.text[end] == ':' && strings.Contains(s.text[end:min(len(s.text), end+40)], ".git")
}

// accountPassword looks for the password of a list of accounts, or of a command to log in, after an address.
func (s *search) accountPassword(at int) {
	if !s.d.kinds[Secret] || at+1 >= len(s.text) || strings.IndexByte(" :|;,\t", s.text[at]) < 0 {
		return
	}
	parting := addressGap().FindString(s.text[at:min(len(s.text), at+8)])
	if parting == "" {
		return
	}
	value, where := s.value(at + len(parting) - 1)
	text := s.text[value[0]:value[1]]
	if where != bare || len(text) < 8 {
		return
	}
	looksSecret := typed(text) || strings.IndexByte(":|;", parting[0]) >= 0 && random(text)
	if looksSecret && !reference(text, bare) && !samplePassword(text) {
		s.add(Finding{Start: value[0], End: value[1], Kind: Secret, Rule: "password"})
	}
}

// addressGap matches what may part an address from a password, with the password's first byte.
var addressGap = newForm(`^(?:[:|;,\t]| [|/:] | )(?:[A-Za-z0-9!#$%&*+?@^_-])`)

// accented reports whether a text begins with a letter of Europe's languages beyond ASCII.
func accented(text string) bool {
	return len(text) > 1 && 0xc3 <= text[0] && text[0] <= 0xc5 && 0x80 <= text[1] && text[1] < 0xc0 && text[:2] != "×" && text[:2] != "÷"
}

// spelled looks for an address with a word in brackets for the @; the word has n bytes.
func (s *search) spelled(at, n int) int {
	local := localPart().FindString(s.text[max(0, at-64):at])
	domain := domainPart().FindString(s.text[at+n : min(len(s.text), at+n+80)])
	if local != "" && domain != "" && strings.HasSuffix(local, " ") == strings.HasPrefix(domain, " ") && !nobody(lower(strings.TrimRight(local, " "))) && registrable(lower(strings.TrimLeft(domain, " "))) {
		s.add(Finding{Start: at - len(local), End: at + n + len(domain), Kind: Email})
	}
	return at
}

var (
	localPart  = newForm(`[A-Za-z0-9][\w.+-]* ?$`)
	domainPart = newForm(`^ ?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)
)

// inUserinfo reports whether what follows a text is the user or the password of a URL, and what follows the @ its host.
func inUserinfo(before string) bool {
	at := strings.LastIndex(before, "://")
	return at >= 0 && !strings.ContainsAny(before[at+3:], " \t\n/?#\"'<>")
}

// nobody reports whether the part before the @ is a service's or a sample, and no person's.
func nobody(local string) bool {
	switch strings.TrimRight(local, "0123456789") {
	case "git", "hg", "svn", "noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "mailer-daemon", "postmaster", "root", "you", "user", "username",
		"your.email", "your-email", "youremail", "you.name", "name", "email", "first.last", "firstname.lastname", "test", "example", "foo", "bar", "someone", "actions":
		return true
	}
	return strings.HasPrefix(local, "noreply") || strings.HasSuffix(local, "noreply") || strings.HasSuffix(local, "[bot]")
}

// reserved matches domains that are nobody's, by RFC 2606 and RFC 6761, and others that people write as samples.
var reserved = newForm(`(?:^|\.)(?:example|test|invalid|localhost|local|internal|lan)$|(?:^|\.)example\.(?:com|org|net|edu|io|co|de)$|^(?:domain|email|mail|company|test|foo|bar|host|server|site|yourdomain|yourcompany|your-domain|mycompany|acme|localhost)\.(?:com|org|net|io|dev|co|local)$`)

// registrable reports whether a domain can be somebody's: its ending is one of those that exist.
func registrable(domain string) bool {
	dot := strings.LastIndexByte(domain, '.')
	if dot <= 0 || reserved().MatchString(domain) || strings.Contains(domain, "..") {
		return false
	}
	switch domain[dot+1:] { // endings that are those of files as well
	case "py", "rs", "sh", "md", "pl", "zip", "mov", "ts", "js", "so", "cc", "java", "go":
		return false
	}
	suffix, icann := publicsuffix.PublicSuffix(domain)
	return suffix != domain && (icann || strings.Contains(suffix, "."))
}

// authored matches what stands before the address of a person: in the output and messages of git, or a name with capitals.
var authored = newForm(`(?:(?:^|\n|\\n)[ \t>+|*]*(?i:author|commit|committer|tagger|from)(?:[ \t]*:[ \t]*|[ \t]+)|(?i:signed-off|co-authored|reviewed|acked|tested|reported|suggested|authored)-(?i:by)[ \t]*:[ \t]*)["']?([\p{L}][\p{L}\p{M}'’. -]{1,60}?)["']?[ \t]*<$|((?:\p{Lu}[\p{L}\p{M}'’.-]+[ \t]){2,4})<$`)

// fielded matches a name before an address in settings, JSON and TOML: name = "Jane Roe", email = "...
var fielded = newForm(`(?i:name)\\*["']?[ \t]*[:=][ \t]*\\*["']?(\p{Lu}[\p{L}'’.-]+(?: [\p{L}'’.-]+){1,4})\\*["']?[ \t]*[,;]?\s*(?:[\w.]*[._])?(?:\\*["'])?(?i:e?mail)\\*["']?[ \t]*[:=][ \t]*\\*["']?$`)

// author looks for the name before an address, in pointed brackets or as the value of the field before.
func (s *search) author(start, end int) {
	form, from := authored, max(0, start-160)
	if start == 0 || s.text[start-1] != '<' || end >= len(s.text) || s.text[end] != '>' {
		if form = fielded; !strings.Contains(lower(s.text[max(0, start-16):start]), "mail") {
			return
		}
	}
	if m := form().FindStringSubmatchIndex(s.text[from:start]); m != nil {
		at := m[2:4]
		if at[0] < 0 && len(m) > 4 {
			at = m[4:6]
		}
		name := strings.TrimRight(s.text[from+at[0]:from+at[1]], " \t")
		if !service().MatchString(name) {
			s.add(Finding{Start: from + at[0], End: from + at[0] + len(name), Kind: Author})
		}
	}
}

// blamed looks for an author in what git blame prints, before a time zone: ^17b39f9 (Jane Roe 2026-01-12 09:01:11 +0100  1).
func (s *search) blamed(at int) int {
	if !blamedLine().MatchString(s.text[at:min(len(s.text), at+16)]) {
		return at
	}
	start := max(0, at-96)
	start += max(0, strings.LastIndexByte(s.text[start:at], '('))
	if m := blameForm().FindStringSubmatchIndex(s.text[start:at]); m != nil && revised().MatchString(s.text[max(0, start-60):start]) {
		s.add(Finding{Start: start + m[2], End: start + m[3], Kind: Author})
	}
	return at
}

var (
	blamedLine = newForm(`^ [+-]\d{4} +\d+\)`)
	revised    = newForm(`(?:^|[\s→])\^?[0-9a-f]{7,40} (?:\S+ +)?$`)
	blameForm  = newForm(`^\((\pL[\pL\pM'’. -]*\pL) +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$`)
)

// service matches names in the place of an author's that are no person's.
var service = newForm(`(?i)^(?:claude(?: .*)?|github|gitlab|dependabot|renovate|copilot|cursor|codex|gemini|your name|name|user|root|test(?: user)?|.*\bbot|.*\bactions?|.*\bagent|author)$`)
