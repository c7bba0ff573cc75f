"""A model can be trained on what is exported: two steps of TRL's trainer on a tiny random model."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.exporting import lines, shelf, written

os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>{% generation %}{{ message.content }}<|end|>"
    "{% endgeneration %}{% endfor %}"
)


def _tokenizer(texts: list[str]) -> Any:
    """Give a tokenizer learned from these texts: nothing is fetched."""
    tokenizers = pytest.importorskip("tokenizers")
    transformers = pytest.importorskip("transformers")
    learned = tokenizers.Tokenizer(tokenizers.models.BPE(unk_token="<|end|>"))
    learned.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    learned.decoder = tokenizers.decoders.ByteLevel()
    special = ["<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]
    trainer = tokenizers.trainers.BpeTrainer(vocab_size=400, special_tokens=special)
    learned.train_from_iterator(texts, trainer)
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=learned, eos_token="<|end|>", pad_token="<|end|>"
    )
    tokenizer.chat_template = TEMPLATE
    return tokenizer


def test_trl_fine_tunes_a_tiny_model_on_an_export(tmp_path: Path) -> None:
    """`export --format sft` is fed to SFTTrainer as it is; after two steps there is a finite loss and other weights."""
    datasets, trl, torch = (pytest.importorskip(name) for name in ("datasets", "trl", "torch"))
    transformers = pytest.importorskip("transformers")
    file = written(shelf()[:2], "sft", tmp_path / "sft.jsonl")[0]
    rows = datasets.load_dataset(
        "json", data_files=str(file), split="train", cache_dir=str(tmp_path / "cache")
    )
    tokenizer = _tokenizer([message["content"] for row in lines(file) for message in row["messages"]])
    torch.manual_seed(1)
    model = transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            max_position_embeddings=256,
        )
    )
    before = model.model.embed_tokens.weight.detach().clone()
    wishes = trl.SFTConfig(
        output_dir=str(tmp_path / "out"),
        max_steps=2,
        per_device_train_batch_size=2,
        max_length=256,
        learning_rate=0.01,
        report_to=[],
        use_cpu=True,
        bf16=False,
        save_strategy="no",
        disable_tqdm=True,
    )
    trainer = trl.SFTTrainer(model=model, args=wishes, train_dataset=rows, processing_class=tokenizer)
    done = trainer.train()

    assert done.global_step == 2
    assert 0 < done.training_loss < 20
    assert not torch.equal(before, model.model.embed_tokens.weight)
