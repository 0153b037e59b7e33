"""Figures of a learned card, all invented."""

from scoreline.pages.figures import Rate
from scoreline.pages.learned_figures import (
    BandLine,
    LearnedBinLine,
    LearnedFigures,
    LearnedTermLine,
    LeftOutLine,
    MovedLine,
    ReachedLine,
    TenthLine,
)


def example() -> LearnedFigures:
    age = LearnedTermLine(
        "age",
        (
            LearnedBinLine("below 30", -2, -2.9, -1.2, Rate(20, 400, 0.03, 0.08)),
            LearnedBinLine("30 or more", 3, 1.8, 4.1, Rate(180, 600, 0.26, 0.34)),
        ),
    )
    return LearnedFigures(
        target="stage = Won",
        file="leads.csv",
        card="learned.yaml",
        fingerprint="9f31c0de5a77",
        as_of="2026-11-22T00:00:00Z",
        base=Rate(200, 1000, 0.18, 0.22),
        open=37,
        split="time: learnt from records before 2026-03-01, tried on later ones",
        weak=True,
        auc=0.784,
        auc_low=0.741,
        auc_high=0.827,
        gini=0.568,
        ks=0.431,
        pr_auc=0.402,
        brier=0.1123,
        slope=0.97,
        best_tenth=0.31,
        best_fifth=0.52,
        doubling=4,
        gap=0.0021,
        terms=(age,),
        bands=(
            BandLine("below 3", Rate(20, 300, 0.04, 0.1)),
            BandLine("3 or more", Rate(60, 150, 0.32, 0.48)),
        ),
        left_out=(
            LeftOutLine("contract", "whether it is filled in tells the outcome", True),
            LeftOutLine("lead_id", "it names the record", False),
        ),
        tenths=(
            TenthLine(0.06, Rate(10, 225, 0.02, 0.08)),
            TenthLine(0.38, Rate(90, 225, 0.34, 0.47)),
        ),
        single=("age", 0.702),
        against=2,
        challenger=("LightGBM", 0.79),
        reached=ReachedLine(50, 450, 31.4, 2.8),
        psi=0.12,
        moved=(MovedLine("age", 0.31),),
        window=(55, 120),
    )
