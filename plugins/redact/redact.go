// Package redact holds the filter that replaces secrets and personal data with placeholders, and what else needs the same
// rules: the check of written files and the scan of folders. Package detect says what is found, and why.
//
// A placeholder says what it stands for, <SECRET:aws-access-key:1>, and is the same wherever the same value stood, so that
// an example keeps its meaning: the key that one call prints is the key that the next one uses. The user's name in the path
// of a home folder becomes user; a number that stands where code has one becomes another number.
//
// Redacting a second time changes nothing. JSON stays JSON: arguments are decoded, and each string is put back where it
// stood, with every other byte as it was.
package redact

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/plugins/redact/detect"
	"github.com/ftprep/ftprep/sdk"
)

// Plugin offers the redact filter.
var Plugin = sdk.Plugin{
	Name:    "redact",
	Version: "0.1.0",
	Doc:     "Replaces secrets and personal data with placeholders.",
	Steps: []sdk.Step{
		sdk.NewFilter(StepType, "Replaces secrets and personal data with placeholders; runs first in every pipeline.", newFilter),
	},
}

// StepType is the type of the filter's blocks.
const StepType = "redact"

type options struct {
	Kinds    []string      `option:"kinds" doc:"The kinds of data to look for." default:"secret,email,phone,card,iban,national-id,ip,home,discord,author,name" one_of:"secret,email,phone,card,iban,national-id,ip,home,discord,author,name"`
	Except   []string      `option:"except" doc:"Kinds to leave as they are." one_of:"secret,email,phone,card,iban,national-id,ip,home,discord,author,name"`
	Scope    string        `option:"scope" doc:"Where equal values get the same placeholder: within an example, a session or the whole run. The last two need a key." default:"example" one_of:"example,session,run"`
	Key      string        `option:"key,secret" doc:"A secret of your own from which the placeholders of a session or run are derived, so that nobody can recover a value by guessing."`
	Rules    sdk.Path      `option:"rules" doc:"A gitleaks configuration (TOML) to use instead of the one built into gitleaks."`
	Allow    []string      `option:"allow" doc:"Regular expressions (RE2). A value is left as it is if one of them matches all of it."`
	Block    []string      `option:"block" doc:"Regular expressions (RE2). Whatever one of them matches is replaced."`
	Names    []string      `option:"names" doc:"Names of people, machines or companies to replace: whole words, in any case, even across line breaks."`
	Canaries []string      `option:"canaries" doc:"Texts that must not appear in any output. They are not replaced: if one is written, the run fails."`
	Extra    []ruleOptions `option:"rule" doc:"A rule of your own for one kind of secret."`
}

type ruleOptions struct {
	ID       string   `option:"id,required" doc:"The name of the rule in placeholders and reports."`
	Regex    string   `option:"regex,required" doc:"A regular expression (RE2). The secret is its first group that is not empty, or else the whole match."`
	Keywords []string `option:"keywords" doc:"Unless the expression begins with distinctive characters, only texts that contain one of these words, in any case, are searched. Without keywords all are, which is slower."`
	Entropy  float64  `option:"entropy" doc:"The entropy that the secret must exceed, in bits per byte." min:"0" max:"8"`
	Allow    []string `option:"allow" doc:"Regular expressions (RE2). A secret is left as it is if one of them matches any part of it."`
}

// newFilter opens the filter. Its rules take longer to make than most steps take to open, so they are made while the sources
// are listed and read.
func newFilter(_ sdk.Setup, o options) (sdk.Filter, error) {
	r, err := o.open()
	if err != nil {
		return nil, err
	}
	go r.finder()
	return r, nil
}

// open makes the filter. The error names all that is wrong with the options.
func (o options) open() (*Redactor, error) {
	var faults []error
	if o.Scope != scopeExample && o.Key == "" {
		faults = append(faults, &sdk.OptionError{Option: "scope", Reason: fmt.Sprintf("%q needs a key, such as key = env(\"FTPREP_REDACT_KEY\"); without one, short values could be recovered by guessing", o.Scope)})
	}
	faults = append(faults, blank("names", o.Names), blank("canaries", o.Canaries))
	found := detect.Options{Allow: o.Allow, Block: o.Block, Names: o.Names, Kinds: []detect.Kind{}}
	for _, kind := range o.Kinds {
		if !slices.Contains(o.Except, kind) {
			found.Kinds = append(found.Kinds, detect.Kind(kind))
		}
	}
	for _, rule := range o.Extra {
		described := detect.Rule{ID: rule.ID, Regex: rule.Regex, Keywords: rule.Keywords, Entropy: rule.Entropy}
		if len(rule.Allow) > 0 {
			described.Allowlists = []detect.Allowlist{{Regexes: rule.Allow}}
		}
		found.Extra = append(found.Extra, described)
	}
	if o.Rules != "" {
		text, err := os.ReadFile(string(o.Rules))
		if err != nil {
			faults = append(faults, &sdk.OptionError{Option: "rules", Reason: err.Error()})
		}
		found.Rules = text
	}
	for _, err := range detect.Check(found) {
		faults = append(faults, o.optionError(err))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return newRedactor(o, found), nil
}

// blank returns an error if a list that should hide something has only blank texts, such as the lines of an empty file.
func blank(option string, texts []string) error {
	if len(texts) == 0 || slices.ContainsFunc(texts, func(text string) bool { return strings.TrimSpace(text) != "" }) {
		return nil
	}
	reason := "the only text in the list is blank; the file it comes from may be empty"
	if len(texts) > 1 {
		reason = fmt.Sprintf("all %d texts in the list are blank; the file they come from may be empty", len(texts))
	}
	return &sdk.OptionError{Option: option, Reason: reason}
}

// optionError returns a fault as an error of the option that has it.
func (o options) optionError(err error) error {
	var expression *detect.ExpressionError
	if errors.As(err, &expression) && (expression.Option == "allow" || expression.Option == "block") {
		return &sdk.OptionError{Option: expression.Option, Reason: expression.Err.Error()}
	}
	var rule *detect.RuleError
	if errors.As(err, &rule) && rule.Extra {
		at := slices.IndexFunc(o.Extra, func(r ruleOptions) bool { return r.ID == rule.ID })
		return sdk.InBlock("rule", at, err)
	}
	return &sdk.OptionError{Option: "rules", Reason: err.Error()}
}

// Open opens the filter outside of a pipeline's run, with its options as JSON; an empty text stands for the defaults.
func Open(options string) (*Redactor, error) {
	opened, err := Plugin.Steps[0].Open(sdk.Setup{}, options)
	if err != nil {
		return nil, err
	}
	return opened.(*Redactor), nil
}

// Apply replaces what it finds in an example.
func (r *Redactor) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	found, err := r.example(e)
	if err != nil {
		return sdk.Verdict{}, err
	}
	if len(found) == 0 {
		return sdk.Keep(), nil
	}
	verdict := sdk.Replace(e)
	verdict.Reason, verdict.Found = "redacted", found
	return verdict, nil
}
