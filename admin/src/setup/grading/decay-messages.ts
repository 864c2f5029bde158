/** Words under the picture of a decay. */
export const decayMessages = {
  en: {
    pointsLeft: '%{points} of 100 points',
    curveDays: 'Days',
    curve: 'What becomes of 100 points.',
    curveIdle: 'What becomes of 100 points, by days since the lead last did something.',
    curveEnd: '.',
    curveHalf: 'Half are left after %{days} days',
    curveAtMostHalf: 'Half or fewer are left after %{days} days',
    curveNone: ', none after %{days}',
    curveNever: 'More than half stay',
    curveInvalid: 'Drawn again when the numbers are complete.',
  },
  zh: {
    pointsLeft: '100 分中剩 %{points} 分',
    curveDays: '天数',
    curve: '100 分的衰减过程。',
    curveIdle: '100 分的衰减过程（自线索最近一次行为起的天数）。',
    curveEnd: '。',
    curveHalf: '%{days} 天后剩一半',
    curveAtMostHalf: '%{days} 天后剩一半或更少',
    curveNone: '，%{days} 天后归零',
    curveNever: '始终剩一半以上',
    curveInvalid: '数字填写完整后重新绘制。',
  },
};
