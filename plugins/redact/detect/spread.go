package detect

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
)

// Encoded returns a function that finds a value in URL encoding, and in words of base64, wherever in one it begins. It
// decodes only words in which an encoded form of the value stands.
func Encoded(value string) func(text string) []Finding {
	escaped, forms := formsInURL(value), formsInBase64(value)
	return func(text string) (found []Finding) {
		for _, form := range escaped {
			found = append(found, everywhere(text, form, Secret)...)
		}
		for _, form := range forms {
			for _, f := range everywhere(text, form, Secret) {
				f.Start, f.End = wordOfBase64(text, value, f.Start, f.End)
				found = append(found, f)
			}
		}
		return settle(found)
	}
}

func formsInURL(value string) (forms []string) {
	for _, form := range []string{url.QueryEscape(value), url.PathEscape(value)} {
		if form != value && !slices.Contains(forms, form) {
			forms = append(forms, form)
		}
	}
	return forms
}

// formsInBase64 returns what stands for a value in base64. In each alphabet it has three forms, by its place in a group of
// three bytes.
func formsInBase64(value string) (forms []string) {
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			form := encoding.EncodeToString([]byte("\x00\x00\x00"[:before] + value))
			form = form[(before*8+5)/6 : (before+len(value))*8/6] // less the letters that hold bits of what stands beside it
			if !slices.Contains(forms, form) {
				forms = append(forms, form)
			}
		}
	}
	return forms
}

// wordOfBase64 returns the whole word around a place if it holds the value when decoded, else the place itself: a path
// consists of such letters, too.
func wordOfBase64(text, value string, start, end int) (int, int) {
	from, to := start, end
	for from > 0 && isEncoded[text[from-1]] {
		from--
	}
	for to < len(text) && isEncoded[text[to]] {
		to++
	}
	if !strings.Contains(string(decode64(text[from:to])), value) {
		return start, end
	}
	for to < len(text) && text[to] == '=' {
		to++
	}
	return from, to
}
