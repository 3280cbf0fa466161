package journal

import (
	"regexp"
	"strings"
)

// A role is what a heading, a bold label, a table column or a comment in code says about what follows it. One word can
// play several roles: "why" gives a problem's cause, a command's purpose or an anti-pattern's reason.
type role uint32

const (
	problem role = 1 << iota
	impact
	cause
	solution
	insight
	bad
	good
	antipattern
	remedy // what to do instead
	command
	purpose
	example
	result
	unproven // what was tried, planned or only thought of: nothing to learn calls from

	chainParts = problem | impact | cause | solution | insight
)

// vocabulary lists the words for each role. Labels are compared after [normal], so case, punctuation, numbers, emoji,
// remarks in parentheses, articles and the qualifiers below need no entries of their own.
var vocabulary = map[role]string{
	problem: `problem, problems, symptom, symptoms, issue, issues, bug, bugs, defect, defects, incident, failure,
		failures, error, errors, what happened, what happens, what went wrong, what broke, what failed, went wrong, broke,
		observation, observations, observed, observed behavior, observed behaviour, actual behavior, actual behaviour, disaster, blocker,
		gotcha, gotchas, pitfall, pitfalls, trap, trouble, what i saw, what we saw, surprise, challenge, limitation,
		difficulty, pain point, complaint, bug report, mistake, situation, what i tried to do, friction`,
	impact: `impact, effect, effects, consequence, consequences, result, outcome, user impact, damage`,
	cause: `cause, causes, root cause, root causes, why, reason, reasons, diagnosis, explanation, analysis, because,
		root cause analysis, rca, contributing factors, contributing factor, underlying cause, culprit, trigger, why it happened, why it happens,
		why it failed, why it fails, why it broke, why wrong, why this happened, why this happens, what caused it, what went on, origin, source of bug,
		5 whys, five whys, technical cause, mechanism, what was wrong, what was really going on, why did it happen`,
	solution: `fix, fixes, solution, solutions, resolution, resolutions, remedy, remedies, workaround, workarounds,
		mitigation, mitigations, correction, remediation, patch, fixed by, resolved by, what fixed it, how we fixed it, how i fixed it, how it was fixed,
		answer, should have done, what to do instead, do instead, instead, what worked, what we did, what i did, what helped, correct approach, right approach,
		better approach, best practice, action taken, actions taken, corrective action, corrective actions, fix it, cure, treatment, how to fix,
		how to fix it, potential optimization, what finally worked, way out, recovery`,
	insight: `lesson, lessons, lesson learned, lessons learned, insight, takeaway, takeaways, implication, evidence,
		prevention, moral, rationale, why it works, why this works, learning, rule, rule of thumb, comparison, log evidence, discovery method, note to self`,
	bad: `bad, wrong, broken, incorrect, before, old, don't, dont, do not, never, avoid, original, buggy, mistake, fails,
		fails silently, failing, instead of, not, no, worse, naive, naïve, wrong way, bad way, what i wrote, previously, was, tried, not this, anti-pattern, antipattern,
		problematic, faulty`,
	good: `good, right, correct, corrected, fixed, after, new, do, do this, prefer, preferred, better, best, working, works,
		should be, recommended, instead, workaround, fix, right way, good way, improved, correct pattern, yes, use, now, actual, actual name, this, ok, proper, solution, write, replace with, change to, becomes`,
	antipattern: `anti-pattern, anti-patterns, antipattern, antipatterns, anti pattern, anti patterns, don'ts, donts, don't,
		dont, do not, never do, never, avoid, what not to do, what to avoid, things to avoid, things not to do, bad practices, bad habits, mistakes, common mistakes,
		mistakes to avoid, pitfalls to avoid, not to do, bad ideas, bad patterns, never again, don't do this, do not do this, stop doing`,
	remedy: `instead, do instead, do this instead, do, use instead, better, prefer, what to do instead, alternative, correct, right, fix, solution, good, use, remedy`,
	command: `command, commands, tool, tools, call, calls, function, mcp tool, mcp call, tool call, invocation, run,
		what to run, what to type, click command, mcp command, tool name, command to run, do, action, query, useful command`,
	purpose: `purpose, description, what it does, what it tells you, what it shows, what it reveals, what you learn, use, use for, used for, use case, when, when to use,
		use when, what, what for, why, why it helps, notes, note, goal, intent, intention, reveals, shows, meaning, does, for, task, reason, i want to, to, objective, aim, want, need, question, effect, what you get, when to use it, comment, explanation`,
	example: `example, examples, sample, sample call, usage, example call, example usage, syntax, how, invocation, call, try`,
	result:  `result, outcome, response, output, returned, returns, what came back, observed, status, success, worked, verdict, what happened, actual`,
	unproven: `attempt, attempts, attempts made, attempted solutions, what we tried, what i tried, what was tried, things tried, tried,
		what didn't work, what did not work, didn't work, what failed, failed attempts, dead ends, reproduction, reproduction steps, steps to reproduce, repro, repro steps, how to reproduce,
		hypothesis, hypotheses, possible solutions, possible solution, possible solutions to investigate, potential solutions, potential fixes, proposed solution, proposed solutions, proposed fix, ideas, mitigation ideas,
		open questions, todo, to do, next steps, future improvements, future work, interface gaps, gaps, testing todo, recommended next steps, improvements needed, files modified, files changed, timeline`,
}

