package journal

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
	advice   // what to do from now on
	unproven // what was tried, planned or only thought of: nothing to learn calls from

	chainParts = problem | impact | cause | solution | insight
)

// vocabulary lists the words for each role. Labels are compared after [normal], so case, punctuation, numbers, emoji and
// remarks in parentheses need no entries of their own, and neither do articles and other [qualifiers].
var vocabulary = map[role]string{
	problem: `problem, problems, symptom, symptoms, issue, issues, bug, bugs, defect, defects, incident, failure,
		failures, error, errors, what happened, what happens, what went wrong, what goes wrong, what broke, what failed, went wrong,
		broke, observation, observations, observed, observed behavior, observed behaviour, actual behavior, actual
		behaviour, disaster, blocker, gotcha, gotchas, pitfall, pitfalls, trap, trouble, surprise, challenge,
		limitation, if you see, when you see, you see, error message, q, difficulty, pain point, complaint, bug
		report, mistake, situation, what i tried to do, friction`,
	impact: `impact, effect, effects, consequence, consequences, result, outcome, user impact, damage`,
	cause: `cause, causes, root cause, root causes, why, reason, reasons, diagnosis, explanation, analysis, because,
		root cause analysis, rca, contributing factors, contributing factor, underlying cause, culprit, trigger, why
		wrong, what caused it, what went on, source of bug, investigation, findings, finding, what i found,
		what we found, it means, what it means, means, 5 whys, five whys, technical cause, mechanism`,
	solution: `fix, fixes, solution, solutions, resolution, resolutions, remedy, remedies, workaround, workarounds,
		mitigation, mitigations, correction, remediation, patch, fixed by, resolved by, a, answer, so, do this, try
		this, should have done, what to do instead, do instead, instead, correct approach, right approach, better
		approach, best practice, action taken, actions taken, corrective action, corrective actions, fix it, cure,
		treatment, how to fix, how to fix it, potential optimization, way out, recovery`,
	insight: `lesson, lessons, things to remember, remember, lesson learned, lessons learned, insight, takeaway, takeaways, implication, evidence,
		prevention, prevention rule, moral, rationale, why it works, why this works, learning, rule, rule of thumb, comparison, log
		evidence, discovery method, note to self`,
	advice: `rule, rule of thumb, prevention, prevention rule, how to prevent`,
	bad: `bad, wrong, broken, incorrect, before, old, don't, dont, do not, never, avoid, original, buggy, mistake,
		fails, fails silently, failing, instead of, not, no, worse, naive, naïve, wrong way, bad way, what i wrote,
		previously, was, tried, not this, anti-pattern, antipattern, problematic, faulty`,
	good: `good, right, correct, corrected, fixed, after, new, do, always, do this, prefer, preferred, better, best,
		working, works, should be, recommended, instead, workaround, fix, right way, good way, improved, correct
		pattern, yes, use, now, actual, actual name, this, ok, proper, solution, write, replace with, change to,
		becomes`,
	antipattern: `anti-pattern, anti-patterns, antipattern, antipatterns, anti pattern, anti patterns, don'ts, donts, don't,
		dont, do not, never do, never, avoid, what not to do, what to avoid, things to avoid, things not to do, bad
		practices, bad habits, mistakes, common mistakes, mistakes to avoid, pitfalls to avoid, not to do, bad
		ideas, bad patterns, never again, don't do this, do not do this, stop doing`,
	remedy: `instead, always, do instead, do this instead, do, use instead, better, prefer, what to do instead,
		alternative, correct, right, fix, solution, good, use, remedy`,
	command: `command, commands, tool, tools, call, calls, function, mcp tool, mcp call, tool call, invocation, run, what
		to run, what to type, click command, mcp command, tool name, command to run, do, action, query, useful
		command`,
	purpose: `purpose, benefit, benefits, advantage, description, what it does, what it tells you, what it shows, what it reveals, what you learn, use,
		use for, used for, use case, when, when to use, use when, what, what for, why, why it helps, notes, note,
		goal, intent, intention, reveals, shows, meaning, does, for, task, reason, i want to, to, objective, aim,
		want, need, question, effect, what you get, when to use it, comment, explanation`,
	example: `example, examples, sample, sample call, usage, example call, example usage, syntax, how, invocation, call,
		try`,
	result: `result, outcome, response, output, returned, returns, what came back, observed, status, success, worked,
		verdict, what happened, actual`,
	unproven: `attempt, attempts, attempts made, attempted solutions, what we tried, what i tried, what was tried, things
		tried, tried, what didn't work, what did not work, didn't work, what failed, failed attempts, dead ends,
		reproduction, reproduction steps, steps to reproduce, repro, repro steps, how to reproduce, hypothesis,
		hypotheses, possible solutions, possible solution, possible solutions to investigate, potential solutions,
		potential fixes, proposed solution, proposed solutions, proposed fix, ideas, mitigation ideas, open
		questions, todo, to do, next steps, future improvements, future work, interface gaps, gaps, testing todo,
		recommended next steps, improvements needed, files modified, files changed, timeline, things i checked,
		things we checked, what i checked, what we checked, ruled out`,
}

// clauses are labels that are half a sentence, such as "why it hurts" and "how we got rid of it".
var clauses = []struct {
	role role
	form form
}{
	{cause, whyClause},
	{cause, newForm(`^what it (?:really |actually )?was$`)},
	{cause, newForm(`^what (?:was|is|were) (?:really |actually )?(?:wrong|going on|happening|behind (?:it|this)|the matter)$`)},
	{solution, newForm(`^how to (?:avoid|prevent|stop|solve|handle|work around|get around) (?:it|this|that|them)$`)},
	{solution, newForm(`^how to (?:avoid|prevent)$`)},
	{solution, newForm(`^how (?:i|we|it was|it got) (?:\w+ )?(?:fixed|solved|resolved|repaired|cured|worked|got|handled|dealt)\b`)},
	{solution, newForm(`^what (?:i|we|finally|actually)? ?(?:did|do|do now|changed|helped|helps|worked|works|fixed it|solved it|` +
		`got it going)(?: about it| now| instead| in the end)?$`)},
	{problem, newForm(`^what (?:actually|really|then|first) (?:happened|happens|went wrong|broke)$`)},
	{problem, newForm(`^what (?:i|we|they|users|you|customers) (?:saw|see|noticed|observed|got|get)(?: first)?$`)},
}
