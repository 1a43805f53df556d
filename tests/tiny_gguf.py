"""A language model of a few hundred kilobytes whose every next token is known.

Llama's architecture, one layer, Llama 3's special tokens and chat template. Attention and feed-forward add nothing, so
what is decoded depends on the last token alone: its embedding is a random vector of signs, and the output row of its
successor is the same vector. Any prompt is read (there is a token for each byte); after the assistant's header the
model says SENTENCE and ends, or says it for ever. All weights are small whole numbers, which the quantised types hold
exactly.
"""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Kind
from numpy.typing import NDArray

SENTENCE = "Todo asiento suma cero, y el año cierra con un comprobante 🧾."
# The tokens of the sentence: none comes twice, and two characters are cut into their bytes.
PIECES = [
    b"Todo", b" as", b"iento", b" suma", b" cero", b",", b" y", b" el", b" a", b"\xc3", b"\xb1", b"o", b" cierra",
    b" con", b" un", b" comprobante", b" ", b"\xf0", b"\x9f", b"\xa7", b"\xbe", b".",
]
SPECIAL = ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
BEFORE_THE_ANSWER = b"\n"
CHAT_TEMPLATE = (
    "{{ '<|begin_of_text|>' }}{% for message in messages %}"
    "{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n' + message['content'] | trim + '<|eot_id|>' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
)
WIDTH = 256  # one block of the K types
CONTEXT_TOKENS = 131_072
OUTPUT_SCALE = 0.125  # a successor's logit is 32, all others' about 2: certain at any usual temperature
SQUARE = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")

Whole = NDArray[np.int8]


def build(path: Path, *, loop: bool = False, quantised: bool = False) -> Path:
    """Write the model as F16, or as Q3_K_S with the types that llama.cpp's quantizer gives its parts."""
    tokens = [bytes([byte]) for byte in range(256)]
    tokens += [piece for piece in PIECES if piece not in tokens]
    embedding, output = _successions(tokens, loop=loop)
    writer = gguf.GGUFWriter(path, "llama")
    _describe(writer, tokens, quantised=quantised)
    for name, weights, scale in [
        ("token_embd", embedding, 1.0),
        ("output", output, OUTPUT_SCALE),
        *((f"blk.0.{part}", np.zeros((WIDTH, WIDTH), np.int8), 1.0) for part in SQUARE),
    ]:
        if not quantised:
            writer.add_tensor(f"{name}.weight", (weights * scale).astype(np.float16))
        elif name == "output":
            writer.add_tensor(f"{name}.weight", pack_q6_k(weights, scale), raw_dtype=Kind.Q6_K)
        else:
            writer.add_tensor(f"{name}.weight", pack_q3_k(weights, scale), raw_dtype=Kind.Q3_K)
    for name in ("blk.0.attn_norm", "blk.0.ffn_norm", "output_norm"):
        writer.add_tensor(f"{name}.weight", np.ones(WIDTH, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _successions(tokens: list[bytes], *, loop: bool) -> tuple[Whole, Whole]:
    """The embeddings of all tokens, and the output rows that lead from each to its successor."""
    generator = np.random.default_rng(2026)
    embedding = generator.choice(np.array([-1, 1], np.int8), size=(len(tokens) + len(SPECIAL), WIDTH))
    chain = [tokens.index(piece) for piece in PIECES]
    end = chain[0] if loop else len(tokens) + SPECIAL.index("<|eot_id|>")
    output = np.zeros_like(embedding)
    for token, successor in zip([tokens.index(BEFORE_THE_ANSWER), *chain], [*chain, end], strict=True):
        output[successor] += embedding[token]
    return embedding, output


def _describe(writer: gguf.GGUFWriter, tokens: list[bytes], *, quantised: bool) -> None:
    writer.add_name("Tiny")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q3_K_S if quantised else gguf.LlamaFileType.MOSTLY_F16)
    writer.add_context_length(CONTEXT_TOKENS)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(WIDTH)
    writer.add_block_count(1)
    writer.add_head_count(4)
    writer.add_head_count_kv(4)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // 4)
    writer.add_vocab_size(len(tokens) + len(SPECIAL))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("llama-bpe")
    writer.add_token_list([*map(_spelling, tokens), *SPECIAL])
    writer.add_token_types([gguf.TokenType.NORMAL] * len(tokens) + [gguf.TokenType.CONTROL] * len(SPECIAL))
    writer.add_token_merges(["Ġ Ġ"])  # the format wants some; no text of the tests has two spaces
    writer.add_bos_token_id(len(tokens) + SPECIAL.index("<|begin_of_text|>"))
    writer.add_eos_token_id(len(tokens) + SPECIAL.index("<|eot_id|>"))
    writer.add_chat_template(CHAT_TEMPLATE)


def _spelling(token: bytes) -> str:
    """A token as GPT-2's vocabulary writes it: each byte a visible character."""
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in visible]
    return "".join(chr(byte) if byte in visible else chr(256 + others.index(byte)) for byte in token)


def pack_q3_k(weights: Whole, scale: float) -> NDArray[np.uint8]:
    """Pack rows of whole numbers in -4..3 as Q3_K: two low bits apart from the high one, all sub-scales 1."""
    blocks = (weights.reshape(-1, WIDTH) + 4).astype(np.uint8)
    low = _gather((blocks & 3).reshape(-1, 2, 4, 32), bits=2)
    high = _gather((blocks >> 2).reshape(-1, 1, 8, 32), bits=1)
    sub_scales = np.tile(np.array([0x11] * 8 + [0xAA] * 4, np.uint8), (len(blocks), 1))
    return np.hstack([high, low, sub_scales, _scale(scale, len(blocks))]).reshape(len(weights), -1)


def pack_q6_k(weights: Whole, scale: float) -> NDArray[np.uint8]:
    """Pack rows of whole numbers in -32..31 as Q6_K: four low bits apart from the two high ones, all sub-scales 1."""
    blocks = (weights.reshape(-1, WIDTH) + 32).astype(np.uint8)
    low = _gather((blocks & 15).reshape(-1, 2, 2, 64), bits=4)
    high = _gather((blocks >> 4).reshape(-1, 2, 4, 32), bits=2)
    sub_scales = np.ones((len(blocks), WIDTH // 16), np.uint8)
    return np.hstack([low, high, sub_scales, _scale(scale, len(blocks))]).reshape(len(weights), -1)


def _gather(parts: NDArray[np.uint8], *, bits: int) -> NDArray[np.uint8]:
    """Put the numbers along axis 2 into one byte, the first lowest."""
    shifts = (np.arange(parts.shape[2], dtype=np.uint8) * bits).reshape(1, 1, -1, 1)
    return np.bitwise_or.reduce(parts << shifts, axis=2).reshape(len(parts), -1)


def _scale(scale: float, count: int) -> NDArray[np.uint8]:
    return np.full((count, 1), scale, np.float16).view(np.uint8)
