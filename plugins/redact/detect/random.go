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

// The weights are logarithms of how much likelier something is in a text drawn by lot than in a name or a word: of the 676
// pairs of letters, 319 are usual, and of those in words 96.5 % are.
const (
	strangePair = 2.7  // ln(0.53/0.035)
	usualPair   = -0.7 // ln(0.47/0.965)
	digitPair   = 2.0  // a letter beside a digit: in names there are one or two
	signPair    = 1.0  // a sign that names do not have, beside a letter or a digit
	shortPiece  = 1.5  // a capital letter after a single small one
	verdict     = 3.0
)

// random reports whether a text looks as if its characters were drawn by lot: its letters follow each other as in no
// word, or letters and digits change places as in no name.
func random(text string) bool {
	weight, lot, signs := 0.0, 0, 0
	small := 0 // small letters in a row
	for i := range len(text) {
		c := text[i]
		if isLetter(c) || isDigit(c) {
			lot++
		} else if isSign(c) {
			signs++
		}
		if i > 0 {
			weight += pair(text[i-1], c, small)
		}
		if isLower(c) {
			small++
		} else {
			small = 0
		}
	}
	return (lot >= 8 || lot >= 5 && signs > 0) && weight >= verdict && !digits(text)
}

// pair returns the weight of two characters that follow each other. The first one ends a row of small letters of this length.
func pair(a, b byte, small int) float64 {
	switch {
	case isLetter(a) && isLetter(b):
		if isLower(a) && isUpper(b) { // a word of a name may begin here
			if small == 1 {
				return shortPiece
			}
			return 0
		}
		if usual[a|32-'a'][b|32-'a'] {
			return usualPair
		}
		return strangePair
	case isLetter(a) && isDigit(b), isDigit(a) && isLetter(b):
		return digitPair
	case isSign(a) != isSign(b):
		return signPair
	}
	return 0
}

// isSign reports whether a byte is a sign that stands in no name, path or number.
func isSign(c byte) bool {
	return c > ' ' && c < 0x7f && !isWord(c) && c != '.' && c != '-' && c != '/' && c != ':' && c != '='
}

func isLetter(c byte) bool       { return 'a' <= c|32 && c|32 <= 'z' }
func isLower(c byte) bool        { return 'a' <= c && c <= 'z' }
func isUpper(c byte) bool        { return 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool        { return '0' <= c && c <= '9' }
func isAlphanumeric(c byte) bool { return isLetter(c) || isDigit(c) }
func isWord(c byte) bool         { return isLetter(c) || isDigit(c) || c == '_' }
