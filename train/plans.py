"""What a training run decided when it began, in a file, so that a resumed run decides alike."""

import json

from train.results import write_json


def planned(folder, plan, choose):
    """The run's plan: what a stopped run of these settings wrote down, or a new one.

    choose: function → dict of what is measured once (the number format, say) and added to it.
    Raises SystemExit when the folder holds a run with other settings.
    """
    file = folder / "plan.json"
    if file.exists():
        kept = json.loads(file.read_text("utf-8"))
        differ = {key: (kept.get(key), plan[key]) for key in plan if kept.get(key) != plan[key]}
        if differ:
            raise SystemExit(f"{folder} holds a run with other settings (there, here): {differ}. "
                             f"Delete the folder to start afresh.")  # fmt: skip
        return kept
    plan = plan | choose()
    write_json(file, plan)
    return plan
