package detect

// usual are the pairs of letters of which 96.5 % of the words in code and English prose are made, by first letter, counted
// over 50 MB of agent transcripts. Of random pairs they are less than half.
var usual = func() (table [26][26]bool) {
	for first, seconds := range [26]string{
		"abcdefgiklmnprstuvwy", "abeijlorsuy", "acehiklmoprstuy", "abdeilmorsuy", "abcdefghilmnpqrstvwxy", "aefilmorstuy",
		"aeghilnorsuy", "aeiorstu", "abcdefglmnoprstvxz", "esu", "aeginpst", "abdeiloprstuvwy", "abcdeilmopstu",
		"acdefgiklmnopstuvy", "abcdefgijklmnoprstuvwx", "adehilnoprstuy", "qu", "abcdefgiklmnorstuvwy", "acefhiklnoprstuwy",
		"acdefhilmoprstuwxy", "abcdegilmnprst", "aeio", "aehinors", "aeipt", "elnopstz", "e",
	} {
		for i := range len(seconds) {
			table[first][seconds[i]-'a'] = true
		}
	}
	return table
}()

// random reports whether a text looks as if its characters were drawn by lot: its letters follow each other as in no
// word, or letters and digits change places as in no name.
func random(text string) bool {
	strange, letters, marks, lot := 0, 0, 0, 0
	run, longestRun := 0, 0
	for i := range len(text) {
		c := text[i]
		switch {
		case isLetter(c) || isDigit(c):
			lot++
		case c > ' ' && c < 0x7f && c != '.' && c != '_' && c != '-' && c != '/' && c != ':' && c != '=':
			marks++
		}
		if isDigit(c) {
			run++
			longestRun = max(longestRun, run)
		} else {
			run = 0
		}
		if i == 0 {
			continue
		}
		before := text[i-1]
		switch {
		case isLetter(c) && isLetter(before):
			if isLower(before) && isUpper(c) {
				continue // a word of a name may begin here
			}
			letters++
			if !usual[before|32-'a'][c|32-'a'] {
				strange++
			}
		case isLetter(c) && isDigit(before) || isDigit(c) && isLetter(before):
			strange++
		}
	}
	if lot < 8 {
		return lot >= 5 && marks > 0 && strange >= 3
	}
	if digits(text) {
		return false
	}
	ratio := float64(strange+marks) / float64(lot+marks-1)
	switch {
	case lot < 12:
		return ratio >= 0.36 && strange >= 3
	case lot < 20:
		return ratio >= 0.3
	case hex.MatchString(text):
		return ratio >= 0.2
	}
	return ratio >= 0.25
}

func isLetter(c byte) bool { return 'a' <= c|32 && c|32 <= 'z' }
func isLower(c byte) bool  { return 'a' <= c && c <= 'z' }
func isUpper(c byte) bool  { return 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isWord(c byte) bool   { return isLetter(c) || isDigit(c) || c == '_' }
