package detect

import (
	"strings"
)

// triggers are parts of names by which the sweep finds assignments.
var triggers = []string{
	"password", "passwd", "passphrase", "passcode", "pwd", "secret", "token", "key", "cred", "auth", "salt", "jwt", "bearer",
	"cookie", "_pass", "pass=", "pass:", "pass ", "pass\"", "pass'", "pass>", "pass\\", "userpass", "_pw", "pw ", "pw=", "pw:", "pw\"", "pw'", "passwort", "kennwort", "passe", "senha", "wachtwoord", "psk", "_pat", "sig=", "pepper", "sessionid", "webhook", "seed", "sid=", "totp",
}

func (d *Detector) addNames() {
	for _, trigger := range triggers {
		size := len(trigger)
		for size > 0 && !isWord(trigger[size-1]) {
			size--
		}
		d.sweep.on(trigger, func(s *search, at int) int { return s.assignment(at, at+size) })
	}
}

// assignment looks for a value that is assigned to the name in which text[at:end] stands. The sweep goes on after the name,
// so that no name is looked at twice.
func (s *search) assignment(at, end int) int {
	for end < len(s.text) && end-at < 64 && (isWord(s.text[end]) || s.text[end] == '-' && end+1 < len(s.text) && isLetter(s.text[end+1])) {
		end++
	}
	start := s.leader(s.afterEscape(s.labelStart(at, 64), at))
	name := s.text[start:end]
	says := speaks(name)
	if says == silent || name == "PASS" && strings.HasSuffix(s.text[:start], "--- ") { // the result of a test in Go
		return end - 2
	}
	if says == password {
		s.namedAfter(start)
	}
	if says >= secret {
		s.cells(start, end, name)
	}
	s.assignedTo(start, end, says)
	return end - 2
}

// assignedTo looks for a value that is assigned to the name text[start:end].
func (s *search) assignedTo(start, end int, says voice) {
	name := s.text[start:end]
	value, where, ok := s.assigned(end)
	if !ok || value[0] == value[1] || s.text[end] == '(' && says < secret || s.nameIsValue(start, end, value[0]) {
		return
	}
	if where == bare && s.setting(says, start, end, value) {
		where = line
	}
	if where == bare && strings.HasSuffix(lower(name), "authorization") {
		value = s.credentials(value)
	}
	if where == loose && !s.follows(says, start, end, value) {
		return
	}
	if s.d.secretValue(name, s.text[value[0]:value[1]], where) {
		s.add(Finding{Start: value[0], End: value[1], Kind: Secret, Rule: ruleOf(name)})
	}
	if says >= secret && where == quoted && inList().MatchString(s.text[max(end, value[0]-24):value[0]]) {
		s.list(name, value[1])
	}
}

// afterEscape returns where a word begins that was taken to begin at start and goes on to end: one byte later if that is the
// letter of an escaped line end or tab.
func (s *search) afterEscape(start, end int) int {
	if start > 0 && start+1 < end && s.text[start-1] == '\\' && strings.IndexByte("nrt", s.text[start]) >= 0 {
		return start + 1
	}
	return start
}

// list looks at the values of a list after the first one, which ends at a place.
func (s *search) list(name string, at int) {
	for {
		m := further().FindString(s.text[at:min(len(s.text), at+80)])
		if m == "" {
			return
		}
		value, where := s.value(at + len(m) - 1)
		if where != quoted {
			return
		}
		if value[0] < value[1] && s.d.secretValue(name, s.text[value[0]:value[1]], quoted) {
			s.add(Finding{Start: value[0], End: value[1], Kind: Secret, Rule: ruleOf(name)})
		}
		at = value[1]
	}
}

var (
	inList  = newForm(`\[\s*\\*["'` + "`" + `]$`)
	further = newForm(`^\\*["'` + "`" + `]\s*,\s*["'` + "`" + `\\]`)
)

// cells looks for the values of a name in a table or in rows that SQL inserts.
func (s *search) cells(start, end int, name string) {
	cell := func(start, end int) {
		if start < end && s.d.secretValue(name, s.text[start:end], quoted) {
			s.add(Finding{Start: start, End: end, Kind: Secret, Rule: ruleOf(name)})
		}
	}
	s.column(start, end, cell)
	s.inserted(start, end, cell)
}

// namedAfter looks for a password before its name: use Blue7114# as the password.
func (s *search) namedAfter(name int) {
	if !strings.Contains(s.text[max(0, name-24):name], " as ") {
		return
	}
	m := asPassword().FindStringSubmatchIndex(s.text[max(0, name-96):name])
	if m == nil {
		return
	}
	start, end := max(0, name-96)+m[2], max(0, name-96)+m[3]
	if text := s.text[start:end]; (typed(text) || random(text)) && !reference(text, bare) && !samplePassword(text) {
		s.add(Finding{Start: start, End: end, Kind: Secret, Rule: "password"})
	}
}

