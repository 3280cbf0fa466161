package claude

import (
	"html"
	"regexp"
	"strings"
)

var (
	// delivery matches the beginning of a frame in which a session receives what was written in a project or a chat. Before
	// the first frame stands what the session is for.
	delivery = regexp.MustCompile(`^(?s:<session-context[ >].*</session-context[ >][^>]*>?\s*)?<(?:wake|standing_owner_message)[ >]`)
	// delivered matches a message in such a frame: its attributes and, escaped, its words.
	delivered = regexp.MustCompile(`(?s)<(?:message|standing_owner_message)( [^>]*)>(.*?)</(?:message|standing_owner_message)>`)
)

// unwrapped returns what people wrote, without the frame in which it was delivered. Of several messages it returns those that
// ask the model for something, if the frame marks any. Any other text, and a frame in which no human speaks, stay unchanged.
func unwrapped(text string) string {
	if text == "" || text[0] != '<' || !delivery.MatchString(text) || quotes(text) {
		return text
	}
	var all, asking []string
	for _, m := range delivered.FindAllStringSubmatch(text, -1) {
		attributes, words := m[1], strings.TrimSpace(html.UnescapeString(m[2]))
		human := strings.Contains(attributes, ` from="human"`) || strings.Contains(attributes, ` sender="`) && !strings.Contains(attributes, ` from="`)
		if words == "" || !human {
			continue
		}
		all = append(all, words)
		if strings.Contains(attributes, ` trigger="true"`) {
			asking = append(asking, words)
		}
	}
	switch {
	case len(asking) > 0:
		return strings.Join(asking, "\n\n")
	case len(all) > 0:
		return strings.Join(all, "\n\n")
	}
	return text
}

// quotes reports whether somebody pasted a frame and writes about it: the program puts nothing but other tags after a frame.
func quotes(text string) bool {
	const end = "</wake>"
	at := strings.LastIndex(text, end)
	if at < 0 {
		return false
	}
	behind := strings.TrimSpace(text[at+len(end):])
	return behind != "" && behind[0] != '<'
}
