package formats

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// configuration returns a training configuration of QLoRA, to be run in the output's folder.
func (a *axolotl) configuration(name string, written []sdk.WrittenFile) []byte {
	datasets := "datasets:\n" + a.datasets(ofSplit("", written))
	if eval := ofSplit(sdk.SplitEval, written); len(eval) > 0 {
		datasets += "test_datasets:\n" + a.datasets(eval) + "eval_strategy: epoch\n"
	}
	return fmt.Appendf(nil, `# QLoRA: axolotl train %[1]s, in this folder
base_model: %[2]s
load_in_4bit: true
adapter: qlora
lora_r: 16
lora_alpha: 32
lora_target_linear: true

%[3]s
%[4]s# longer rows are dropped; excess_length_strategy: truncate would cut their ends off
sequence_len: %[5]d
val_set_size: 0

output_dir: %[6]s
micro_batch_size: 2
gradient_accumulation_steps: 4
num_epochs: 3
optimizer: adamw_8bit
learning_rate: %[7]s
lr_scheduler: cosine
bf16: auto
gradient_checkpointing: true
logging_steps: 10
`, name, quoteYAML(a.model), strings.Join(a.training(), "\n"), datasets, cmp.Or(a.tokens, defaultTokens),
		quoteYAML("./output-"+strings.TrimSuffix(name, ".yaml")), a.rate())
}

// datasets lists files with how they are to be read. The loader calls all rows of a file train, whatever their split.
func (a *axolotl) datasets(files []sdk.WrittenFile) string {
	var list strings.Builder
	for _, file := range files {
		kind := "json" // Axolotl would guess it from any part of the path
		if isTable(file.Name) {
			kind = "parquet"
		}
		fmt.Fprintf(&list, "  - path: %s\n    ds_type: %s\n    split: train\n", quoteYAML("./"+file.Name), kind)
		for _, line := range a.dataset() {
			fmt.Fprintf(&list, "    %s\n", line)
		}
	}
	return list.String()
}

// rate returns the learning rate. It is lower for preferences and judgements, of which a little goes a long way.
func (a *axolotl) rate() string {
	if holds := a.Holds(); holds.Preferences || holds.Judgements {
		return "5.0e-6"
	}
	return "1.0e-4"
}
