package formats

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// Finish writes the list of data sets, in which every file is one under its own name, and a training configuration.
func (l *llamaFactory) Finish(_ context.Context, written []sdk.WrittenFile) ([]sdk.Companion, error) {
	var entries []string
	for _, file := range written {
		entries = append(entries, fmt.Sprintf("  %s: {\n    \"file_name\": %s,%s\n  }",
			appendQuoted(nil, datasetName(file.Name)), appendQuoted(nil, file.Name), l.entry()))
	}
	info := "{\n" + strings.Join(entries, ",\n") + "\n}\n"
	return []sdk.Companion{
		{Name: "dataset_info.json", Content: []byte(info), Shared: true},
		{Name: stem(written) + ".yaml", Content: []byte(l.training(stem(written), written))},
	}, nil
}

// datasetNames returns the names of files as a configuration lists them.
func datasetNames(files []sdk.WrittenFile) string {
	var names []string
	for _, file := range files {
		names = append(names, datasetName(file.Name))
	}
	return quoteYAML(strings.Join(names, ","))
}

// datasetName returns a file's name with characters that the trainer can list; it separates names by commas.
func datasetName(file string) string { return unlisted.ReplaceAllString(withoutExtensions(file), "_") }

var unlisted = regexp.MustCompile(`[^A-Za-z0-9_.-]`)

// entry returns what the list says about each file. A column that is not listed there is not read.
func (l *llamaFactory) entry() string {
	switch l.options.Shape {
	case "alpaca":
		return `
    "formatting": "alpaca",
    "columns": {"prompt": "instruction", "query": "input", "response": "output", "system": "system"}`
	case "dpo":
		return `
    "formatting": "sharegpt",
    "ranking": true,
    "columns": {"messages": "conversations", "chosen": "chosen", "rejected": "rejected", "system": "system", "tools": "tools"}`
	case "kto":
		return `
    "formatting": "sharegpt",
    "columns": {"messages": "conversations", "kto_tag": "kto_tag", "system": "system", "tools": "tools"}`
	}
	return `
    "formatting": "sharegpt",
    "columns": {"messages": "conversations", "system": "system", "tools": "tools"}`
}

// training returns a training configuration of QLoRA, to be run in the output's folder.
func (l *llamaFactory) training(name string, written []sdk.WrittenFile) string {
	datasets := "dataset: " + datasetNames(ofSplit("", written))
	if eval := ofSplit(sdk.SplitEval, written); len(eval) > 0 {
		datasets += "\neval_dataset: " + datasetNames(eval) + "\neval_strategy: epoch\nper_device_eval_batch_size: 1"
	}
	template, model := "qwen3_nothink", "Qwen/Qwen3-4B-Instruct-2507"
	if l.thought {
		template, model = "qwen3", "Qwen/Qwen3-4B"
	}
	return fmt.Sprintf(`# QLoRA: llamafactory-cli train %[1]s.yaml, in this folder
model_name_or_path: %[2]s
quantization_bit: 4
quantization_method: bnb

%[3]s
do_train: true
finetuning_type: lora
lora_rank: 16
lora_target: all

dataset_dir: .
%[4]s
template: %[5]s
cutoff_len: %[6]d

output_dir: %[7]s
logging_steps: 10
save_strategy: epoch
per_device_train_batch_size: 1
gradient_accumulation_steps: 8
num_train_epochs: 3.0
lr_scheduler_type: cosine
# bf16: true  # needs less memory, on a GPU that supports it
`, name, quoteYAML(cmp.Or(l.options.BaseModel, model)), l.stage(), datasets,
		cmp.Or(l.options.Template, template), cmp.Or(l.tokens, defaultTokens), quoteYAML("output-"+name))
}

// stage returns how the shape is trained. The prompt of a pair or a judgement keeps its thoughts, which led to the answer.
func (l *llamaFactory) stage() string {
	switch {
	case l.options.Shape == "dpo":
		return "stage: dpo\npref_loss: sigmoid\npref_beta: 0.1\npreserve_thinking: true\nlearning_rate: 5.0e-6"
	case l.options.Shape == "kto":
		return "stage: kto\npref_beta: 0.1\npreserve_thinking: true\nlearning_rate: 5.0e-6"
	case l.options.MaskHistory:
		return "stage: sft\nmask_history: true\nlearning_rate: 1.0e-4"
	}
	return "stage: sft\nlearning_rate: 1.0e-4"
}