var asPassword = newForm(`(?:^|[\s"'` + "`" + `])([A-Za-z0-9][^\s"'` + "`" + `]{7,63})["'` + "`" + `]? as (?:(?:the|my|your|a|its) )?(?:\w+ )?$`)

// leader goes back from a name to the words before it that say more of what it names: API key, public key.
func (s *search) leader(start int) int {
	for range 2 {
		end := start - 1
		if end < 2 || s.text[end] != ' ' || !isLetter(s.text[end-1]) {
			return start
		}
		word := end
		for word > 0 && end-word < 16 && isWord(s.text[word-1]) {
			word--
		}
		if !saysMore(s.text[word:end]) {
			return start
		}
		start = word
	}
	return start
}

// saysMore reports whether a word before a name, with a blank between them, belongs to the name. One that says that it is no
// secret seldom does.
func saysMore(word string) bool {
	word = lower(word)
	says, known := leaders[word]
	return known && (says != silent || strings.HasPrefix(word, "pub") || word == "primary")
}

// nameIsValue reports whether a quoted name is itself the value of something, and what follows a comma is another name.
func (s *search) nameIsValue(start, end, value int) bool {
	const quotes = "\"'`"
	if start == 0 || strings.IndexByte(quotes, s.text[start-1]) < 0 {
		return false
	}
	gap := s.text[end:value]
	if !strings.HasPrefix(strings.TrimLeft(gap, quotes+`\`), ",") {
		return false
	}
	if containsFold(gap, "value") || answerGap(gap) > 0 { // the name's value is another member
		return false
	}
	before := strings.TrimRight(s.text[max(0, start-64):start], quotes+"\\ \t")
	return strings.HasSuffix(before, ":") || strings.HasSuffix(before, "=")
}

// follows reports whether a value that only a blank separates from the name may belong to it: a long one after a name of
// several words; for a password also one full of signs, one in the second column of a table, or one that a command sets.
func (s *search) follows(says voice, start, end int, value [2]int) bool {
	name, text := s.text[start:end], s.text[value[0]:value[1]]
	if says >= secret && len(text) >= 16 && len(split(name)) >= 2 && !digest(text) {
		return true
	}
	if says != password || !s.endsLine(value[1]) {
		return false
	}
	if typed(text) {
		return true
	}
	if !s.startsLine(start) {
		return false
	}
	inColumn := value[0]-end >= 2
	return inColumn && random(text) || isConstant(name) && strong(text, bare)
}

// credentials returns the value after the name of an authentication scheme. Any other value it returns as it is.
func (s *search) credentials(value [2]int) [2]int {
	for i := value[0]; i < value[1]; i++ {
		if !isLetter(s.text[i]) && s.text[i] != '-' {
			return value
		}
	}
	if value[1]+1 < len(s.text) && s.text[value[1]] == ' ' {
		value, _ = s.value(value[1] + 1)
	}
	return value
}

// between matches what may stand between a name and its value: the end of a quoted name, a remark in brackets, a sign of
// assignment, the word value as in a list of names and values, and what YAML writes before a value; or a call that types into
// a field, the blank line in a form of several parts, or the number of the next answer of Redis.
var between = newForm(`^(?:\\*["'` + "`" + `]|\*\*|__)?(?:\]\\*["'` + "`" + `]?)?(?:` +
	`(?:[ \t][\[(][\w*. ]{0,24}[\])])?[ \t]{0,20}(?::=|:-|=>|==?=?|!=|->|→|–|—|- |\?=|\|\|=?|\?\?|:|=|,|\|)[ \t]*(?:\n[ \t]*)?` +
	`(?:(?:\\*["']?\w+\\*["']?[ \t]*:[ \t]*(?:\\*["'][\w ]*\\*["']|\w+),\s*){0,2}\\*["']?(?i:value)\\*["']?[ \t]*[:=][ \t]*)?` +
	`(?:[|>][-+]?\d?[ \t]*\n[ \t]*|!!?\w+[ \t]+|&\w+[ \t]+)?` +
	`|[ \t]*\n[ \t]*value:[ \t]*` +
	`|[ \t]+value=` +
	`|</\w+>\s*<(?:value|string)>` +
	`|\)\.(?:fill|type|send_?[kK]eys|press_?[sS]equentially|set_?[vV]alue|val)\(` +
	`|(?:\r?\n){2}|\r?\n\d\)[ \t]+|[ \t]+--value[= ]` +
	`|[ \t]*>(?:\s*<value>|<!\[CDATA\[)?)(?:\*\*[ \t]*)?`)

// gap returns the length of what stands between the end of a name and its value, or 0 if nothing there assigns. It is the
// length that between matches, found faster if only a quote, a sign and a blank stand there, as is nearly always the case.
func gap(rest string) int {
	i := afterQuote(rest)
	if i == len(rest) || rest[i] != ':' && rest[i] != '=' {
		return len(between().FindString(rest))
	}
	if i++; i < len(rest) && rest[i] == ' ' {
		i++
	}
	if i == len(rest) || strings.IndexByte(" \t\n=->|!&*", rest[i]) >= 0 || containsFold(rest[i:], "value") {
		return len(between().FindString(rest))
	}
	return i
}

// afterQuote returns the length of the quote with which a text begins, be it escaped, or 0 if there is none.
func afterQuote(text string) int {
	i := 0
	for i < len(text) && text[i] == '\\' {
		i++
	}
	if i < len(text) && (text[i] == '"' || text[i] == '\'') {
		return i + 1
	}
	return 0
}

// containsFold reports whether a text holds a word in lower case, in any case of ASCII letters.
func containsFold(text, word string) bool {
	for i := range text {
		if lowerByte(text[i]) == word[0] && hasFold(text[i:], word) {
			return true
		}
	}
	return false
}

// defaulted matches the way from the name of a variable's block to its default: variable "password" { default = "...
var defaulted = newForm(`^["']?[ \t]+\{[^{}]{0,100}?default[ \t]*=[ \t]*`)

// annotated matches a type, with the sign of assignment, that stands between a name and its value.
var annotated = newForm(`^(?:[A-Za-z_][\w.]*(?:\[[\w., ]*\])?(?:[ \t]*\|[ \t]*\w+)*|Optional\[\w+\])[ \t]*=[ \t]*`)

// wrapping is how far a value may stand after the sign of assignment.
const wrapping = 80

// beforeQuote returns the length of what stands before the quote of a value: a call that converts it, such as String::from(,
// the bracket of a list, a type of Rust, or default=.
func beforeQuote(rest string) int {
	if rest == "" || rest[0] == '"' || rest[0] == '\'' { // as mostly
		return 0
	}
	quote := strings.IndexAny(rest, "\"'`")
	if quote <= 0 || rest[0] != '[' && (!strings.ContainsAny(rest[:quote+1], "(='") || strings.IndexByte(rest[:quote], '\n') >= 0) {
		return 0
	}
	m := wrapper().FindStringSubmatchIndex(rest)
	if m == nil {
		return 0
	}
	return m[3]
}

var wrapper = newForm(`^((?:(?:&(?:'\w+ )?(?:str|\[u8(?:; ?\d+)?\])[ \t]*)?= ?` +
	`|(?:\[\]byte|(?:\w+(?:::|\.))*(?:from|new|\w*decode|fromhex|unhexlify|DecodeString)|Some|Secret\w*|str|bytes|bytearray|atob)\(` +
	`|\[\s{0,20}|(?:\w+=[\w.]+,[ \t]*){0,2}default=)+)b?\\*["'` + "`" + `]`)

// mayAnnotate reports whether a text may begin with a type and a sign of assignment, as annotated does.
func mayAnnotate(text string) bool {
	i := 0
	for i < len(text) && (isWord(text[i]) || text[i] == '.') {
		i++
	}
	named := i > 0
	for i < len(text) && (text[i] == ' ' || text[i] == '\t') {
		i++
	}
	return named && i < len(text) && strings.IndexByte("[|=", text[i]) >= 0
}

// assigned finds the value after a name that ends at a place.
func (s *search) assigned(end int) (value [2]int, where place, ok bool) {
	if end >= len(s.text) {
		return value, bare, false
	}
	rest := s.text[end:min(len(s.text), end+160)]
	if n := answerGap(rest); n > 0 {
		value, where = s.value(end + n)
		return value, where, true
	}
	if len(rest) > 1 && rest[0] == '(' && strings.IndexByte("b\"'`\\", rest[1]) >= 0 { // a call: setPassword("..."
		value, where = s.value(end + 1)
		return value, where, where == quoted
	}
	if n := s.assignmentGap(end, rest); n > 0 {
		value, where = s.value(end + n)
		endOfBase64 := where == bare && rest[0] == '=' && strings.IndexByte(s.text[end:value[0]], '\n') >= 0
		return value, where, !endOfBase64
	}
	if n := sentenceGap(rest); n > 0 {
		value, where = s.value(end + n)
		return value, where, true
	}
	return s.afterBlank(end, rest)
}

// afterBlank finds a value that only a blank separates from the name that ends at a place.
func (s *search) afterBlank(end int, rest string) (value [2]int, where place, ok bool) {
	blank := len(rest) - len(strings.TrimLeft(rest, " \t"))
	if blank == 0 {
		return value, bare, false
	}
	value, where = s.value(end + blank)
	if s.isFlag(end) {
		return value, where, true
	}
	return value, loose, where == bare
}

// assignmentGap returns the length of what stands between a name that ends at a place and its value, a type or a call before
// the value's quote too. It returns 0 if nothing there assigns.
func (s *search) assignmentGap(end int, rest string) int {
	if !mayAssign(rest) {
		return 0
	}
	n := gap(rest)
	if n == 0 && strings.HasPrefix(strings.TrimLeft(rest, "\"' \t"), "{") {
		n = len(defaulted().FindString(rest))
	}
	if n == 0 {
		return 0
	}
	if rest[0] == ':' && mayAnnotate(rest[n:]) {
		n += typeGap(rest[n:])
	}
	from := end + n
	return n + beforeQuote(s.text[from:min(len(s.text), from+wrapping)])
}

// typeGap returns the length of a type with the sign of assignment, if a value follows, or else 0.
func typeGap(rest string) int {
	n := len(annotated().FindString(rest))
	if n == len(rest) || rest[n] <= ' ' || rest[n] == '=' {
		return 0
	}
	return n
}

// answerGap returns the length of what stands between a name in the value of a member and, in a later member, what was typed
// or answered there: "element": "Password field", "text": "... It returns 0 if there is no such member.
func answerGap(rest string) int {
	quote := strings.IndexByte(rest[:min(len(rest), 48)], '"')
	if quote < 0 || !strings.HasPrefix(strings.TrimLeft(rest[quote+1:], " "), ",") {
		return 0
	}
	return len(asked().FindString(rest))
}

var asked = newForm(`^[\w '-]{0,40}[?:]?\\*"\s*,\s*(?:\\*"\w+\\*"\s*:\s*(?:\\*"[^"\\]{0,40}\\*"|\w+)\s*,\s*){0,2}\\*"(?:text|answer|value)\\*"\s*:\s*`)

// sentenceGap returns the length of what stands between a name and its value in a sentence: is, to, for the server is. It
// returns 0 if there is no such thing.
func sentenceGap(rest string) int {
	if len(rest) < 4 || strings.IndexByte("ifotlwasrch", rest[1]) < 0 {
		return 0
	}
	return len(sentence().FindString(rest))
}

var sentence = newForm(`^(?:'s| to| is generated for \S+:|(?: (?:for|of|on|to|at) [^\n.:=,;]{1,40}?)?(?: (?:is|ist|lautet|was)(?: now| still)? ?:?|(?: (?:is|was|has been))? (?:set|changed|reset) to:?|:)) +`)

// mayAssign reports whether what stands after a name may lead to a value, because it begins like a match of between or of
// defaulted. It is faster than these expressions.
func mayAssign(rest string) bool {
	i := 0
	for i < len(rest) && strings.IndexByte("\\\"'`*_]", rest[i]) >= 0 {
		i++
	}
	for i < len(rest) && (rest[i] == ' ' || rest[i] == '\t') {
		i++
	}
	switch {
	case i == len(rest):
		return false
	case strings.IndexByte("[({", rest[i]) >= 0: // a remark or a block; without a blank, a call or an index
		return i > 0 && (rest[i-1] == ' ' || rest[i-1] == '\t')
	}
	return strings.IndexByte(":=,|>?!-\n<\xe2", rest[i]) >= 0 || strings.HasPrefix(rest[i:], ").") || strings.HasPrefix(rest[i:], "\r\n\r") || strings.HasPrefix(rest[i:], "value=")
}

// isFlag reports whether the word that ends at a place takes a value after a blank: --password, or password in a line of
// .netrc; or the value is quoted, as in SQL.
func (s *search) isFlag(end int) bool {
	start := s.labelStart(end, 64)
	if strings.HasPrefix(s.text[start:end], "-") {
		return true
	}
	if next := strings.TrimLeft(s.text[end:min(len(s.text), end+8)], " \t"); next != "" && (next[0] == '\'' || next[0] == '"') {
		return true
	}
	before := s.text[max(0, start-160):start]
	if at := strings.LastIndexByte(before, '\n'); at >= 0 && !strings.Contains(before, "login ") {
		before = before[at:]
	}
	return strings.Contains(before, "machine ") || strings.Contains(before, "login ")
}
