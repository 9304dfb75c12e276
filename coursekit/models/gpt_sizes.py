"""How large the published GPTs are, by one formula. Only arithmetic: no network is built.

Sources: Radford et al. 2018 (GPT-1) and 2019 (GPT-2, whose paper printed 117M, 345M, 762M and
1542M parameters); Brown et al. 2020, arXiv:2005.14165, table 2.1 (GPT-3).
"""

GPT2_VOCABULARY = 50_257  # 256 bytes, 50,000 merges, one end of text


def parameters(vocabulary, context, width, depth, heads=None, final_norm=True):
    """How many numbers a GPT of these sizes learns: Vd + Cd + L(12d² + 13d) + 2d.

    Embeddings of V tokens and C positions; in each of L blocks 4d² + 4d for attention, 8d² + 5d
    for the small network, 4d for its two normalisations; 2d for the last one. The head is the
    token embedding, used again; the number of heads changes nothing.

    >>> parameters(50257, 1024, 768, 12)
    124439808
    """
    block = 12 * width**2 + 13 * width
    return (vocabulary + context) * width + depth * block + 2 * width * final_norm


def row(vocabulary, context, width, depth, heads, **more):
    return dict(vocabulary=vocabulary, context=context, width=width, depth=depth, heads=heads,
                **more)  # fmt: skip


# GPT-1 normalises after each part, so that it needs no normalisation at the end.
GPT1 = {"GPT-1": row(40_478, 512, 768, 12, 12, final_norm=False)}
GPT2 = {
    "GPT-2 small": row(GPT2_VOCABULARY, 1024, 768, 12, 12),
    "GPT-2 medium": row(GPT2_VOCABULARY, 1024, 1024, 24, 16),
    "GPT-2 large": row(GPT2_VOCABULARY, 1024, 1280, 36, 20),
    "GPT-2 XL": row(GPT2_VOCABULARY, 1024, 1600, 48, 25),
}
# As they must have been: two rows are printed with sizes that do not fit together, see PRINTED.
GPT3 = {
    f"GPT-3 {name}": row(GPT2_VOCABULARY, 2048, width, depth, heads)
    for name, width, depth, heads in [
        ("125M", 768, 12, 12), ("350M", 1024, 24, 16), ("760M", 1536, 24, 16),
        ("1.3B", 2048, 24, 16), ("2.7B", 2560, 32, 32), ("6.7B", 4096, 32, 32),
        ("13B", 5120, 40, 40), ("175B", 12288, 96, 96)]
}  # fmt: skip
# What table 2.1 says instead: {row: {what: (printed, why it cannot be)}}.
PRINTED = {
    "GPT-3 1.3B": {"heads": (24, "24 heads of 128 would make a width of 3072, not 2048")},
    "GPT-3 13B": {"width": (5140, "40 heads of 128 make 5120, which also gives the 12,850 million "
                                  "parameters of the paper's appendix D")},
}  # fmt: skip


def sizes(name):
    """The sizes of a published model, as `GPT(**sizes(name))` takes them.

    Raises ValueError for GPT-1, which is built in another way, and for unknown names.

    >>> sizes("GPT-2 XL")["width"]
    1600
    """
    known = GPT2 | GPT3
    if name in GPT1:
        raise ValueError("GPT-1 normalises after each part, GPT before it: its parameters can be "
                         "counted, parameters(**GPT1['GPT-1']), but not built here")  # fmt: skip
    if name not in known:
        raise ValueError(f"no size is called {name!r}; the known ones: {', '.join(known)}")
    return dict(known[name])
