package detect

import "strings"

// addManifests adds the checks for files in which the form, not a name, says that a value is a secret.
func (d *Detector) addManifests() {
	for _, kind := range []string{"kind: secret", `kind":"secret"`, `kind": "secret"`, `kind\":\"secret\"`} {
		d.sweep.on(kind, func(s *search, at int) int { return s.manifest(at, at+len(kind)) })
	}
	for _, mark := range []string{`"sensitive": true`, `"sensitive":true`} {
		d.sweep.on(mark, (*search).output)
	}
	for _, member := range []string{`"kty"`, `"kty\"`} {
		d.sweep.on(member, func(s *search, at int) int { return s.members(at, privateMember, "private-key") })
	}
	for _, member := range []string{`"httponly"`, `"httponly\"`} {
		d.sweep.on(member, func(s *search, at int) int { return s.members(at, cookieMember, "cookie") })
	}
	d.sweep.on(`"random_password"`, func(s *search, at int) int { return s.state(at, at, randomPassword) })
}

// manifest looks for the values in a Secret of Kubernetes.
func (s *search) manifest(at, end int) int {
	if end < len(s.text) && isWord(s.text[end]) {
		return at
	}
	start, stop := s.object(at, end)
	for _, m := range secretData().FindAllStringSubmatchIndex(s.text[start:stop], -1) {
		plain := m[3] > m[2] // stringData
		for _, pair := range entry().FindAllStringSubmatchIndex(s.text[start+m[4]:start+m[5]], -1) {
			from, to := start+m[4]+pair[2], start+m[4]+pair[3]
			if value := s.text[from:to]; plain && s.d.manifestSecret(value) || !plain && s.d.encodedSecret(value) {
				s.add(Finding{Start: from, End: to, Kind: Secret, Rule: "kubernetes-secret"})
			}
		}
	}
	return at
}

// object returns where the object around a kind begins and ends: up to where other objects begin.
func (s *search) object(at, end int) (start, stop int) {
	const most, near = 32 << 10, 40 // an apiVersion so near after the kind is of the same object
	start, stop = max(0, at-most), min(end+most, len(s.text))
	for _, begin := range []string{"kind", "\n---", "apiVersion"} {
		start += max(0, strings.LastIndex(s.text[start:at], begin))
		if begin == "apiVersion" {
			end = min(end+near, stop)
		}
		if n := strings.Index(s.text[end:stop], begin); n >= 0 {
			stop = end + n
		}
	}
	return start, stop
}

var (
	secretData = newForm(`\b(string)?[dD]ata(?:\\*":\s*\{|:[ \t]*\r?\n)((?:\s*\\*["']?[\w.-]+\\*["']?:[ \t]*[^\s{}]+[ \t]*(?:\n|,|\}|$)?|[ \t]*#[^\n]*\n)+)`)
	entry      = newForm(`(?:(?:^|\n)\s*\\*["']?|,\s*\\*")[\w.-]+\\*["']?:[ \t]*\\*["']?([^\s"'\\,{}[]+)`)
)

// encodedSecret reports whether a value of a Secret is one: a password in base64, or bytes that are no text.
func (d *Detector) encodedSecret(value string) bool {
	decoded := decode64(strings.TrimRight(value, "="))
	if len(value)%4 != 0 || len(decoded) < 6 || strings.ContainsAny(value, "-_") {
		return false
	}
	if !printable(decoded) {
		return len(decoded) >= 16
	}
	return d.manifestSecret(string(decoded)) && !public(value)
}

// manifestSecret reports whether a value of a Secret is a password: there, letters and a number are enough.
func (d *Detector) manifestSecret(value string) bool {
	return d.secretValue("password", value, quoted) || numbered(value) && d.secretValue("password", value, line)
}

// members looks for secret members of the object in JSON around the member that says what it is: a key, or a browser's
// cookie.
func (s *search) members(at int, form form, rule string) int {
	const most = 8 << 10
	if at < s.objected[rule] {
		return at
	}
	start, stop := max(0, at-most), min(len(s.text), at+most)
	start += max(0, strings.LastIndexByte(s.text[start:at], '{'))
	if n := strings.IndexAny(s.text[at:stop], "{}"); n >= 0 {
		stop = at + n
	}
	if s.objected == nil {
		s.objected = map[string]int{}
	}
	s.objected[rule] = stop
	for _, m := range form().FindAllStringSubmatchIndex(s.text[start:stop], -1) {
		if value := s.text[start+m[2] : start+m[3]]; random(value) && !sample(value) {
			s.add(Finding{Start: start + m[2], End: start + m[3], Kind: Secret, Rule: rule})
		}
	}
	return at
}

var (
	privateMember = newForm(`"(?:d|dp|dq|qi|p|q|k)\\*"\s*:\s*\\*"([\w-]{32,})`)
	cookieMember  = newForm(`"value\\*"\s*:\s*\\*"([^\s"\\]{16,})`)
)

// output looks for the value of an output of Terraform that is marked as sensitive.
func (s *search) output(at int) int {
	start := max(0, at-stateReach)
	return s.state(start+strings.LastIndexByte(s.text[start:at], '{')+1, at, outputValue)
}

// state looks for a value in Terraform's state from some place on.
func (s *search) state(start, at int, form form) int {
	m := form().FindStringSubmatchIndex(s.text[start:min(len(s.text), at+stateReach)])
	if m != nil && s.d.secretValue("password", s.text[start+m[2]:start+m[3]], quoted) {
		s.add(Finding{Start: start + m[2], End: start + m[3], Kind: Secret, Rule: "terraform-state"})
	}
	return at
}

const stateReach = 2 << 10

var (
	outputValue    = newForm(`^[^{}]*?"value":\s*"((?:[^"\\]|\\.)*)"`)
	randomPassword = newForm(`^"random_password"[\s\S]*?"result":\s*"((?:[^"\\]|\\.)*)"`)
)
