package sdk

import (
	"slices"
	"strings"
	"unicode"
)

// eachCall calls do for each call, in order. acted says whether an earlier call of the same turn acts.
func (e *Example) eachCall(do func(call *Call, acted bool)) {
	acted := false
	for i := range e.Messages {
		acted = acted && !e.asksAnew(i)
		for j := range e.Messages[i].Calls {
			call := &e.Messages[i].Calls[j]
			do(call, acted)
			acted = acted || call.Phase == PhaseAct
		}
	}
}

// derivePhases derives the phases of calls that have none.
func (e *Example) derivePhases() {
	e.eachCall(func(call *Call, acted bool) {
		switch {
		case call.Phase != "":
		case !Observes(call.Tool) && !looks(call):
			call.Phase = PhaseAct
		case acted:
			call.Phase = PhaseVerify
		default:
			call.Phase = PhaseObserve
		}
	})
}

// unverify turns verifications into observations if no call is left before them that acts.
func (e *Example) unverify() {
	e.eachCall(func(call *Call, acted bool) {
		if call.Phase == PhaseVerify && !acted {
			call.Phase = PhaseObserve
		}
	})
}

// asksAnew reports whether message i begins another turn of an example with several: it is a request that follows the
// model's last words, or that follows a masked result, as at the end of an earlier turn.
func (e *Example) asksAnew(i int) bool {
	if i == 0 || e.Messages[i].Role != RoleUser || e.Messages[i].Masked {
		return false
	}
	before := &e.Messages[i-1]
	return before.Role == RoleAssistant && len(before.Calls) == 0 || before.Role == RoleTool && before.Masked
}

// observingFirst holds the first words of the names of tools that only look.
var observingFirst = map[string]bool{
	"await": true, "check": true, "count": true, "describe": true, "diff": true, "fetch": true, "find": true, "get": true,
	"glob": true, "grep": true, "has": true, "inspect": true, "is": true, "list": true, "locate": true, "look": true,
	"ls": true, "peek": true, "ping": true, "query": true, "read": true, "scan": true, "screenshot": true,
	"search": true, "show": true, "status": true, "view": true, "wait": true, "watch": true,
}

// observingLast holds the last words of the names of tools that only look, unless the first word is in actingFirst, such as
// clear or start.
var observingLast = map[string]bool{"fetch": true, "output": true, "read": true, "search": true, "status": true}

var actingFirst = map[string]bool{
	"add": true, "clear": true, "create": true, "delete": true, "mark": true, "remove": true, "reset": true, "save": true,
	"send": true, "set": true, "start": true, "stop": true, "submit": true, "update": true, "write": true,
}

// Observes reports whether a tool only looks, judged by its name. Its first word must be one such as get, list, read or
// query; or its last must be one such as status or search, while its first is not one that acts, as in clear_output. If
// "and" joins two names, as in find_and_click, both have to look. Words are separated by underscores, dashes, dots and
// capitals.
func Observes(tool string) bool {
	words := nameWords(tool)
	if at := slices.Index(words, "and"); at > 0 && at < len(words)-1 {
		return observe(words[:at]) && observe(words[at+1:])
	}
	return observe(words)
}

func observe(words []string) bool {
	if len(words) == 0 {
		return false
	}
	return observingFirst[words[0]] || observingLast[words[len(words)-1]] && !actingFirst[words[0]]
}

// nameWords splits get_game_state, get-game-state, getGameState and GetGameState into lower-case words.
func nameWords(name string) []string {
	var b strings.Builder
	previous := ' '
	for _, r := range name {
		if unicode.IsUpper(r) && !unicode.IsUpper(previous) {
			b.WriteByte(' ')
		}
		if r == '_' || r == '-' || r == '.' {
			r = ' '
		}
		b.WriteRune(unicode.ToLower(r))
		previous = r
	}
	return strings.Fields(b.String())
}