// roles maps every normal form in the vocabulary to its roles.
var roles = func() map[string]role {
	index := map[string]role{}
	for r, list := range vocabulary {
		for entry := range strings.SplitSeq(list, ",") {
			index[normal(entry)] |= r
		}
	}
	return index
}()

// qualifiers may stand before or after a word of the vocabulary without changing its role.
var qualifiers = set(`a all an any applied approach behavior behaviour case cases code common confirmed core critical current
	deeper description detail details discovered documented each encountered example final first for found fun general
	guide here identified implementation implemented important in initial interesting it its key known likely line list log main major minor more most
	my needed needs new observed of on one other our overview part pattern patterns persistent probable quick quickest real reference
	second section serious short style summary statement symptom technical that the these this to true two update useful underlying value values
	version way ways what with worth debugging some helpful handy essential mcp remember bigger biggest actual again hypothesis permanent immediate avoid correct`)

func set(list string) map[string]bool {
	members := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		members[word] = true
	}
	return members
}

var (
	trailingNumber = regexp.MustCompile(`\s+#?\d+$`)
	noLetter       = regexp.MustCompile(`[^\pL\pN'\- ]+`)
)

// normal brings a label into the form in which labels are compared.
func normal(label string) string {
	label = strings.ToLower(unmarked(label))
	label = strings.NewReplacer("’", "'", "`", "", "&", " and ", "_", " ").Replace(label)
	label = unnumbered(trimSymbols(parentheses.ReplaceAllString(label, " ")))
	label = strings.TrimSpace(space.ReplaceAllString(noLetter.ReplaceAllString(label, " "), " "))
	return strings.Trim(trailingNumber.ReplaceAllString(label, ""), "- ")
}

// roleOf is the role of a label; none where the label is about something else.
func roleOf(label string) role {
	if r := signRole(label); r != 0 && words(label) == 0 {
		return r
	}
	phrase := normal(label)
	if words(phrase) > 7 {
		return 0
	}
	if r := roles[phrase]; r != 0 {
		return r
	}
	list := strings.Fields(phrase)
	for first := 0; first < len(list) && (first == 0 || qualifiers[list[first-1]]); first++ {
		for last := len(list); last > first && (last == len(list) || qualifiers[list[last]]); last-- {
			if r := roles[strings.Join(list[first:last], " ")]; r != 0 {
				return r
			}
		}
	}
	if whyClause.MatchString(phrase) {
		return cause
	}
	return either(phrase)
}

// whyClause matches labels such as "why it hurts".
var whyClause = regexp.MustCompile(`^why (?:it|this|that|they|we|i|bad|not|does|did|is|was) ?[a-z]* ?[a-z]*$`)

// either reads labels that name two things, such as "Symptom / Impact" and "Root cause and fix".
func either(phrase string) role {
	first, second, ok := strings.Cut(phrase, " and ")
	if !ok {
		first, second, ok = strings.Cut(phrase, " or ")
	}
	if !ok || roles[first] == 0 || roles[second] == 0 {
		return 0
	}
	return roles[first] | roles[second]
}

// signRole reads the signs that stand for good and bad.
func signRole(s string) role {
	s = strings.TrimSpace(strings.TrimLeft(s, "*_ "))
	for _, sign := range []string{"❌", "✗", "✘", "✖", "🚫", "⛔", "👎", "🛑", ":x:", "[-]"} {
		if strings.HasPrefix(s, sign) {
			return bad | antipattern
		}
	}
	for _, sign := range []string{"✅", "✓", "✔", "👍", "☑", "🟢", ":white_check_mark:", ":heavy_check_mark:", "[+]"} {
		if strings.HasPrefix(s, sign) {
			return good | remedy
		}
	}
	return 0
}

var titleSeparator = regexp.MustCompile(`\s*:\s+|\s*(?:→|=>|->)\s*|\s+[-–—]+\s+|\s*[–—]\s*`)

// titled splits "Issue 2: wrong overlay" into the role of its first part and the title.
func titled(heading string) (role, string) {
	heading = unnumbered(heading)
	if r := roleOf(heading); r != 0 {
		return r, ""
	}
	if at := outsideCode(titleSeparator, heading); at != nil {
		if r := roleOf(heading[:at[0]]); r != 0 {
			return r, strings.TrimSpace(heading[at[1]:])
		}
	}
	return signRole(heading), ""
}

// role is the role of the section's heading.
func (s *section) role() role {
	if s.parent == nil {
		return 0
	}
	r, _ := titled(s.heading)
	return r
}
