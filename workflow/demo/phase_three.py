"""四 第三阶段: the fifty enter the library; one that proves false loses its place, and nobody moves up."""

from workflow.demo.phrases import phrase
from workflow.demo.stage import Stage


def play_phase_three(stage: Stage) -> None:
    stage.advance(stage.moment(10, 10, 9), "archive")
    moment = stage.moment(11, 12, 9)
    if archived := stage.standing(moment, "archived"):
        stage.advance(moment, "disqualify", archived[len(archived) // 2 :][:1], phrase("reasons", "disqualify"))
