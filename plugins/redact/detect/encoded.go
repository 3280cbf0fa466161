package detect

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// leastEncoded is how long a run of base64 must be to be looked into.
const leastEncoded = 20

// encoded looks into base64 and URL encoding, but not into what is encoded in there.
func (s *search) encoded() {
	s.inBase64()
	s.inURLs()
}

// inBase64 looks into all runs of base64. From where a run could end it goes back to where it began, so that it sees few of
// the bytes in other text.
func (s *search) inBase64() {
	for at := leastEncoded - 1; at < len(s.text); {
		before := at // the last byte that belongs to no run
		for before >= 0 && isEncoded[s.text[before]] {
			before--
		}
		if at-before < leastEncoded {
			at = before + leastEncoded // the end of the next run that may be long enough
			continue
		}
		end := at + 1
		for end < len(s.text) && isEncoded[s.text[end]] {
			end++
		}
		at = s.base64(before+1, end) + leastEncoded
	}
}

// inURLs looks into all runs of URL encoding.
func (s *search) inURLs() {
	for at := 0; at < len(s.text); {
		next := strings.IndexByte(s.text[at:], '%')
		if next < 0 {
			return
		}
		at += next
		if at+2 < len(s.text) && isHex(s.text[at+1]) && isHex(s.text[at+2]) {
			at = s.percent(at)
		} else {
			at++
		}
	}
}

var isEncoded = func() (table [256]bool) {
	for c := range table {
		table[c] = isWord(byte(c)) || c == '+' || c == '/' || c == '-'
	}
	return table
}()

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|32 && c|32 <= 'f' }

// base64 looks into a run, with the lines that go on with it, and returns where it ends.
func (s *search) base64(start, end int) int {
	if end < len(s.text) && s.text[end] == '.' {
		s.discordToken(start, end)
	}
	run := s.text[start:end]
	if !textual(run[:16]) {
		return end
	}
	if width := end - start; width == 76 || width == 64 {
		end = s.continuedEnd(end)
		run = strings.NewReplacer("\r", "", "\n", "", `\n`, "").Replace(s.text[start:end])
	}
	decoded := decode64(run)
	if decoded == nil || !utf8.Valid(decoded) || !printable(decoded) {
		return end
	}
	for end < len(s.text) && s.text[end] == '=' {
		end++
	}
	for _, f := range s.d.find(string(decoded), false) {
		f.Start, f.End, f.Number = start, end, false
		s.add(f)
	}
	return end
}

// continuedEnd returns where the last of the lines ends that go on with a run.
func (s *search) continuedEnd(end int) int {
	for {
		line := continued().FindString(s.text[end:min(len(s.text), end+90)])
		if line == "" {
			return end
		}
		end += len(line)
	}
}

// sextets are the values of the letters of base64, both alphabets; 0xff: none.
var sextets = func() (table [256]byte) {
	for i := range table {
		table[i] = 0xff
	}
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		table[c] = byte(i)
	}
	table['-'], table['_'] = 62, 63
	return table
}()

// textual reports whether the beginning of a run decodes to ASCII text, which it rarely does by chance.
func textual(run string) bool {
	for i := 0; i+4 <= len(run); i += 4 {
		v := uint32(sextets[run[i]])<<18 | uint32(sextets[run[i+1]])<<12 | uint32(sextets[run[i+2]])<<6 | uint32(sextets[run[i+3]])
		for shift := 16; shift >= 0; shift -= 8 {
			if c := byte(v >> shift); c < ' ' && c != '\n' && c != '\t' && c != '\r' || c >= 0x7f {
				return false
			}
		}
	}
	return true
}

var continued = newForm(`^(?:\r?\n|\\n)[A-Za-z0-9+/]{4,76}`)

func decode64(run string) []byte {
	encoding := base64.RawStdEncoding
	if strings.ContainsAny(run, "-_") {
		encoding = base64.RawURLEncoding
	}
	if len(run)%4 == 1 {
		run = run[:len(run)-1]
	}
	decoded, err := encoding.DecodeString(run)
	if err != nil {
		return nil
	}
	return decoded
}

// printable reports whether bytes are text: they hold no control characters and, if there are more than 12, are
// valid UTF-8.
func printable(text []byte) bool {
	for _, c := range text {
		if c < ' ' && c != '\n' && c != '\t' && c != '\r' || c == 0x7f {
			return false
		}
	}
	return len(text) <= 12 || utf8.Valid(text)
}

// botToken is the form of a token of a Discord bot: the bot's id, a time and a signature.
var botToken = newForm(`^[MNO][A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,45}`)

// discordToken looks for a token of a Discord bot, at a run with a dot after it.
func (s *search) discordToken(start, end int) {
	if end-start < 23 || end-start > 28 || !s.d.kinds[Secret] || strings.IndexByte("MNO", s.text[start]) < 0 {
		return
	}
	token := botToken().FindString(s.text[start:min(len(s.text), end+64)])
	if token != "" && random(token) {
		s.add(Finding{Start: start, End: start + len(token), Kind: Secret, Rule: "discord-bot-token"})
	}
}

// percent looks into a run of URL encoding around a %, and returns where it ends.
func (s *search) percent(at int) int {
	start, end := at, at
	for start > 0 && at-start < 4096 && inURL(s.text[start-1]) {
		start--
	}
	for end < len(s.text) && end-at < 64<<10 && inURL(s.text[end]) {
		end++
	}
	var decoded []byte
	var from []int // where each decoded byte begins
	for i := start; i < end; i++ {
		from = append(from, i)
		if s.text[i] == '%' && i+2 < end && isHex(s.text[i+1]) && isHex(s.text[i+2]) {
			decoded = append(decoded, unhex(s.text[i+1])<<4|unhex(s.text[i+2]))
			i += 2
			continue
		}
		decoded = append(decoded, s.text[i])
	}
	from = append(from, end)
	for _, f := range s.d.find(string(decoded), false) {
		f.Start, f.End = from[f.Start], from[f.End]
		s.add(f)
	}
	return end
}

func inURL(c byte) bool {
	return isWord(c) || strings.IndexByte("%.~+-=&:/?#@!$*;,", c) >= 0
}

func unhex(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c | 32 - 'a' + 10
}
