// Package filters holds the built-in filters: label, calls, tools, types, select, quality, split, dedup and
// decontaminate.
//
// Each is one file and a few lines, or a few files; they are made to be copied.
//
// # Quality
//
// The quality filter measures an example by signals between 0 and 1, each with its evidence. A signal that does not
// apply is absent. Conversations have:
//
//	executed     the share of actions that were made as calls, of those made and those only written into the text, as
//	             JSON or as code. 1 where a call was made and none only written; absent where there is neither.
//	succeeded    the mean outcome of the calls that act, or where none acts, of all calls that were answered: 1 for
//	             success, 0 for failure, one half for a failure made good by a later call of the same tool, and one half,
//	             which is neutral, where the result does not tell: it is empty or truncated, or says no more than that
//	             the command was sent. A later observation that names the command may settle it.
//	concise      1 for up to 150 words of the model's and 30 more for each call; beyond, that allowance divided by the
//	             words.
//	appropriate  the mean over the calls: 1 for a declared tool whose arguments fit its schema, one half where they do
//	             not fit, 0 for a tool that its server is declared without. Calls of other tools do not count, because a
//	             declaration is mostly that of one server, nor do calls that may mean tools of several servers; absent
//	             where all are such, or the pipeline declares no tools.
//	whole        the share of the turn's own calls that are there. Absent where a selection of tools left none out.
//
// Chains, corrections and anti-patterns have one signal, complete: the share of their parts that are there. The parts
// are problem, cause and fix; bad code, good code and a reason; pattern and reason.
//
// A signal of one of these names that the source has set, such as succeeded where the log knows the outcome, is taken
// as it is, and so is feedback, what a user thought of it. One without a score counts as not there.
//
// The score is the geometric mean of the signals, to three places: a signal of zero makes it zero, whatever the others.
// The reason of a drop names the lowest signal, and its evidence all that lowered the score.
package filters

import "github.com/ftprep/ftprep/sdk"

// Plugin offers the built-in filters.
var Plugin = sdk.Plugin{
	Name:    "filters",
	Version: "0.1.0",
	Doc:     "Labels, selects, scores and deduplicates examples.",
	Steps: []sdk.Step{
		sdk.NewFilter("label", "Sets task types and tags by rules.", newLabel),
		sdk.NewFilter("calls", "Drops examples without a call where their type needs one.", newCalls),
		sdk.NewFilter("tools", "Chooses calls by tool, as the source option of the same name does.", newTools),
		sdk.NewFilter("types", "Keeps the listed types.", newTypes),
		sdk.NewFilter("select", "Keeps or drops by ids, labels, tags, task types, models, calls and words.", newSelect),
		sdk.NewFilter("quality", "Scores examples and, with min_score, drops those below.", newQuality),
		sdk.NewFilter("split", "Sets conversations aside to evaluate and to test: outputs write them into files of their own.", newSplit),
		sdk.NewKeyer("dedup", "Keeps one of the examples that would look the same to a trainer, or nearly so.", newDedup),
		sdk.NewFilter("decontaminate", "Drops what holds a part of a test set, so that it is not trained on.", newDecontaminate),
	},
}
