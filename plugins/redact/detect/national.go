package detect

import "strings"

// nationals are the kinds of numbers by which a state identifies a person that can be recognized: a word names the number,
// and valid reports whether it may be one.
var nationals = []struct {
	begins []string
	form   form
	valid  func(digits string) bool
}{
	{[]string{"ssn:", "ssn=", "ssn ", `ssn"`, "ssn'", `ssn\`, "ssn|", "ssn,", "ssn_", "ssn#", "ssn\n", "ssn\r", "social security", "social_security", "socialsecurity"},
		newForm(`(?i)^(?:ssn|social[ _]?security)` + naming + `(\d{3}[- ]?\d\d[- ]?\d{4})\b`), issuedSSN},
	{[]string{"steuer-id", "steuerid", "steuer_id", "steueridentifikationsnummer", "steuerliche identifikationsnummer", "idnr"},
		newForm(`(?i)^(?:steuer[-_]?id(?:nr|entifikationsnummer)?|steuerliche identifikationsnummer|idnr)` + naming + `(\d\d ?\d{3} ?\d{3} ?\d{3})\b`), issuedIdNr},
}

// naming matches what stands between the word and the number.
const naming = `(?:[ _-]?(?:number|num|no|nr|nummer)\b)?\.?["'*)\\]*[ \t]{0,4}(?:is|ist|lautet|[:=|,#])?[ \t]*["'*\\]*`

// national looks for a number that a word names.
func (s *search) national(at int, form form, valid func(string) bool) int {
	m := form().FindStringSubmatchIndex(s.text[at:min(len(s.text), at+120)])
	if at > 0 && isAlphanumeric(s.text[at-1]) {
		return at
	}
	if m == nil {
		s.nationals(at, form, valid)
		return at
	}
	start, end := at+m[2], at+m[3]
	if number := strings.NewReplacer("-", "", " ", "").Replace(s.text[start:end]); valid(number) {
		s.add(Finding{Start: start, End: end, Kind: National, Number: digits(s.text[start:end]) && s.bareNumber(start, end)})
	}
	return at
}

// nationals looks for such numbers in the column of a table below the word.
func (s *search) nationals(at int, form form, valid func(string) bool) {
	end := at
	for end < len(s.text) && isWord(s.text[end]) {
		end++
	}
	s.column(at, end, func(from, to int) {
		if m := form().FindStringSubmatch(s.text[at:end] + ":" + s.text[from:to]); m != nil && valid(strings.NewReplacer("-", "", " ", "").Replace(m[1])) {
			s.add(Finding{Start: from, End: to, Kind: National})
		}
	})
}

// issuedSSN reports whether the authority of the United States may have issued a number. Numbers of advertisements and
// plainly invented ones do not count.
func issuedSSN(n string) bool {
	return n[:3] != "000" && n[:3] != "666" && n[0] != '9' && n[3:5] != "00" && n[5:] != "0000" &&
		n != "078051120" && n != "219099999" && n != "123456789" && n != "123121234" && !few(n)
}

// issuedIdNr reports whether the last digit of a German Steuer-ID is right.
func issuedIdNr(n string) bool {
	check := 10
	for i := range 10 {
		sum := (int(n[i]-'0') + check) % 10
		if sum == 0 {
			sum = 10
		}
		check = sum * 2 % 11
	}
	return n[0] != '0' && int(n[10]-'0') == (11-check)%10
}
